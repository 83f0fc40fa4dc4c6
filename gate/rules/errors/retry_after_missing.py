"""Retry-After: gone, unreadable, or so long that it means a quota instead of a pause (ER15, ER16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Samples, Severity
from gate.rules.errors._failures import failed, failures
from gate.rules.errors._headers import form, keeps_headers, seconds
from gate.wire.shape import show

_LONG = 3600.0  # seconds; SDKs that sleep that long hang their application
_NAMES = ("retry-after", "retry-after-ms")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden's failures say how long to wait."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = [said for g in golden if failed(g) and (said := _said(g))]
    for sample, found in failures(golden, candidate) if usual else ():
        message = _fault(golden, found, usual)
        if message and not any(_fault(golden, g, usual) for g in golden if failed(g)):
            mine = show(_said(found) or MISSING, 60)
            yield Drift(
                path="headers.retry-after", message=message, golden=show(usual[0], 60), candidate=mine, sample=sample
            )


def _said(found: Observation) -> str:
    return next((found.headers[name] for name in _NAMES if found.headers.get(name)), "")


def _fault(golden: Samples, found: Observation, usual: list[str]) -> str:
    said = _said(found).strip()
    if not said:
        busy = found.status in (429, 503)
        return f"status {found.status} without Retry-After" if busy and keeps_headers(golden, found) else ""
    if form("retry-after", said) in ("sentinel", "other"):
        return "Retry-After is neither seconds nor a date"
    long = seconds(found.headers.get("retry-after", "")) or 0
    if long > _LONG and all((seconds(u) or 0) <= _LONG for u in usual):
        return f"Retry-After asks for {long / 3600:.0f} hours: a quota is spent, no pause helps"
    return ""


RULE = Rule(
    id="retry-after-missing",
    area="errors",
    severity=Severity.RISKY,
    summary="Retry-After does not say how long to wait",
    who_breaks="clients back off blindly or hammer; SDKs that obey a wait of days hang the application",
    hint="let the gateway pass Retry-After on, and answer a spent quota with insufficient_quota",
    check=check,
)
