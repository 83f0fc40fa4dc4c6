"""The runner against a real server on loopback: order, concurrency, steps, further attempts, budget, learned names."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from gate.errors import ConfigError, RouteError
from gate.model import Ending, Exchange, Limits, Request, Response, Route, Scenario, Step, Timeouts
from gate.run.outcomes import RunResult, mark_outages
from gate.run.probe import probe
from gate.run.runner import Progress, run
from tests.loopback import (
    BUSY,
    GOOD,
    HTML,
    Call,
    Handler,
    Loopback,
    answering,
    chat,
    healthy,
    refusing,
    serve,
    together,
)

MODELS = {"chat": "m-1"}
CHAT = Step("chat.completions", "chat")
HELLO: dict[str, Any] = {"messages": [{"role": "user", "content": "hi"}], "max_tokens": 5}
CALL = {"id": "call_77", "type": "function", "function": {"name": "weather", "arguments": "{}"}}


def scenario(name: str, group: str = "text", *steps: Step, **more: Any) -> Scenario:
    return Scenario(name, group, steps or (Step("chat.completions", "chat", HELLO),), **more)


def go(
    handler: Handler,
    scenarios: Sequence[Scenario],
    *,
    samples: int = 1,
    limits: Limits | None = None,
    golden: Mapping[str, Sequence[Exchange]] | None = None,
    events: list[Progress] | None = None,
    diagnose: bool = False,
    first_sample: int = 0,
    lacking: Mapping[str, str] | None = None,
    scrub: Callable[[Exchange], Exchange] | None = None,
    **route: Any,
) -> tuple[RunResult, Loopback]:
    async def main() -> tuple[RunResult, Loopback]:
        async with serve(handler) as server:
            to = Route(**{"name": "candidate", "base_url": server.base, "models": MODELS, **route})
            result = await run(
                scenarios,
                to,
                samples=samples,
                limits=limits or Limits(),
                run_id="run",
                golden=golden,
                progress=events.append if events is not None else None,
                first_sample=first_sample,
                diagnose=diagnose,
                lacking=lacking,
                scrub=scrub,
            )
            return result, server

    return asyncio.run(main())


def statuses(result: RunResult, name: str) -> list[int | None]:
    return [e.response.status if e.response else None for e in result.runs[name].exchanges]


# -- what is sent -------------------------------------------------------------------------------


def test_every_sample_is_kept_in_order_with_its_own_request_id() -> None:
    result, server = go(healthy, [scenario("a"), scenario("b")], samples=3, first_sample=4)
    for name in ("a", "b"):
        one = result.runs[name]
        assert one.state == "ok"
        assert [(e.scenario, e.step, e.sample, e.attempt) for e in one.exchanges] == [
            (name, 0, n, 0) for n in (4, 5, 6)
        ]
    assert result.requests == 6 == len({call.headers["x-request-id"] for call in server.calls})
    assert server.calls[0].doc == {"model": "m-1", **HELLO}


def test_a_role_without_a_model_is_not_served() -> None:
    result, server = go(healthy, [scenario("e", "embeddings", Step("embeddings", "embedding", {"input": "x"}))])
    assert (result.runs["e"].state, server.calls) == ("not-served", [])
    assert "no model for the role 'embedding'" in result.runs["e"].reason


def test_steps_send_back_what_the_candidate_itself_replied() -> None:
    message = {"role": "assistant", "content": None, "tool_calls": [CALL], "reasoning_content": "hm"}

    async def handler(call: Call) -> None:
        await call.json(200, chat(message if len(call.doc["messages"]) == 1 else None))

    tool = {"role": "tool", "tool_call_id": {"$reply": 0, "path": "tool_calls[0].id"}, "content": "12.4"}
    second = Step("chat.completions", "chat", {"messages": [*HELLO["messages"], {"$reply": 0}, tool]})
    result, server = go(handler, [scenario("t", "tools", Step("chat.completions", "chat", HELLO), second)])
    assert result.runs["t"].state == "ok"
    assert server.calls[1].doc["messages"][1:] == [
        message,
        {"role": "tool", "tool_call_id": "call_77", "content": "12.4"},
    ]


def test_a_reply_without_the_asked_place_ends_the_scenario_with_a_reason() -> None:
    second = Step("chat.completions", "chat", {"messages": [{"$reply": 0, "path": "tool_calls[0].id"}]})
    result, server = go(healthy, [scenario("t", "tools", Step("chat.completions", "chat", HELLO), second)])
    assert len(server.calls) == 1
    assert result.runs["t"].state == "ok"  # the first step's finding explains
    assert result.runs["t"].reason == "step 1: not sent: its reply to step 0 has no tool_calls[0].id"


def test_a_stored_thread_sends_the_goldens_turn() -> None:
    body = b'{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"golden"}}]}'
    stored = Exchange(Request("POST", "http://b/v1/chat/completions"), Response(200, body=body), scenario="t")
    later = replace(stored, response=Response(200, body=body.replace(b"golden", b"other")), sample=1)
    second = Step("chat.completions", "chat", {"messages": [{"$golden": 0}]})
    steps = (Step("chat.completions", "chat", HELLO), second)
    _, server = go(healthy, [scenario("t", "tools", *steps)], golden={"t": (stored, later)})
    assert server.calls[1].doc["messages"] == [{"role": "assistant", "content": "golden"}]


def test_a_burst_is_sent_at_once_and_its_members_are_samples() -> None:
    async def handler(call: Call) -> None:
        await call.json(429 if call.number % 2 else 200, chat(), {"retry-after": "1"})

    step = Step("chat.completions", "chat", HELLO, repeat=6, expect=(200, 429))
    result, server = go(together(6, handler), [scenario("burst", "slow", step)], samples=2, max_concurrency=2)
    assert server.busiest == 6
    assert [e.sample for e in result.runs["burst"].exchanges] == list(range(12))
    assert result.retries == 0


# -- order and concurrency ----------------------------------------------------------------------


def test_errors_wait_for_the_last_healthy_request_and_bursts_come_last() -> None:
    async def slow(call: Call) -> None:
        await asyncio.sleep(0.05)
        await healthy(call)

    def asking(word: str) -> Step:
        return Step("chat.completions", "chat", {"messages": [{"role": "user", "content": word}]})

    burst = replace(asking("burst"), repeat=2)
    chain = scenario("chain", "tools", asking("first"), asking("second"))
    plain = [scenario(f"plain-{n}", "text", asking("plain")) for n in range(5)]
    scenarios = [scenario("b", "slow", burst), scenario("e", "errors", asking("error")), *plain, chain]
    _, server = go(together(3, slow), scenarios, max_concurrency=3)
    words = [call.doc["messages"][0]["content"] for call in server.calls]
    assert words == [*["plain"] * 5, "first", "second", "error", "burst", "burst"]
    assert server.busiest == 3
    _, server = go(slow, scenarios, max_concurrency=20)  # free slots are no reason to hurry
    words = [call.doc["messages"][0]["content"] for call in server.calls]
    assert words[-4:] == ["second", "error", "burst", "burst"]


def test_the_schedule_is_near_the_ideal_one() -> None:
    """18 requests of 200 ms in 8 slots, among them a chain of two and four errors: three rounds, 600 ms."""

    async def handler(call: Call) -> None:
        await asyncio.sleep(0.2)
        ends.append(time.perf_counter())
        await healthy(call)

    ends: list[float] = []
    step = Step("chat.completions", "chat", HELLO)
    scenarios = [scenario(f"s{n}") for n in range(12)]
    scenarios += [scenario("chain", "tools", step, step), *(scenario(f"e{n}", "errors") for n in range(4))]
    _, server = go(together(8, handler), scenarios)
    took = max(ends) - min(call.arrived for call in server.calls)
    assert server.busiest == 8
    assert took >= 0.6  # three rounds; what the gate adds to them is measured in bench/


# -- further attempts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replies", "seen", "state", "retries"),
    [
        ([GOOD], [200], "ok", 0),
        ([BUSY, GOOD], [429, 200], "ok", 1),
        ([BUSY], [429] * 7, "limited", 6),
        ([HTML], [502], "failed", 0),
        ([None, GOOD], [None, 200], "ok", 1),
        ([None], [None, None, None], "failed", 2),
        ([(500, b'{"error":{}}', {})], [500], "failed", 0),
        ([(400, b'{"error":{}}', {})], [400], "ok", 0),
    ],
)
def test_attempts_are_recorded_and_the_last_one_counts(
    replies: Sequence[Any], seen: list[int | None], state: str, retries: int
) -> None:
    events: list[Progress] = []
    result, server = go(answering(*replies), [scenario("a")], events=events, limits=Limits(max_retry_after=0.5))
    assert statuses(result, "a") == seen
    assert [e.attempt for e in result.runs["a"].exchanges] == list(range(len(seen)))
    assert (result.runs["a"].state, result.retries, result.requests) == (state, retries, len(seen))
    assert [e.kind for e in events].count("retry") == retries
    assert (events[-1].kind, events[-1].done, events[-1].total) == ("done", 1, 1)
    assert len({call.headers["x-request-id"] for call in server.calls}) == 1


def test_retry_after_is_waited_for() -> None:
    result, server = go(answering(BUSY, GOOD), [scenario("a")])
    first, second = server.calls
    assert second.arrived - first.arrived >= 0.2
    assert result.runs["a"].exchanges[-1].attempt == 1


@pytest.mark.parametrize("status", [429, 502])
def test_what_scenario_or_golden_permit_is_not_repeated(status: int) -> None:
    reply = (status, b"<html>", {"retry-after": "0"})
    expecting = scenario("a", "errors", Step("chat.completions", "chat", HELLO, expect=(status,)))
    result, _ = go(answering(reply), [expecting])
    assert (statuses(result, "a"), result.runs["a"].state) == ([status], "ok")
    stored = Exchange(Request("POST", "http://b/v1/chat/completions"), Response(status), scenario="a")
    result, _ = go(answering(reply), [scenario("a")], golden={"a": (stored,)})
    assert (statuses(result, "a"), result.runs["a"].state) == ([status], "ok")


def test_some_samples_answered_is_flaky_and_marked_where_the_route_went_down() -> None:
    async def odd(call: Call) -> None:
        ids.setdefault(call.headers["x-request-id"], len(ids))
        await (call.reply(*HTML) if ids[call.headers["x-request-id"]] else healthy(call))

    ids: dict[str, int] = {}
    result, _ = go(odd, [scenario("a")], samples=2)
    assert result.runs["a"].state == "flaky"
    assert result.runs["a"].reason == "an intermediary answered 502 without JSON"
    for alive in (True, False):
        marked = mark_outages(result, alive).runs["a"]
        lost = [e.response is None or e.response.status == 502 for e in marked.exchanges]
        assert [e.outage for e in marked.exchanges] == [one and not alive for one in lost]


def test_a_failed_scenario_is_an_outage_only_where_the_probe_fails_too() -> None:
    result, _ = go(answering(HTML), [scenario("a")])
    assert mark_outages(result, alive=True).runs["a"] == result.runs["a"]
    down = mark_outages(result, alive=False).runs["a"]
    assert (down.state, {e.outage for e in down.exchanges}) == ("outage", {True})


def test_ending_too_soon_is_not_exercised() -> None:
    result, _ = go(healthy, [scenario("long-stream", "slow", min_seconds=60)])
    assert result.runs["long-stream"].state == "not-exercised"
    assert result.runs["long-stream"].reason.endswith("of the 60 s that it needs")


@pytest.mark.parametrize("concurrency", [1, 4])
def test_the_bytes_of_a_run_are_bounded(concurrency: int) -> None:
    async def large(call: Call) -> None:
        await call.reply(200, b'{"choices": [], "pad": "' + b"x" * 40_000 + b'"}')

    names = [scenario(name) for name in "abcdef"]
    result, server = go(large, names, limits=Limits(max_run=100_000), max_concurrency=concurrency)
    held = [e.response.body for run in result.runs.values() for e in run.exchanges if e.response]
    assert sum(map(len, held)) == 100_000
    states = [run.state for run in result.runs.values()]
    assert states.count("not-run") >= 4
    assert {run.reason for run in result.runs.values()} == {"", "max_run (100,000 bytes) is reached"}
    assert result.notes == (f"max_run (100,000 bytes) is reached: {states.count('not-run')} scenarios did not run",)
    assert len(server.calls) <= 2 + concurrency


def test_max_requests_bounds_everything() -> None:
    result, server = go(
        answering(None), [scenario("a"), scenario("b"), scenario("c")], limits=Limits(max_requests=4), max_concurrency=1
    )
    assert result.requests == 4 == len(server.calls)
    assert [result.runs[name].state for name in "abc"] == ["failed", "not-run", "not-run"]
    assert statuses(result, "b") == [None]
    assert result.runs["c"].reason == "max_requests (4) is reached"
    assert result.notes == ("max_requests (4) is reached: 2 scenarios did not run",)


def test_a_long_scenario_is_not_ended_by_our_own_timeouts() -> None:
    async def slow(call: Call) -> None:
        await asyncio.sleep(0.4)
        await healthy(call)

    hurried = Timeouts(first_byte=0.1, total=0.2)
    result, _ = go(slow, [scenario("long", min_seconds=0.3), scenario("short")], timeouts=hurried)
    assert [result.runs[name].exchanges[-1].ending for name in ("long", "short")] == ["complete", "timeout"]
    assert result.runs["long"].state == "ok"


def test_what_an_earlier_attempt_of_the_golden_met_is_not_permitted() -> None:
    """A golden that once had to wait for a 429 does not make the candidate's 429 an answer."""
    busy = Exchange(Request("POST", "http://h/v1/chat/completions"), Response(429, body=BUSY[1]))
    golden = {"a": (busy, replace(busy, response=Response(200, body=GOOD[1]), attempt=1))}
    result, _ = go(answering(BUSY, GOOD), [scenario("a")], golden=golden)
    assert statuses(result, "a") == [429, 200]


# -- rejected parameters ------------------------------------------------------------------------


def test_a_rejected_parameter_is_one_finding_and_the_suite_goes_on() -> None:
    handler = refusing("max_tokens", instead={"max_tokens": "max_completion_tokens"})
    result, server = go(handler, [scenario(f"s{n}") for n in range(6)], max_concurrency=1)
    assert statuses(result, "s0") == [400, 200]
    assert [statuses(result, f"s{n}") for n in range(1, 6)] == [[200]] * 5
    (one,) = result.rejections
    assert (one.parameter, one.replacement) == ("max_tokens", "max_completion_tokens")
    assert one.exchange == result.runs["s0"].exchanges[0]
    assert server.calls[-1].doc["max_completion_tokens"] == 5
    assert result.names.of(CHAT) == {"max_tokens": "max_completion_tokens"}
    assert result.notes == (
        "route candidate rejects the parameter max_tokens: sent as max_completion_tokens from then on",
    )
    assert result.retries == 0


def test_what_was_in_flight_is_sent_again_and_told_once() -> None:
    events: list[Progress] = []
    result, _ = go(refusing("max_tokens"), [scenario(f"s{n}") for n in range(6)], events=events)
    assert {one.state for one in result.runs.values()} == {"ok"}
    assert all(statuses(result, name)[-1] == 200 for name in result.runs)
    assert len(result.rejections) == [e.kind for e in events].count("remap") == 1


def test_a_replacement_that_is_rejected_too_is_left_out() -> None:
    body = {**HELLO, "temperature": 0}
    handler = refusing("max_tokens", "max_completion_tokens", "temperature")
    result, server = go(handler, [scenario("a", "text", Step("chat.completions", "chat", body))])
    assert statuses(result, "a") == [400, 400, 400, 200]
    assert server.calls[-1].doc == {"model": "m-1", "messages": HELLO["messages"]}
    assert result.names.of(CHAT) == {"max_tokens": None, "max_completion_tokens": None, "temperature": None}


def test_the_routes_own_map_is_applied_from_the_start() -> None:
    handler = refusing("max_tokens")
    result, _ = go(handler, [scenario("a")], map={"max_tokens": "max_completion_tokens"})
    assert (statuses(result, "a"), result.rejections) == ([200], ())


@pytest.mark.parametrize("own", [{}, {"max_tokens": "max_completion_tokens"}])
def test_what_one_endpoint_refuses_says_nothing_of_another(own: dict[str, str]) -> None:
    """OpenAI's newer chat models refuse max_tokens, and its completions of old know nothing else."""

    modern, legacy = refusing("max_tokens"), refusing("max_completion_tokens")

    async def handler(call: Call) -> None:
        await (modern if "chat" in call.path else legacy)(call)

    old = scenario("old", "text", Step("completions", "chat", {"prompt": "Hi", "max_tokens": 5}))
    both = [scenario("a"), old, scenario("b")]
    result, server = go(handler, both, max_concurrency=1, map=own)
    assert [one.state for one in result.runs.values()] == ["ok"] * 3
    sent = [name for call in server.calls if "prompt" in call.doc for name in call.doc if name.startswith("max_")]
    assert sent == ["max_tokens"]
    assert [one.parameter for one in result.rejections] == [] if own else ["max_tokens"]


def test_a_map_that_the_route_refuses_gives_way_to_the_parameter_itself() -> None:
    handler = refusing("max_completion_tokens")
    result, server = go(handler, [scenario("a")], map={"max_tokens": "max_completion_tokens"})
    assert statuses(result, "a") == [400, 200]
    assert server.calls[-1].doc["max_tokens"] == 5


@pytest.mark.parametrize(("group", "expect"), [("errors", 200), ("params", 200), ("text", 400)])
def test_a_rejection_that_is_the_point_teaches_nothing(group: str, expect: int) -> None:
    step = Step("chat.completions", "chat", {**HELLO, "seed": 7}, expect=(expect,))
    result, _ = go(refusing("seed"), [scenario("a", group, step)])
    assert (statuses(result, "a"), result.rejections) == ([400], ())


# -- a wrong route ------------------------------------------------------------------------------


ELSEWHERE = [
    (404, b"not found", {"content-type": "text/plain"}),
    (200, b"<!doctype html><html>", {"content-type": "text/html"}),  # a web app answers every path
    (200, b'{"error": "Unexpected endpoint or method. (POST /chat/completions)"}', {}),  # LM Studio
]


@pytest.mark.parametrize("other", ELSEWHERE)
def test_a_wrong_base_url_ends_the_run_early_with_the_fix(other: tuple[int, bytes, dict[str, str]]) -> None:
    async def under_v1_only(call: Call) -> None:
        await (healthy(call) if call.path.startswith("/v1/") else call.reply(*other))

    async def main() -> Loopback:
        async with serve(under_v1_only) as server:
            route = Route("candidate", server.origin, models=MODELS, max_concurrency=1)
            scenarios = [scenario(f"s{n}") for n in range(20)]
            with pytest.raises(ConfigError, match=rf"answers {other[0]}.*/v1 answers 200") as caught:
                await run(scenarios, route, samples=3, limits=Limits(), run_id="r")
            assert caught.value.fix == f"use {server.base}"
            return server

    assert len(asyncio.run(main()).calls) <= 4


def test_a_route_that_is_down_ends_the_run_early() -> None:
    with pytest.raises(RouteError, match=r"connection refused \(127.0.0.1:9\)"):
        go(healthy, [scenario(f"s{n}") for n in range(20)], base_url="http://127.0.0.1:9/v1", diagnose=True)


def test_a_healthy_run_asks_no_preflight_and_a_404_of_one_endpoint_is_no_mistake() -> None:
    async def handler(call: Call) -> None:
        await (
            healthy(call) if call.path.endswith("chat/completions") else call.json(404, {"error": {"message": "no"}})
        )

    embeddings = scenario("e", "embeddings", Step("embeddings", "chat", {"input": "x"}))
    result, server = go(handler, [scenario("a"), embeddings], diagnose=True, max_concurrency=1)
    assert len(server.calls) == result.requests == 3  # the missing endpoint twice
    result, server = go(handler, [embeddings], diagnose=True)
    assert [one.state for one in result.runs.values()] == ["ok"]
    assert len(server.calls) == result.requests + 1


# -- the closing probe --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("handler", "models", "alive", "path"),
    [
        (healthy, MODELS, True, "/v1/chat/completions"),
        (healthy, {"embedding": "e"}, True, "/v1/models"),
        (answering(None, GOOD), MODELS, True, "/v1/chat/completions"),
        (answering(HTML), MODELS, False, "/v1/chat/completions"),
        (answering(None), MODELS, False, "/v1/chat/completions"),
        (answering((401, b"{}", {})), MODELS, False, "/v1/chat/completions"),
        (refusing("max_tokens"), MODELS, True, "/v1/chat/completions"),
        (answering((404, b'{"error":{"type":"no_recording"}}', {})), MODELS, True, "/v1/chat/completions"),
        (answering((404, b'{"detail":"Not Found"}', {})), MODELS, False, "/v1/chat/completions"),
    ],
)
def test_the_probe(handler: Handler, models: Mapping[str, str], alive: bool, path: str) -> None:
    async def main() -> tuple[bool, int, Loopback]:
        async with serve(handler) as server:
            route = Route("candidate", server.base, models=models)
            return *await probe(route, limits=Limits(max_requests=0), run_id="r"), server

    up, requests, server = asyncio.run(main())
    assert (up, requests, server.calls[0].path) == (alive, len(server.calls), path)


def test_cancel_and_give_up_then_the_next_request_is_healthy() -> None:
    async def handler(call: Call) -> None:
        if call.number:
            await healthy(call)
        else:
            await call.stream((b"data: {}\n\n" for _ in range(200)), 0.02)

    stopping = Step("chat.completions", "chat", HELLO, cancel_after_chunks=3)
    for first in (stopping, replace(stopping, cancel_after_chunks=None, give_up_after=0.2)):
        chain = scenario("a", "slow", first, Step("chat.completions", "chat", HELLO))
        result, _ = go(handler, [chain])
        assert [e.ending for e in result.runs["a"].exchanges] == [Ending.CANCELLED, Ending.COMPLETE]
        assert result.runs["a"].state == "ok"


# -- endpoints that a route lacks ---------------------------------------------------------------


def lacking(*absent: str) -> Handler:
    """A route that answers 404 to some paths."""

    async def handler(call: Call) -> None:
        if any(call.path.endswith(name) for name in absent):
            await call.json(404, {"error": {"message": "Not Found"}})
        else:
            await call.json(200, chat())

    return handler


def asking(name: str, *endpoints: str, group: str = "text", **more: Any) -> Scenario:
    return scenario(name, group, *(Step(endpoint, "chat", HELLO) for endpoint in endpoints), **more)


def test_an_endpoint_that_the_route_lacks_is_asked_late_and_once_more_at_the_end() -> None:
    scenarios = [asking(f"r{n}", "responses") for n in range(3)]
    scenarios += [asking("e", "responses", group="errors"), scenario("bad", "errors"), scenario("a"), scenario("b")]
    result, server = go(lacking("/responses"), scenarios, samples=3)
    paths = [call.path.rpartition("/v1/")[2] for call in server.calls]
    assert [number for number, path in enumerate(paths) if path == "responses"] == [6, len(paths) - 1]
    assert result.lacking == {"responses": "the route answers 404 to responses"}
    assert (result.runs["r0"].state, statuses(result, "r0")) == ("ok", [404, 404])
    for name in ("r1", "r2", "e"):
        unsent = result.runs[name]
        assert (unsent.state, unsent.reason) == ("not-served", "the route answers 404 to responses")
        assert unsent.exchanges == ()
    assert [len(result.runs[name].exchanges) for name in ("a", "b", "bad")] == [3, 3, 3]
    assert "the route answers 404 to responses: not asked again in this run" in result.notes
    again, server = go(lacking(), scenarios, lacking=result.lacking)
    assert again.runs["r0"].state == "not-served"
    assert [call for call in server.calls if call.path.endswith("responses")] == []


def test_one_chance_404_hides_no_endpoint() -> None:
    calls = count()

    async def odd(call: Call) -> None:
        once = call.path.endswith("/responses") and next(calls) == 0
        await (call.json(404, {"detail": "Not Found"}) if once else call.json(200, chat()))

    scenarios = [asking(f"r{n}", "responses") for n in range(2)] + [scenario("a"), scenario("bad", "errors")]
    done: list[Progress] = []
    result, server = go(odd, scenarios, samples=2, events=done)
    assert (result.lacking, len(server.calls)) == ({}, 9)
    assert statuses(result, "r0") + statuses(result, "r1") == [404, 200, 200, 200, 200]
    assert [(e.sample, e.attempt) for e in result.runs["r0"].exchanges] == [(0, 0), (0, 1), (1, 0)]
    assert (done[-1].done, done[-1].total) == (9, 9)


def test_an_endpoint_that_is_there_is_asked_by_all_samples() -> None:
    scenarios = [asking("r", "responses"), asking("e", "embeddings"), scenario("a")]
    result, _ = go(lacking(), scenarios, samples=2)
    assert {name: statuses(result, name) for name in ("r", "e", "a")} == {name: [200, 200] for name in "rea"}


def test_a_404_for_the_model_or_for_chat_says_nothing_about_the_endpoint() -> None:
    async def unknown(call: Call) -> None:
        await call.json(404, {"error": {"message": "The model `m-1` does not exist"}})

    result, server = go(unknown, [asking("r", "responses")], samples=2)
    assert (len(server.calls), result.lacking) == (2, {})
    result, server = go(lacking("/completions"), [scenario("a")], samples=2)
    assert (len(server.calls), result.lacking) == (2, {})


def test_a_404_that_golden_or_scenario_have_is_an_answer() -> None:
    stored = Exchange(Request("POST", "http://b/v1/responses"), Response(404), scenario="r")
    result, server = go(lacking("/responses"), [asking("r", "responses")], samples=2, golden={"r": (stored,)})
    assert (len(server.calls), result.lacking) == (2, {})


def test_a_scenario_ends_at_the_step_whose_endpoint_is_lacking() -> None:
    scenarios = [asking("e", "embeddings"), asking("t", "chat.completions", "embeddings")]
    stored = Exchange(Request("POST", "http://b/v1/embeddings"), Response(200), scenario="e")
    result, server = go(lacking("/embeddings"), scenarios, golden={"e": (stored,)})
    paths = [call.path.rpartition("/v1/")[2] for call in server.calls]
    assert paths == ["embeddings", "embeddings", "chat/completions"]
    assert [e.step for e in result.runs["t"].exchanges] == [0]
    assert (result.runs["t"].state, result.runs["t"].reason) == ("not-served", "the route answers 404 to embeddings")


def test_the_scenario_that_asks_first_is_one_that_is_judged() -> None:
    stored = Exchange(Request("POST", "http://b/v1/responses"), Response(200), scenario="r1")
    scenarios = [asking("r0", "responses"), asking("r1", "responses"), asking("r2", "responses", min_seconds=1.0)]
    result, _ = go(lacking("/responses"), scenarios, golden={"r1": (stored,)})
    assert [name for name, run in result.runs.items() if run.exchanges] == ["r1"]
