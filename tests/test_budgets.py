from __future__ import annotations

from dataclasses import replace

import pytest

from gate.errors import ConfigError
from gate.judge.budgets import LATENCY_BUDGET, budget_findings, check_budgets, minimum_samples, pooled
from gate.model import Budget, Policy, SamplePlan, Scenario, Severity, Step, Timing

GOLDEN = {"ttft_p95": 300.0, "ttft_n": 12, "total_p95": 4000.0, "total_n": 12}


def slow(ttft: float, samples: int = 12) -> dict[str, float]:
    return {"ttft_p95": ttft, "ttft_n": samples, "total_p95": 4000.0, "total_n": samples}


@pytest.mark.parametrize(
    ("budget", "ttft", "message"),
    [
        (Budget("ttft_p95", max_ratio=1.5), 451.0, "ttft_p95 is more than 1.5 times the golden's"),
        (Budget("ttft_p95", max_ratio=1.5), 450.0, None),
        (Budget("ttft_p95", max_ms=1000.0), 1000.5, "ttft_p95 is over the budget of 1,000 ms"),
        (Budget("ttft_p95", max_ms=1000.0), 1000.0, None),
        (Budget("ttft_p95", max_ratio=9.0, max_ms=1000.0), 1200.0, "ttft_p95 is over the budget of 1,000 ms"),
    ],
)
def test_breach(budget: Budget, ttft: float, message: str | None) -> None:
    findings, notes = budget_findings([budget], GOLDEN, slow(ttft))
    assert [finding.message for finding in findings] == ([message] if message else [])
    assert notes == ()


def test_a_breach_is_breaking_and_tells_both_figures() -> None:
    (finding,), _ = budget_findings([Budget("ttft_p95", max_ratio=1.5)], GOLDEN, slow(900.0))
    assert (finding.rule, finding.area, finding.severity) == (LATENCY_BUDGET, "latency", Severity.BREAKING)
    assert (finding.golden, finding.candidate) == (
        "300 ms (n=12 over all scenarios)",
        "900 ms (n=12 over all scenarios)",
    )
    assert (finding.scenario, finding.hits, finding.samples) == ("*", 12, 12)


@pytest.mark.parametrize(
    ("golden", "candidate", "note"),
    [
        (GOLDEN, slow(900.0, samples=9), "budget ttft_p95 not judged: 9 samples of the candidate, 10 are needed"),
        (slow(300.0, samples=3), slow(900.0), "budget ttft_p95 not judged: 3 samples of the golden, 10 are needed"),
        ({}, slow(900.0), "budget ttft_p95 not judged: the golden has no such figure"),
        (GOLDEN, {}, "budget ttft_p95 not judged: the candidate has no such figure"),
    ],
)
def test_not_judged(golden: dict[str, float], candidate: dict[str, float], note: str) -> None:
    assert budget_findings([Budget("ttft_p95", max_ratio=1.5)], golden, candidate) == ((), (note,))


def test_an_absolute_budget_needs_no_golden() -> None:
    findings, notes = budget_findings([Budget("ttft_p95", max_ms=100.0)], {}, slow(900.0))
    assert [finding.golden for finding in findings] == ["not measured"]
    assert notes == ()


@pytest.mark.parametrize(("figure", "needed"), [("ttft_p50", 5), ("ttft_p90", 5), ("total_p95", 10), ("gap_p99", 50)])
def test_minimum_samples(figure: str, needed: int) -> None:
    assert minimum_samples(figure) == needed


def test_pooled_counts_the_samples_behind_each_figure() -> None:
    figures = pooled([Timing(first_token=100.0, total=900.0, gaps=(5.0, 7.0)), Timing(total=700.0)])
    assert (figures["ttft_n"], figures["gap_n"], figures["total_n"]) == (1, 2, 2)
    assert figures["ttft_p95"] == 100.0


def test_connect_times_have_budgets_and_count_new_connections_only() -> None:
    """A handshake through another region, and a pool whose other requests need none."""
    new, reused = Timing(connect=240.0, total=900.0), Timing(total=400.0)
    golden, candidate = pooled([Timing(connect=31.0)] * 5), pooled([new] * 5 + [reused] * 20)
    assert candidate["connect_n"] == 5
    findings, notes = budget_findings([Budget("connect_p50", max_ratio=2.0)], golden, candidate)
    assert [(one.path, one.golden, one.candidate) for one in findings] == [
        ("connect_p50", "31 ms (n=5 over all scenarios)", "240 ms (n=5 over all scenarios)")
    ]
    few, notes = budget_findings([Budget("connect_p50", max_ms=100.0)], {}, pooled([new] * 4))
    assert (few, notes) == ((), ("budget connect_p50 not judged: 4 samples of the candidate, 5 are needed",))


# -- what no run could judge --------------------------------------------------------------------

CHAT = Step("chat.completions", "chat", {"messages": []})
STREAM = Step("chat.completions", "chat", {"messages": [], "stream": True})
SPEECH = Step("audio.speech", "tts", {"input": "x", "stream_format": "sse"})
RAW = Step("chat.completions", "chat", raw='{"stream": true}')
REFUSED = Step("chat.completions", "chat", {"stream": True}, expect=(400, 422))
LIST = Step("models", method="GET")


def suite(*steps: Step) -> list[Scenario]:
    return [Scenario(f"s{number}", "text", (step,)) for number, step in enumerate(steps)]


@pytest.mark.parametrize(
    ("budget", "scenarios", "plan", "said"),
    [
        (Budget("ttft_p95", 1.5, line=7), suite(*[STREAM] * 4), SamplePlan(check=1),
         ("gate.yaml:7: the budget ttft_p95 can never be judged: of streamed requests the suite has 4, `samples.check` is 1, "
         "and 10 are needed\n  fix: write `samples: {check: 3}`")),
        (Budget("ttft_p95", 1.5), suite(*[STREAM] * 4), SamplePlan(check=3, record=2),
         ("gate.yaml: the budget ttft_p95 can never be judged: of streamed requests the suite has 4, `samples.record` is 2, "
         "and 10 are needed\n  fix: write `samples: {record: 3}`")),
        (Budget("total_p50", max_ms=9.0), suite(CHAT, REFUSED, LIST, STREAM, CHAT), SamplePlan(),
         ("gate.yaml: the budget total_p50 can never be judged: of requests that may succeed the suite has 4, "
         "`samples.check` is 1, and 5 are needed\n  fix: write `samples: {check: 2}`")),
        (Budget("ttft_p50", max_ms=9.0), suite(CHAT, REFUSED), SamplePlan(check=50),
         ("gate.yaml: the budget ttft_p50 can never be judged: of streamed requests the suite has none\n"
         "  fix: name a budget on total_p95, or a suite with `chat-stream`")),
        (Budget("gap_p95", max_ms=9.0), suite(LIST), SamplePlan(),
         ("gate.yaml: the budget gap_p95 can never be judged: of streamed requests the suite has none\n"
         "  fix: name a budget on total_p95, or a suite with `chat-stream`")),
        (Budget("connect_p50", max_ms=9.0), suite(CHAT, REFUSED), SamplePlan(),
         ("gate.yaml: the budget connect_p50 can never be judged: of requests that may succeed the suite has 1, "
         "`samples.check` is 1, and 5 are needed\n  fix: write `samples: {check: 5}`")),
        (Budget("total_p95", max_ms=9.0), suite(REFUSED), SamplePlan(),
         ("gate.yaml: the budget total_p95 can never be judged: of requests that may succeed the suite has none\n"
         "  fix: name a suite with `chat`")),
    ],
)  # fmt: skip
def test_a_budget_that_no_run_can_judge_is_refused(
    budget: Budget, scenarios: list[Scenario], plan: SamplePlan, said: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        check_budgets(Policy(budgets=(budget,)), scenarios, plan)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("budget", "scenarios", "plan"),
    [
        (Budget("ttft_p95", max_ms=9.0), suite(*[STREAM] * 4), SamplePlan(check=3, record=1)),  # needs no golden
        (Budget("ttft_p95", 1.5), suite(*[STREAM] * 5), SamplePlan(check=2, record=2)),
        (Budget("ttft_p50", 1.5), suite(SPEECH, RAW, STREAM), SamplePlan(check=2)),
        (Budget("ttft_p50", 1.5), suite(replace(STREAM, repeat=20)), SamplePlan(record=1)),
        (Budget("gap_p95", 1.5), suite(STREAM), SamplePlan(record=1)),  # a stream has many gaps
        (Budget("total_p95", 1.5), suite(*[CHAT] * 9, replace(REFUSED, expect=(200, 400))), SamplePlan(record=1)),
    ],
)
def test_a_budget_that_a_run_can_judge_is_taken(budget: Budget, scenarios: list[Scenario], plan: SamplePlan) -> None:
    check_budgets(Policy(budgets=(budget,)), scenarios, plan)
