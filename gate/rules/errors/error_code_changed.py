"""error.code: a number, another code for the same failure, or none (ER01, ER14, ER25)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Pair, Rule, Severity
from gate.observe.answer import word
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import compared, is_null, is_word, listed
from gate.wire.shape import show

# agents shorten the context, ask for another prompt or stop retrying by these codes alone
# Codes of https://platform.openai.com/docs/guides/error-codes and of ER14 and ER18. Other codes are risky: no report
# in the catalogue has a client that branches on one.
_KEYED = frozenset({"context_length_exceeded", "content_filter", "insufficient_quota"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """A code that is not text, one that the golden does not have for this status, and none where it always has one."""
    for pair, code, usual, same in compared(comparison, "code"):
        # for null the status does not matter: no failure has a code then
        before = usual if is_null(code) else same
        if not _is_slug(code):
            if usual and all(map(_is_slug, usual)):
                yield _drift(pair, f"error.code is {word(code)}", usual, code, Severity.BREAKING)
        elif before and code not in before and not any(map(is_null, before)):
            message, severity = _judged(code, before)
            if severity:
                yield _drift(pair, message, before, code, severity)


def _is_slug(code: Json) -> bool:
    """Null and text are both legal (ER01's benign twin)."""
    return is_null(code) or isinstance(code, str)


def _judged(code: Json, usual: list[Json]) -> tuple[str, Severity | None]:
    """Message and weight of a code that no golden failure has; no weight where neither side says anything."""
    if all(isinstance(value, str) and not is_word(value) for value in usual):
        return "error.code is a word where the golden has none", Severity.INFO if is_word(code) else None
    lost = "the error has no code" if is_null(code) else f"error.code is {word(code)}"
    message = "error.code differs from the golden's" if is_word(code) else lost
    if _KEYED.intersection(map(str, usual)):
        return message, Severity.BREAKING
    # null is legal, and handlers have a branch for it (ER01's twin)
    return message, Severity.INFO if is_null(code) else Severity.RISKY


def _drift(pair: Pair, message: str, usual: list[Json], code: Json, severity: Severity) -> Drift:
    return pair.drift(
        path="error.code", message=message, golden=listed(usual), candidate=show(code, 80), severity=severity
    )


RULE = Rule(
    id="error-code-changed",
    area="errors",
    # for a number (ER01); `_judged` weighs codes that are text
    severity=Severity.BREAKING,
    summary="error.code is a number, is missing, or differs from the golden's for the same failure",
    who_breaks="typed clients (Go, Java) fail to decode a number; agents that wait for context_length_exceeded loop",
    hint="let the gateway send the API's own codes, as text",
    check=check,
    where=has_failures,
)
