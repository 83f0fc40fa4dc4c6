"""error.code: a number, or another code for the same failure (ER01, ER14)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Pair, Rule, Severity
from gate.observe.answer import word
from gate.rules.errors._failures import compared, is_null, listed
from gate.wire.shape import show

# agents shorten the context, ask for another prompt or stop retrying by these codes alone
# Codes of https://platform.openai.com/docs/guides/error-codes and of ER14 and ER18. Other codes are risky: no report
# in the catalogue has a client that branches on one.
_KEYED = frozenset({"context_length_exceeded", "content_filter", "insufficient_quota"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """A code that is not text, and codes that the golden does not have for this status."""
    for pair, code, usual, same in compared(comparison, "code"):
        if _is_slug(code):
            yield from _other(pair, code, same)
        elif usual and all(map(_is_slug, usual)):
            yield pair.drift(
                path="error.code", message=f"error.code is {word(code)}", golden=listed(usual), candidate=show(code, 80)
            )


def _is_slug(code: Json) -> bool:
    """Null and text are both legal (ER01's benign twin)."""
    return is_null(code) or isinstance(code, str)


def _other(pair: Pair, code: Json, usual: list[Json]) -> Iterator[Drift]:
    keyed = bool(_KEYED.intersection(map(str, usual)))
    # null is legal, but not where agents wait for the code
    if usual and code not in usual and not any(map(is_null, usual)) and (keyed or not is_null(code)):
        yield pair.drift(
            path="error.code",
            message="error.code differs from the golden's",
            golden=listed(usual),
            candidate=show(code, 80),
            severity=Severity.BREAKING if keyed else Severity.RISKY,
        )


RULE = Rule(
    id="error-code-changed",
    area="errors",
    # for a number (ER01); `_other` weighs codes that are text
    severity=Severity.BREAKING,
    summary="error.code is a number, or differs from the golden's for the same failure",
    who_breaks="typed clients (Go, Java) fail to decode a number; agents that wait for context_length_exceeded loop",
    hint="let the gateway send the API's own codes, as text",
    check=check,
)
