"""Latency budgets: percentiles of a run against those of the golden, or against milliseconds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from gate.errors import ConfigError
from gate.judge.fingerprint import fingerprint
from gate.model import Budget, Finding, Location, Policy, SamplePlan, Scenario, Severity, Step, Timing
from gate.wire.timing import summary

LATENCY_BUDGET = "latency-budget"
EVERYWHERE = "*"  # the scenario and endpoint of a figure over the whole run


def pooled(timings: Iterable[Timing]) -> dict[str, float]:
    """The figures that budgets are compared with: percentiles in ms over all samples, and `ttft_n` and the like, the
    number of values behind them."""
    # An iterator may be passed, and it is read four times below.
    known = list(timings)
    counts = {
        "ttft_n": sum(timing.first_token is not None for timing in known),
        "gap_n": sum(len(timing.gaps) for timing in known),
        "total_n": sum(timing.total is not None for timing in known),
        # only requests that opened a connection have one: a pool of eight gives at most eight
        "connect_n": sum(timing.connect is not None for timing in known),
    }
    return summary(known) | counts


def budget_findings(
    budgets: Iterable[Budget],
    golden: Mapping[str, float],
    candidate: Mapping[str, float],
    *,
    scenario: str = EVERYWHERE,
    endpoint: str = EVERYWHERE,
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Breaches of the budgets, and notes on those that could not be judged.

    `golden` and `candidate` come from `pooled`. A team configured the budget on purpose, so its breach is breaking.
    """
    findings: list[Finding] = []
    notes: list[str] = []
    for budget in budgets:
        why_not = _not_judged(budget, golden, candidate)
        if why_not:
            notes.append(f"budget {budget.figure} not judged: {why_not}")
            continue
        breach = _breach(budget, golden, candidate[budget.figure])
        if breach:
            findings.append(_finding(budget, breach, golden, candidate, scenario, endpoint))
    return tuple(findings), tuple(notes)


def minimum_samples(figure: str) -> int:
    """How many samples a percentile needs: 5 for p50, 10 for p95, 50 for p99.

    With less than half a sample beyond it, a percentile is only the slowest call, which is noise.
    """
    # 99: a p100 would ask for infinitely many.
    digits = figure.rpartition("_p")[2]
    percent = min(int(digits), 99) if digits.isdecimal() else 50
    # chosen: below 5 calls even a median moves with every single one.
    return max(5, math.ceil(50 / (100 - percent)))


def check_budgets(policy: Policy, scenarios: Iterable[Scenario], plan: SamplePlan) -> None:
    """Raises ConfigError for a budget that no run of this suite can judge, because its team believes that it is kept.
    Samples that are sent again in doubt don't count: a run where all is well has none."""
    asked = (step for scenario in scenarios for step in scenario.steps)
    steps = [step for step in asked if any(200 <= code < 300 for code in step.expect)]  # errors count for no figure
    requests, streams = (sum(step.repeat for step in some) for some in (steps, filter(_streamed, steps)))
    for budget in policy.budgets:
        kind = budget.figure.partition("_")[0]
        # a connection is opened by a request at most
        plain = kind in ("total", "connect")
        each, what = (requests, "requests that may succeed") if plain else (streams, "streamed requests")
        # one stream has as many gaps as anybody asks for
        need = 1 if kind == "gap" else minimum_samples(budget.figure)
        for key, samples in _compared(budget, plan):
            if each * samples < need:
                told = f"of {what} the suite has {each or 'none'}"
                told += f", `samples.{key}` is {samples}, and {need} are needed" if each else ""
                raise ConfigError(
                    f"the budget {budget.figure} can never be judged: {told}",
                    where=f"{policy.file}:{budget.line}" if budget.line else policy.file,
                    fix=f"write `samples: {{{key}: {math.ceil(need / each)}}}`" if each else _NO_REQUEST[kind],
                )


_NO_REQUEST = {
    "ttft": "name a budget on total_p95, or a suite with `chat-stream`",
    "gap": "name a budget on total_p95, or a suite with `chat-stream`",
    "total": "name a suite with `chat`",
    "connect": "name a suite with `chat`",
}


def _compared(budget: Budget, plan: SamplePlan) -> Iterator[tuple[str, int]]:
    yield "check", plan.check
    if budget.max_ratio is not None:
        yield "record", plan.record


def _streamed(step: Step) -> bool:
    """Whether the request asks for a stream: `stream`, or `stream_format` of speech."""
    if step.raw is not None:
        return '"stream' in step.raw
    return isinstance(step.body, dict) and any(name.startswith("stream") and step.body[name] for name in step.body)


def _not_judged(budget: Budget, golden: Mapping[str, float], candidate: Mapping[str, float]) -> str:
    sides = [("candidate", candidate)] + ([("golden", golden)] if budget.max_ratio is not None else [])
    need = minimum_samples(budget.figure)
    for name, side in sides:
        if budget.figure not in side:
            return f"the {name} has no such figure"
        if _samples(budget, side) < need:
            return f"{_samples(budget, side)} samples of the {name}, {need} are needed"
    return ""


def _samples(budget: Budget, side: Mapping[str, float]) -> int:
    return int(side.get(f"{budget.figure.rpartition('_')[0]}_n", 0))


def _breach(budget: Budget, golden: Mapping[str, float], value: float) -> str:
    """What is exceeded, in words; "" where the budget is kept."""
    if budget.max_ms is not None and value > budget.max_ms:
        return f"over the budget of {budget.max_ms:,.0f} ms"
    # `_not_judged` has made sure that a ratio has a golden figure to refer to.
    if budget.max_ratio is not None and value > budget.max_ratio * golden[budget.figure]:
        return f"more than {budget.max_ratio:g} times the golden's"
    return ""


def _finding(
    budget: Budget,
    breach: str,
    golden: Mapping[str, float],
    candidate: Mapping[str, float],
    scenario: str,
    endpoint: str,
) -> Finding:
    samples = _samples(budget, candidate)
    return Finding(
        rule=LATENCY_BUDGET,
        area="latency",
        severity=Severity.BREAKING,
        endpoint=endpoint,
        scenario=scenario,
        step=0,
        # A budget has no place in an answer: its figure stands for the path, so that a tolerance can name it.
        path=budget.figure,
        message=f"{budget.figure} is {breach}",
        golden=_figure(budget, golden),
        candidate=_figure(budget, candidate),
        hits=samples,
        samples=samples,
        fingerprint=fingerprint(LATENCY_BUDGET, endpoint, scenario, 0, budget.figure),
        location=Location(),
        hint="check the route's capacity, its region and the network between, or change the budget in gate.yaml",
        who_breaks="users who wait, and callers whose timeouts fit the golden's speed",
    )


def _figure(budget: Budget, side: Mapping[str, float]) -> str:
    if budget.figure not in side:
        return "not measured"
    return f"{side[budget.figure]:,.0f} ms (n={_samples(budget, side)} over all scenarios)"
