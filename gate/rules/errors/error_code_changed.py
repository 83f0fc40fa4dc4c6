"""error.code: a number, or another slug for the same failure (ER01, ER14)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import word
from gate.rules.errors._failures import alike, failed, failures, is_null, listed, members_of
from gate.wire.shape import show

# agents compact, ask for another prompt or stop paying attention to retries by these words alone
_KEYED = frozenset({"context_length_exceeded", "content_filter", "insufficient_quota"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """A code that is no text, and codes that the golden does not have for this status."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = members_of([g for g in golden if failed(g)], "code")
    for sample, found in failures(golden, candidate) if usual else ():
        if not isinstance(found.error, dict):
            continue
        now = member(found.error, "code")
        if not (is_null(now) or isinstance(now, str)):
            if all(is_null(code) or isinstance(code, str) for code in usual):
                yield Drift(
                    path="error.code",
                    message=f"error.code is {word(now)}",
                    golden=listed(usual),
                    candidate=show(now, 80),
                    sample=sample,
                )
            continue
        same = members_of(alike(golden, found), "code")
        keyed = bool(_KEYED.intersection(map(str, same)))
        # null and a slug are both legal (ER01's benign twin), but not where agents wait for the word
        if same and now not in same and not any(map(is_null, same)) and (keyed or not is_null(now)):
            evidence, severity = (listed(same), show(now, 80)), Severity.BREAKING if keyed else Severity.RISKY
            yield Drift(
                path="error.code",
                message="error.code says something else",
                golden=evidence[0],
                candidate=evidence[1],
                sample=sample,
                severity=severity,
            )


RULE = Rule(
    id="error-code-changed",
    area="errors",
    severity=Severity.BREAKING,
    summary="error.code is a number, or not the golden's word for the same failure",
    who_breaks="typed clients (Go, Java) fail to decode a number; agents that wait for context_length_exceeded loop",
    hint="let the gateway send the API's own codes, as text",
    check=check,
)
