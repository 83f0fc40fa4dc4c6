"""What a run brought, scenario by scenario, and which exchanges an outage marks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gate.model import Ending, Exchange, Request, Response, Scenario, Step
from gate.run.outcomes import RunResult, final_attempts, judged, mark_outages, well

STEP = Step("chat.completions", "chat", {})
CHAT = b'{"object": "chat.completion", "choices": []}'
PERMITTED = [frozenset({200}), frozenset({200})]


def one(
    status: int | None = 200,
    sample: int = 0,
    step: int = 0,
    attempt: int = 0,
    ending: Ending = Ending.COMPLETE,
    total_ms: float = 5.0,
    body: bytes | None = None,
) -> Exchange:
    said = body if body is not None else b"<html>" if status == 502 else b"{}"
    response = None if status is None else Response(status, body=said)
    return Exchange(
        Request("POST", "http://h/v1/chat/completions"), response, ending=ending, detail="why", total_ms=total_ms,
        sample=sample, step=step, attempt=attempt,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("exchanges", "state", "reason"),
    [
        ([one()], "ok", ""),
        ([one(500)], "failed", "the route answered 500"),
        ([one(429), one(429, attempt=1)], "limited", "rate limit: the route answered 429"),
        ([one(429), one(200, attempt=1)], "ok", ""),
        ([one(429), one(200, sample=1)], "limited", "rate limit: the route answered 429"),
        ([one(200), one(429, step=1)], "limited", "rate limit: the route answered 429"),
        ([one(429), one(500, sample=1)], "failed", "the route answered 500"),  # what was not limited always failed
        ([one(429), one(502, sample=1), one(200, sample=2)], "flaky", "an intermediary answered 502 without JSON"),
        ([one(401)], "failed", "the route answered 401"),
        ([one(400)], "ok", ""),  # the request was refused: rules say it
        ([one(500), one(200, sample=1)], "ok", ""),  # at times: rules count in how many samples
        ([one(500), one(502, sample=1)], "failed", "the route answered 500"),
        ([one(500), one(502, sample=1), one(200, sample=2)], "flaky", "an intermediary answered 502 without JSON"),
        ([one(200, ending=Ending.CUT)], "ok", ""),  # judged: the cut is a finding
        ([one(502, attempt=0), one(200, attempt=1)], "ok", ""),
        ([one(200, attempt=1), one(502, attempt=0)], "ok", ""),
        ([one(502), one(502, attempt=1)], "failed", "an intermediary answered 502 without JSON"),
        ([one(None, ending=Ending.UNREACHABLE)], "failed", "why"),
        ([one(None, ending=Ending.TIMEOUT)], "failed", "why"),
        ([one(502), one(200, sample=1)], "flaky", "an intermediary answered 502 without JSON"),
        ([one(200, sample=0), one(502, sample=0, step=1), one(200, sample=1), one(200, sample=1, step=1)], "flaky",
         "an intermediary answered 502 without JSON"),
        ([one(200), one(502, step=1)], "failed", "an intermediary answered 502 without JSON"),
        ([one(None, ending=Ending.CANCELLED)], "ok", ""),
        ([], "ok", ""),
    ],
)  # fmt: skip
def test_states(exchanges: Sequence[Exchange], state: str, reason: str) -> None:
    found = judged(Scenario("s", "text", (STEP, STEP)), exchanges, PERMITTED)
    assert (found.state, found.reason) == (state, reason)
    assert len(found.exchanges) == len(exchanges)


@pytest.mark.parametrize("status", [401, 429, 500, 502])
def test_a_status_that_the_golden_has_too_is_never_a_failure(status: int) -> None:
    found = judged(Scenario("s", "text", (STEP,)), [one(status)], [frozenset({status})])
    assert (found.state, found.lost) == ("ok", frozenset())
    marked = mark_outages(RunResult({"s": found}), alive=False).runs["s"]
    assert (marked.state, [e.outage for e in marked.exchanges]) == ("ok", [False])


@pytest.mark.parametrize(
    ("exchanges", "reason"),
    [
        ([one()], "step 1: not sent"),
        ([one(), one(step=1)], ""),
        ([one(), one(sample=1), one(sample=1, step=1)], ""),  # at times: the samples that got there are judged
        ([], "step 1: not sent"),
        ([one(502)], "an intermediary answered 502 without JSON"),
    ],
)
def test_why_a_step_was_not_sent_is_kept(exchanges: Sequence[Exchange], reason: str) -> None:
    assert judged(Scenario("s", "text", (STEP, STEP)), exchanges, PERMITTED, "step 1: not sent").reason == reason


@pytest.mark.parametrize(
    ("exchange", "state"),
    [
        (one(total_ms=59_000), "not-exercised"),
        (one(total_ms=60_000), "ok"),
        (one(total_ms=1_000, ending=Ending.CUT), "ok"),  # that is what the scenario is for
    ],
)
def test_a_long_scenario_must_last(exchange: Exchange, state: str) -> None:
    assert judged(Scenario("s", "slow", (STEP,), min_seconds=60), [exchange], PERMITTED).state == state


def test_the_last_attempt_of_each_step_of_each_sample_counts() -> None:
    first, second, other = one(502), one(200, attempt=1), one(200, sample=1)
    assert final_attempts([second, other, first]) == (second, other)


@pytest.mark.parametrize(
    ("exchanges", "alive", "state", "marks"),
    [
        ([one(502), one(502, attempt=1)], True, "failed", [False, False]),
        ([one(502), one(502, attempt=1)], False, "outage", [True, True]),
        ([one(502), one(200, sample=1)], True, "flaky", [False, False]),  # at random: judged, and told with its rate
        ([one(502), one(200, sample=1)], False, "flaky", [True, False]),
        ([one(502), one(200, attempt=1)], False, "ok", [False, False]),
        ([one(500)], True, "failed", [False]),
        ([one(500)], False, "outage", [True]),
        ([one(500), one(200, sample=1)], True, "ok", [False, False]),
        ([one(500), one(200, sample=1)], False, "ok", [True, False]),
        ([one(500), one(502, sample=1), one(200, sample=2)], True, "flaky", [False, False, False]),
        ([one(200, ending=Ending.CUT)], True, "ok", [False]),
        ([one(200, ending=Ending.CUT)], False, "ok", [True]),  # a route that dies breaks off what it is sending
        ([one(400)], False, "ok", [False]),
    ],
)
def test_outages_are_marked_on_what_was_not_answered(
    exchanges: Sequence[Exchange], alive: bool, state: str, marks: list[bool]
) -> None:
    result = RunResult({"s": judged(Scenario("s", "text", (STEP,)), exchanges, PERMITTED)})
    found = mark_outages(result, alive).runs["s"]
    assert (found.state, [e.outage for e in found.exchanges]) == (state, marks)


@pytest.mark.parametrize(
    ("exchange", "healthy"),
    [
        (one(body=CHAT), True),
        (one(body=b'{"object": "list", "data": []}'), True),
        (one(body=b'data: {"choices": []}\n\n'), True),
        (one(404, body=b'{"error": {"message": "no"}}'), False),
        (one(200, body=CHAT, ending=Ending.CUT), False),
        (one(None), False),
        (one(200, body=b"<html>Down for maintenance"), False),
        (one(200, body=b'{"status": "ok"}'), False),
        (one(200, body=b'{"error": "Unexpected endpoint or method. (POST /chat/completions)"}'), False),
        (one(200, body=b'{"object": "error", "message": "busy"}'), False),
        (one(204, body=b""), False),
    ],
)
def test_a_probe_is_well_when_it_is_answered_whole(exchange: Exchange, healthy: bool) -> None:
    assert well(exchange) == healthy
