"""Retry-After in another form: a date or a duration in place of seconds (ER30)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import shown
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import failures, golden_failures
from gate.rules.errors._headers import form
from gate.wire.shape import show

_NAME = "retry-after"
# A date is right by https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3; a duration is not
_JUDGED = {"date": Severity.INFO, "duration": Severity.RISKY}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden's failures say seconds; what is neither of the three is retry-after-unreadable's."""
    golden = golden_failures(comparison)
    usual = shown(
        golden, lambda sample: [form(_NAME, value)] if (value := sample.headers.get(_NAME, "").strip()) else []
    )
    for pair in failures(comparison) if usual == {"number"} else ():
        value = pair.candidate.headers.get(_NAME, "").strip()
        found = form(_NAME, value)
        if found in _JUDGED:
            yield pair.drift(
                path="headers.retry-after",
                message=f"Retry-After is a {found}, where the golden has seconds",
                golden="seconds",
                candidate=show(value, 60),
                severity=_JUDGED[found],
            )


RULE = Rule(
    id="retry-after-form",
    area="errors",
    # ER30: parsers of numbers read 2 out of 2m59s, or give up and retry at once
    severity=Severity.RISKY,
    summary="Retry-After is written in another form",
    who_breaks="clients that parse a number: they wait two seconds for three minutes, or do not wait at all",
    hint="send a whole number of seconds, as every client reads it",
    check=check,
    where=has_failures,
)
