"""What a run would send, and what it can cost at most, without sending."""

from __future__ import annotations

import pytest

from gate.model import Route, Scenario, Step
from gate.run.plan import Plan, plan

ROUTE = Route("candidate", "http://h/v1", models={"chat": "m", "embedding": "e"})


def planned(step: Step, samples: int = 1) -> Plan:
    return plan([Scenario("s", "text", (step,))], ROUTE, samples)


@pytest.mark.parametrize(
    ("step", "tokens"),
    [
        (Step("chat.completions", "chat", {"max_tokens": 100}), 117),  # 17 bytes, each a token at most, and 100
        (Step("chat.completions", "chat", {"max_completion_tokens": 100}), 128),
        (Step("responses", "chat", {"max_output_tokens": 100}), 124),
        (Step("chat.completions", "chat", {"max_tokens": 100, "n": 3}), 323),
        (Step("chat.completions", "chat", {"prompt": "你" * 400, "max_tokens": 1}), 1228),  # two tokens a character
        (Step("chat.completions", "chat", {"messages": []}), None),
        (Step("chat.completions", "chat", {"max_tokens": True}), None),
        (Step("embeddings", "embedding", {"input": {"$repeat": {"text": "word ", "times": 800}}}), 4009),
        (Step("audio.transcriptions", body={"file": {"$file": {"name": "a.wav", "base64": "A" * 400}}}), 8),
        (Step("models", method="GET"), 0),
        (Step("chat.completions", raw="x" * 40, expect=(400,)), 40),
        (Step("chat.completions", "chat", {"max_tokens": 100}, expect=(404,)), 117),  # a lax route answers
        (Step("chat.completions", "chat", {"model": "no"}, expect=(404,)), 13),
        (Step("chat.completions", "chat", {"max_tokens": 100}, repeat=5), 585),
    ],
)
def test_tokens_are_an_upper_bound(step: Step, tokens: int | None) -> None:
    one = planned(step)
    assert one.scenarios[0].tokens == tokens
    assert one.unbounded == (("s",) if tokens is None else ())


def test_what_came_goes_back() -> None:
    first = Step("chat.completions", "chat", {"max_tokens": 100})
    turn = {"messages": [{"$reply": 0}, {"$golden": 0, "path": "content"}], "max_tokens": 10}
    asked = plan([Scenario("s", "text", (first, Step("chat.completions", "chat", turn)))], ROUTE, 1).scenarios[0]
    assert asked.tokens is not None
    assert asked.tokens > 117 + 200 + 10
    endless = Step("chat.completions", "chat", {"messages": []})
    assert plan([Scenario("s", "text", (endless, Step("chat.completions", "chat", turn)))], ROUTE, 1).tokens == 0


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
