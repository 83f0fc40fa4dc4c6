"""What should be sound or an image in base64 is none (S60)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import MISSING, Comparison, Drift, Event, Json, Kinds, Observation, Pair, Rule, Severity
from gate.observe.answer import grammar
from gate.observe.media import packed
from gate.wire.media import is_base64, packed_format
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """At the places where every golden sample has base64 of a known format."""
    for pair in comparison.pairs:
        golden = [_held(sample) for sample in comparison.golden if sample.form == pair.candidate.form and sample.ok]
        usual = {path for held in golden[:1] for path in held if all(_right(held, path) for held in golden)}
        if usual and pair.candidate.ok:
            for path, (value, event) in _held(pair.candidate).items():
                if path in usual and (fault := _fault(value)):
                    yield _drift(pair, path, fault, value, event)
            yield from _absent(pair, usual)


def _drift(pair: Pair, path: str, fault: str, value: Json, event: Event | None) -> Drift:
    return pair.drift(
        path=path.replace("[]", "[0]"),
        message=f"{path} {fault}",
        golden="base64",
        candidate=show(value, 60),
        at=event,
    )


def _absent(pair: Pair, usual: set[str]) -> Iterator[Drift]:
    """The first event of the golden's type without the data; of a plain body field-missing says so."""
    bringing = {path: _bringing(pair, path) for path in usual.intersection(grammar(pair.candidate).media_events)}
    for event in pair.candidate.events:
        for path, kinds in bringing.items():
            if event.kinds in kinds and member(event.doc, path) is MISSING:
                yield _drift(pair, path, "is missing", MISSING, event)
                return


def _bringing(pair: Pair, path: str) -> set[Kinds]:
    """What those events of the golden do that always have a key."""
    events = [event for golden in pair.golden for event in golden.events]
    bare = {event.kinds for event in events if member(event.doc, path) is MISSING}
    return {event.kinds for event in events} - bare


def _held(observation: Observation) -> dict[str, tuple[Json, Event | None]]:
    """Path without indexes → the first value there that is wrong, or the first of all."""
    found: dict[str, tuple[Json, Event | None]] = {}
    for path, value, event in packed(observation):
        # the first that is wrong stays, whatever comes later
        better = path not in found or (_fault(value) and not _fault(found[path][0]))
        if value is not MISSING and value is not None and better:
            found[path] = (value, event)
    return found


def _right(held: dict[str, tuple[Json, Event | None]], path: str) -> bool:
    return path in held and isinstance(held[path][0], str) and bool(packed_format(held[path][0]))


def _fault(value: Json) -> str:
    """Why a value is no base64, in words; "" where it is."""
    if not isinstance(value, str):
        return "is no text"
    if value.startswith("data:"):
        return "is a data URL, whose prefix is no base64"
    # what `url` would hold: https://platform.openai.com/docs/api-reference/images/object
    if value.startswith(("http://", "https://")):
        return "is an address, not base64"
    return "" if is_base64(value) else "is empty" if not value else "is no base64"


RULE = Rule(
    id="base64-broken",
    area="schema",
    # S60: decoders raise, or write a broken file
    severity=Severity.BREAKING,
    summary="an image or sound in base64 can't be decoded",
    who_breaks="clients that decode it raise, or store a file that no viewer opens",
    hint="send bare base64: without a data URL's prefix, and not an address in its place",
    check=check,
)
