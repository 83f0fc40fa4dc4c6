"""error.type: another type for the same failure, or none (ER01, ER23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Rule, Severity
from gate.observe.answer import is_text, word
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import compared, is_null, is_word, listed
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """A type that is missing, whatever the status; another one only where the status is the same."""
    for pair, kind, values, same_values in compared(comparison, "type"):
        usual, same = list(filter(is_text, values)), list(filter(is_text, same_values))
        if usual and is_null(kind):
            yield pair.drift(
                path="error.type",
                message="the error has no type",
                golden=listed(usual),
                candidate=show(kind),
                # Azure's errors come without a type (mutation error-type-missing): handlers have a default branch for
                # that
                severity=Severity.RISKY,
            )
        elif same_values and not any(map(is_word, same_values)) and is_word(kind):
            yield pair.drift(
                path="error.type",
                message="error.type is a word where the golden has none",
                golden=listed(same_values),
                candidate=show(kind, 80),
                severity=Severity.INFO,
            )
        # only for the same status: each status has types of its own
        elif usual and (not isinstance(kind, str) or (same and kind not in same)):
            yield pair.drift(
                path="error.type",
                message=_message(kind),
                golden=listed(same or usual),
                candidate=show(kind, 80),
            )


def _message(kind: Json) -> str:
    form = word(kind)
    return "error.type differs from the golden's for the same status" if form == "a string" else f"error.type is {form}"


RULE = Rule(
    id="error-type-changed",
    area="errors",
    # a wrong branch is taken at once (docs/accuracy.md holds us to breaking); ER23's frame in a stream is
    # stream-error's
    severity=Severity.BREAKING,
    summary="error.type differs from the golden's for the same failure",
    who_breaks="retry and fallback code that branches on error.type takes the wrong branch",
    hint="map the provider's error types to the API's in the gateway",
    check=check,
    where=has_failures,
)
