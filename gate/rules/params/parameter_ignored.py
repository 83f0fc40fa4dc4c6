"""A parameter is taken and does nothing (as PA02 does with limits)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.parameters import allowlist

# What the others do has rules of its own: tool-choice-none-ignored, limit-ignored, json-not-json…
_OURS = frozenset({"seed", "logit_bias", "reasoning_effort"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """What all golden samples honour and the candidate's do not; a single sample can't show it of a seed."""
    golden, candidate = comparison.golden, comparison.candidate
    if not isinstance(golden[0].request, dict) or _OURS.isdisjoint(golden[0].request):
        return
    honoured = {one.name: one.evidence for one in allowlist(tuple(golden)) if one.outcome == "honoured"}
    for one in allowlist(tuple(candidate)):
        if one.name in _OURS and one.name in honoured and one.outcome == "ignored":
            message = f"the route takes {one.name} and does not act on it"
            yield Drift(path=f"request.{one.name}", message=message, golden=honoured[one.name], candidate=one.evidence)


RULE = Rule(
    id="parameter-ignored",
    area="params",
    severity=Severity.RISKY,
    summary="a parameter that the golden's route honours has no effect",
    who_breaks="tests and caches that rely on a seed, filters that rely on logit_bias, budgets of reasoning",
    hint="ask the provider whether the parameter is passed on; else do without it",
    check=check,
)
