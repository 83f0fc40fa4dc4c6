"""Bytes that are not UTF-8, and a byte order mark. What is lost in a text that is valid, rules of `schema` tell."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import grammar, shown

_DRIFTS = {
    "bytes": ("the body has bytes that are not valid UTF-8", Severity.BREAKING),
    "bom": ("the body starts with a byte order mark", Severity.RISKY),
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Damage that no golden has: a multi-byte character that was cut apart or decoded piece by piece."""
    known = shown(comparison.golden, lambda golden: [name for name, _ in _damage(golden)])
    for pair in comparison.pairs:
        for name, evidence in _damage(pair.candidate):
            if name not in known:
                message, severity = _DRIFTS[name]
                yield pair.drift(
                    path="body",
                    message=message,
                    golden="valid UTF-8",
                    candidate=evidence,
                    severity=severity,
                    byte=pair.candidate.framing.bad_utf8[0] if name == "bytes" else None,
                )


def _damage(observation: Observation) -> Iterator[tuple[str, str]]:
    """(kind of damage, evidence) of each kind in a body."""
    if not _is_text(observation):
        return
    # subtitles may begin with one: https://www.w3.org/TR/webvtt1/#file-structure
    if observation.framing.bom and observation.form != "text":
        yield "bom", "EF BB BF before the first character"
    if observation.framing.bad_utf8:
        yield "bytes", f"byte {observation.framing.bad_utf8[0]} is no UTF-8"


def _is_text(observation: Observation) -> bool:
    """Whether clients read the body as UTF-8; audio and images are no text."""
    # a transcript as text is UTF-8 unless its label says otherwise
    plain = observation.form == "text" and "text" in grammar(observation).texts and observation.ok
    charset = observation.headers.get("content-type", "").lower().partition("charset=")[2].strip("\"' ")
    return observation.form in ("json", "stream") or (plain and charset in ("", "utf-8", "utf8"))


RULE = Rule(
    id="utf8-damaged",
    area="transport",
    # strict decoders raise on the bytes; most readers skip a byte order mark
    severity=Severity.BREAKING,
    summary="the body is not valid UTF-8, or starts with a byte order mark",
    who_breaks="strict decoders raise, lenient ones lose characters; a byte order mark hides the first event",
    hint="decode and encode whole characters: a proxy or server cuts multi-byte characters at its chunk borders",
    check=check,
)
