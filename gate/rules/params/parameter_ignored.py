"""A parameter is accepted and has no effect (as PA02 tells of limits)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.parameters import allowlist

# the effects of others have rules of their own: tool-choice-none-ignored, limit-ignored, json-not-json…
_PARAMETERS = frozenset({"seed", "logit_bias", "reasoning_effort"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """What all golden samples honour and the candidate's do not; a single sample can't show it of a seed."""
    request = comparison.golden[0].request
    if not isinstance(request, dict) or _PARAMETERS.isdisjoint(request):
        return
    golden = {probe.name: probe for probe in allowlist(tuple(comparison.golden)) if probe.outcome == "honoured"}
    for probe in allowlist(tuple(comparison.candidate)):
        if probe.name in _PARAMETERS and probe.name in golden and probe.outcome == "ignored":
            yield Drift(
                path=f"request.{probe.name}",
                message=f"the route accepts {probe.name}, but it has no effect",
                golden=golden[probe.name].evidence,
                candidate=probe.evidence,
            )


RULE = Rule(
    id="parameter-ignored",
    area="params",
    # limits, which PA02 makes breaking, are limit-ignored's; what is left changes answers, and none of them fails
    severity=Severity.RISKY,
    summary="a parameter that the golden's route honours has no effect",
    who_breaks="tests and caches that rely on a seed, filters that rely on logit_bias, budgets of reasoning",
    hint="ask the provider whether the parameter is passed on; otherwise do without it",
    check=check,
)
