"""What a run would send, and what it can cost at most, without sending."""

from __future__ import annotations

import pytest

from gate.model import Route, Scenario, Step
from gate.sending.plan import Plan, plan

ROUTE = Route("candidate", "http://h/v1", models={"chat": "m", "embedding": "e"})


def planned(step: Step, samples: int = 1) -> Plan:
    return plan([Scenario("s", "text", (step,))], ROUTE, samples)


@pytest.mark.parametrize(
    ("step", "tokens"),
    [
        (Step("chat.completions", "chat", {"max_tokens": 100}), 105),  # 17 characters, rounded up to 5 tokens, and 100
        (Step("chat.completions", "chat", {"max_completion_tokens": 100}), 107),
        (Step("responses", "chat", {"max_output_tokens": 100}), 106),
        (Step("chat.completions", "chat", {"max_tokens": 100, "n": 3}), 306),
        (Step("chat.completions", "chat", {"messages": []}), None),
        (Step("chat.completions", "chat", {"max_tokens": True}), None),
        (Step("embeddings", "embedding", {"input": {"$repeat": {"text": "word ", "times": 800}}}), 1003),
        (Step("models", method="GET"), 0),
        (Step("chat.completions", raw="x" * 40, expect=(400,)), 10),
        (Step("chat.completions", "chat", {"max_tokens": 100}, repeat=5), 525),
    ],
)
def test_tokens_are_an_upper_bound(step: Step, tokens: int | None) -> None:
    one = planned(step)
    assert one.scenarios[0].tokens == tokens
    assert one.unbounded == (("s",) if tokens is None else ())


def test_requests_count_steps_samples_and_bursts() -> None:
    step = Step("chat.completions", "chat", {"max_tokens": 1})
    burst = Step("chat.completions", "chat", {"max_tokens": 1}, repeat=20)
    found = plan([Scenario("a", "text", (step, step)), Scenario("b", "slow", (burst,))], ROUTE, 3)
    assert [one.requests for one in found.scenarios] == [6, 60]
    assert (found.requests, found.samples) == (66, 3)
    assert found.tokens == sum(one.tokens or 0 for one in found.scenarios)


def test_what_is_not_served_costs_nothing() -> None:
    found = plan([Scenario("i", "text", (Step("images", "image", {"prompt": "x"}),))], ROUTE, 3)
    assert (found.requests, found.tokens) == (0, 0)
    assert found.scenarios[0].skipped == "route candidate names no model for the role 'image'"
