"""The bytes of sound or an image are of another format than the golden's (T42)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.wire.media import format_of
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the first bytes, whatever the label says; what no signature tells (PCM) is only told from what has one."""
    golden = {_format(sample) for sample in comparison.golden if sample.ok}
    if not golden or len(golden) > 1 or None in golden:
        return
    usual = golden.pop() or ""
    for pair in comparison.pairs:
        found = _format(pair.candidate) if pair.candidate.ok else usual
        if found != usual and (found or usual):
            yield pair.drift(
                path="body",
                message=_message(found, usual),
                golden=usual or "no known format",
                candidate=f"{found or _shown(pair.candidate)}, labelled {pair.candidate.media_type or 'nothing'}",
                # one of them has no signature: raw samples, or a format that the gate does not know
                severity=Severity.RISKY if found == "" or not usual else None,
            )


def _format(observation: Observation) -> str | None:
    """The format of a body that is no text, "" where no signature tells; None for what is text or a stream."""
    if observation.form == "text":
        known = format_of(observation.head)
        return known or ("" if observation.framing.bad_utf8 else None)
    return None


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
