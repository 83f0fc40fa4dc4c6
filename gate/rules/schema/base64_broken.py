"""What should be sound or an image in base64 is none (S60)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Event, Json, Observation, Pair, Rule, Severity
from gate.observe.answer import grammar
from gate.wire.media import is_base64, packed_format
from gate.wire.paths import places
from gate.wire.shape import indexless, show


def check(comparison: Comparison) -> Iterator[Drift]:
    """At the places where every golden sample has base64 of a known format."""
    for pair in comparison.pairs:
        golden = [_held(sample) for sample in comparison.golden if sample.form == pair.candidate.form and sample.ok]
        usual = {path for held in golden[:1] for path in held if all(_right(held, path) for held in golden)}
        for path, (value, event) in _held(pair.candidate).items() if pair.candidate.ok else ():
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
    """A stream's event of the golden's type without the data; of a plain body field-missing says so."""
    held = _held(pair.candidate)
    for event in pair.candidate.events:
        kinds = [kind for kind, _ in event.kinds]
        for path in usual - {"data[].b64_json"} if isinstance(event.doc, dict) else ():
            lacks = any(value is MISSING for _, value in places(event.doc, path))
            if lacks and path not in held.get("", ()) and _brings(pair, path, kinds):
                yield _drift(pair, path, "is missing", MISSING, event)
                return


def _brings(pair: Pair, path: str, kinds: list[str]) -> bool:
    """Whether every event of these kinds has the path in the golden."""
    alike = [e for golden in pair.golden for e in golden.events if kinds and kinds == [kind for kind, _ in e.kinds]]
    return bool(alike) and all(any(v is not MISSING for _, v in places(e.doc, path)) for e in alike)


def _held(observation: Observation) -> dict[str, tuple[Json, Event | None]]:
    """Path without indexes → the first value there that is wrong, or the first of all."""
    found: dict[str, tuple[Json, Event | None]] = {}
    for event, document in _documents(observation):
        for path in grammar(observation).media:
            for where, value in places(document, path):
                plain = indexless(where)
                if value is not MISSING and value is not None and (plain not in found or _fault(value)):
                    found.setdefault(plain, (value, event))
    return found


def _documents(observation: Observation) -> Iterator[tuple[Event | None, Json]]:
    if observation.form == "stream":
        yield from ((event, event.doc) for event in observation.events if isinstance(event.doc, dict))
    else:
        yield None, observation.body


def _right(held: dict[str, tuple[Json, Event | None]], path: str) -> bool:
    return path in held and isinstance(held[path][0], str) and bool(packed_format(held[path][0]))


def _fault(value: Json) -> str:
    """Why a value is no base64, in words; "" where it is."""
    if not isinstance(value, str):
        return "is no text"
    if value.startswith("data:"):
        return "is a data URL, whose prefix is no base64"
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
