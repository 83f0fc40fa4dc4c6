"""Retry-After: absent, unreadable, or so long that it means a quota instead of a pause (ER15, ER16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import failures, golden_failures
from gate.rules.errors._headers import form, keeps_headers, seconds
from gate.rules.families import Told, of
from gate.wire.shape import show

# Seconds. Throttling passes within minutes: 20 of 21 recorded waits are 44 s at most, one is a day's quota (73,187 s),
# and openai-python 3.54 waits for 2 at most (MAX_RETRY_AFTER_DELAY). ER16's 1,382,400 (16 days) is a quota as well.
_LONG = 3600.0
# the second is in milliseconds; openai-python reads both
_NAMES = ("retry-after", "retry-after-ms")


def _judged(comparison: Comparison) -> Iterator[Told]:
    """Where the golden's failures say how long to wait."""
    golden = golden_failures(comparison)
    usual = [value for value in map(_wait, golden) if value]
    if not usual or any(_fault(comparison, failure, usual) for failure in golden):
        return
    for pair in failures(comparison):
        if fault := _fault(comparison, pair.candidate, usual):
            rule, message = fault
            yield (
                rule,
                pair.drift(
                    path="headers.retry-after",
                    message=message,
                    golden=show(usual[0], 60),
                    candidate=show(_wait(pair.candidate) or MISSING, 60),
                ),
            )


def _wait(observation: Observation) -> str:
    """How long to wait, as the headers say it; empty where they do not."""
    return next((observation.headers[name] for name in _NAMES if observation.headers.get(name)), "")


def _fault(comparison: Comparison, observation: Observation, usual: list[str]) -> tuple[str, str] | None:
    """The rule and its message."""
    wait = _wait(observation).strip()
    if not wait:
        # https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 and rfc6585#section-4: other failures need no
        # Retry-After
        absent = observation.status in (429, 503) and keeps_headers(comparison.golden, observation)
        return ("retry-after-absent", f"status {observation.status} without Retry-After") if absent else None
    # a number of seconds or a date, by RFC 9110, 10.2.3; a duration such as 6m0s is a limiter's word and tolerated
    if form("retry-after", wait) in ("sentinel", "other"):
        return "retry-after-unreadable", "Retry-After is neither seconds nor a date"
    long = seconds(observation.headers.get("retry-after", "")) or 0
    if long > _LONG and all((seconds(value) or 0) <= _LONG for value in usual):
        return (
            "retry-after-hours",
            f"Retry-After asks for {long / 3600:.0f} hours: a quota is used up, and no retry helps",
        )
    return None


def retry_after_absent(comparison: Comparison) -> Iterator[Drift]:
    """A 429 or 503 says no longer how long to wait (ER15)."""
    return of(comparison, _judged, "retry-after-absent")


def retry_after_unreadable(comparison: Comparison) -> Iterator[Drift]:
    """Neither seconds nor a date (ER15)."""
    return of(comparison, _judged, "retry-after-unreadable")


def retry_after_hours(comparison: Comparison) -> Iterator[Drift]:
    """A wait of hours, where the golden's is a pause (ER16)."""
    return of(comparison, _judged, "retry-after-hours")


RULES = (
    Rule(
        id="retry-after-absent",
        area="errors",
        severity=Severity.RISKY,
        summary="Retry-After is absent",
        who_breaks="clients guess how long to wait, and retry too early or too often",
        hint="let the gateway pass Retry-After on",
        check=retry_after_absent,
        where=has_failures,
    ),
    Rule(
        id="retry-after-unreadable",
        area="errors",
        severity=Severity.RISKY,
        summary="Retry-After is neither seconds nor a date",
        who_breaks="clients that parse it raise, or ignore it and retry at once",
        hint="let the gateway pass the upstream's Retry-After on",
        check=retry_after_unreadable,
        where=has_failures,
    ),
    Rule(
        id="retry-after-hours",
        area="errors",
        severity=Severity.RISKY,
        summary="Retry-After asks for hours",
        who_breaks="SDKs that wait for it hang the application",
        hint="answer with insufficient_quota when a quota is used up",
        check=retry_after_hours,
        where=has_failures,
    ),
)
