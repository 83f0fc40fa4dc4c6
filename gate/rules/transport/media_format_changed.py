"""The bytes of sound or an image are of another format than the golden's (T42)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Event, Kinds, Observation, Rule, Severity
from gate.observe.answer import grammar
from gate.observe.media import packed
from gate.observe.request import asked
from gate.wire.media import format_of, holds_text, is_base64, packed_format
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the first bytes, whatever the label says; what no signature tells (PCM) is only told from what has one."""
    yield from _bodies(comparison)
    yield from _labels(comparison)
    for pair in comparison.answers:
        came = _packed(pair.candidate)
        usual = [_packed(golden) for golden in pair.golden] if came else []
        for place, (found, value, event) in came.items():
            formats = {golden[place][0] for golden in usual if place in golden}
            # what is no base64 at all is base64-broken's
            if len(formats) == 1 and all(formats) and found not in formats and is_base64(value):
                yield pair.drift(
                    path=place[0].replace("[]", "[0]"),
                    message=f"{place[0]} is {found or 'of no known format'}, not {next(iter(formats))}",
                    golden=next(iter(formats)),
                    candidate=found or show(value, 60),
                    severity=None if found or holds_text(value) else Severity.RISKY,
                    at=event,
                )


def _labels(comparison: Comparison) -> Iterator[Drift]:
    """What `output_format` says beside an image, against its bytes."""
    for pair in comparison.answers:
        wrong = _mislabelled(pair.candidate)
        if wrong and not any(map(_mislabelled, pair.golden)):
            label, found = wrong
            yield pair.drift(
                path="output_format",
                message=f"output_format says {show(label, 40)}, and the image is {found}",
                golden="the format of the image",
                candidate=show(label, 40),
                severity=Severity.RISKY,
            )


def _mislabelled(observation: Observation) -> tuple[str, str] | None:
    whole = member(observation.answer.final, "output_format") if observation.answer else None
    for place, (found, _, event) in _packed(observation).items():
        label = member(event.doc, "output_format") if event else whole
        if place[0].endswith("b64_json") and isinstance(label, str) and label and found not in ("", label):
            return label, found
    return None


def _bodies(comparison: Comparison) -> Iterator[Drift]:
    golden = {_format(sample) for sample in comparison.golden if sample.ok}
    if not golden or len(golden) > 1 or None in golden:
        return
    usual = golden.pop() or ""
    for pair in comparison.pairs:
        found = _format(pair.candidate) if pair.candidate.ok else usual
        if pair.candidate.ok and _rewritten(pair.candidate) and not any(map(_rewritten, comparison.golden)):
            yield pair.drift(
                path="body",
                message="bytes of the body were read as text: U+FFFD stands in their place",
                golden=usual or "no known format",
                candidate=show(pair.candidate.text[:40], 60),
            )
        elif found != usual and (found or usual or found is None):
            yield pair.drift(
                path="body",
                message=_message(found, usual),
                golden=usual or "no known format",
                candidate=f"{found or _shown(pair.candidate)}, labelled {pair.candidate.media_type or 'nothing'}",
                severity=_weight(pair.candidate, found, usual),
            )


def _weight(observation: Observation, found: str | None, usual: str) -> Severity | None:
    # who asks for raw samples plays all bytes as such: a header is a click, anything compressed is noise
    if not usual and asked(observation, "response_format") == "pcm":
        return Severity.RISKY if found == "wav" else None
    # one of them has no signature: raw samples, or a format that the gate does not know
    return Severity.RISKY if found == "" or (found and not usual) else None


_Place = tuple[str, Kinds]
"""A path, and what the event does that has it."""


def _packed(observation: Observation) -> dict[_Place, tuple[str, str, Event | None]]:
    """The format of the first value at each place: later parts of one sound have no signature."""
    first: dict[_Place, tuple[str, str, Event | None]] = {}
    for path, value, event in packed(observation):
        text = value if isinstance(value, str) else ""
        first.setdefault((path, event.kinds if event else ()), (packed_format(text), text, event))
    return first


def _format(observation: Observation) -> str | None:
    """The format of a body that is no text, "" where no signature tells; None for what is text or a stream."""
    # a transcript is text in whatever encoding
    if observation.form == "text" and "text" not in grammar(observation).texts:
        known = format_of(observation.head)
        # quiet samples may be valid UTF-8; no text has a NUL
        return known or ("" if observation.framing.bad_utf8 or "\0" in observation.text else None)
    return None


def _rewritten(observation: Observation) -> bool:
    """Whether bytes went through a decoder of text, which replaces what it can't read."""
    return observation.form == "text" and not observation.framing.bad_utf8 and "\ufffd" in observation.text


def _message(found: str | None, usual: str) -> str:
    if found is None:
        return f"text or JSON comes in place of {usual or 'sound'}"
    return f"the body is {found or 'of no known format'}, not {usual or 'raw sound'}"


def _shown(observation: Observation) -> str:
    return show(observation.text[:40], 60) if observation.form != "text" or observation.text.isascii() else "bytes"


RULE = Rule(
    id="media-format-changed",
    area="transport",
    # T42: players choose the decoder by the label, the file's name or what was asked for
    severity=Severity.BREAKING,
    summary="sound or an image comes in another format",
    who_breaks="players and browsers refuse the file, or play noise; files are stored under a wrong name",
    hint="let the route honour response_format, or convert in the gateway",
    check=check,
)
