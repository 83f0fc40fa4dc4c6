"""sdk-warns: the SDK prints a warning for a call that was fine before."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts


def check(comparison: Comparison) -> Iterator[Drift]:
    """Warnings that are new."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    for warning in call.candidate.warnings:
        if warning not in call.golden.warnings:
            yield Told("warnings", warning, "no warning", warning)


RULE = Rule(
    id="sdk-warns",
    area="sdk",
    severity=Severity.INFO,
    summary="the SDK warns about a call that was fine before",
    who_breaks="test suites that turn warnings into errors; later everybody, when what is deprecated goes",
    hint="follow the warning before the next upgrade",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
