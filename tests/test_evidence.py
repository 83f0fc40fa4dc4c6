"""Evidence: rates with their intervals, suspicions, and failures at random, as tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gate.judge.chance import REQUESTS_FAILED
from gate.judge.compare import Cell, compared
from gate.judge.merge import merge, part
from gate.judge.pairing import observed
from gate.judge.report import judge
from gate.model import Ending, Exchange, Finding, Policy, Rate, Report, Requests, Samples, Severity
from gate.model.sides import Side
from gate.observe.limits import held_back
from gate.reports.json import render
from gate.reports.words.findings import header
from gate.reports.words.headlines import Headline
from gate.store.report_file import parse
from tests.rules.behaviour_rate import CALLS, TALKS
from tests.rules.first_token_slower import first_at
from tests.rules.tool_call_count import called as calls
from tests.rules.tool_text_dropped import called as explained
from tests.rules_table import HELLO, completion, none, plain, refusal, stream

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("hits", "samples", "interval"),
    [  # the figures of Wilson's interval, z = 1.96
        (0, 3, (0.0, 0.562)),
        (1, 3, (0.061, 0.792)),
        (3, 3, (0.438, 1.0)),
        (7, 7, (0.646, 1.0)),
        (6, 40, (0.071, 0.291)),
    ],
)
def test_the_interval_of_a_rate(hits: int, samples: int, interval: tuple[float, float]) -> None:
    low, high = Rate(hits, samples).interval
    assert (round(low, 3), round(high, 3)) == interval


# -- suspicions ---------------------------------------------------------------------------------

Sides = tuple[Sequence[Exchange], Sequence[Exchange], Sequence[Exchange], Sequence[Exchange]]


def said(golden: Sequence[Exchange], candidate: Sequence[Exchange], *twins: Sequence[Exchange]) -> tuple[str, bool]:
    """(the rules that tell a drift at risky or above, whether the scenario is suspected)."""
    golden_twin, candidate_twin = twins or ((), ())
    sides = [
        Samples(observed(own), observed(twin)) for own, twin in ((golden, golden_twin), (candidate, candidate_twin))
    ]
    found = compared([Cell("s", 0, *sides)])
    assert found.crashes == ()
    told = {finding.rule for finding in found.findings if finding.severity > Severity.INFO}
    return " ".join(sorted(told)), bool(found.suspected)


TWO, ONE = [calls(2)], [calls(1)]
WITH, WITHOUT = [explained()], [explained(None)]


@pytest.mark.parametrize(
    ("sides", "told", "suspected"),
    [
        pytest.param((TWO * 3, ONE), "", True, id="one call in one sample"),
        pytest.param((TWO, ONE), "", False, id="a golden of one sample can't be refuted"),
        pytest.param((TWO * 3, ONE, TWO * 3, ONE), "tool-call-count", False, id="its twin has one call too"),
        pytest.param((TWO * 3, ONE, TWO * 3, TWO), "", True, id="its twin has two"),
        pytest.param((TWO * 3, ONE * 3), "tool-call-count", False, id="one call in three samples"),
        pytest.param((TWO * 3, [*ONE, *TWO]), "", False, id="refuted by the second sample"),
        pytest.param((WITH * 3, WITHOUT), "", True, id="no text beside one call"),
        pytest.param((WITH * 3, WITHOUT, WITH * 3, WITHOUT), "tool-text-dropped", False, id="nor in the twin"),
        pytest.param((WITH * 3, WITHOUT, WITH * 3, WITH), "", True, id="but in the twin"),
        pytest.param(([CALLS] * 3, [TALKS]), "", True, id="prose for a call, once"),
        pytest.param(([CALLS] * 3, [TALKS] * 3), "", True, id="three times: not beyond chance"),
        pytest.param(([CALLS] * 3, [TALKS] * 3, [CALLS] * 3, [TALKS] * 3), "behaviour-rate", False, id="with the twin"),
        pytest.param(([CALLS] * 5, [CALLS] * 5, [CALLS] * 5, [TALKS] * 9), "", False, id="the twin alone"),
        pytest.param(([CALLS], [TALKS]), "", False, id="of a golden of one sample nothing can be said"),
        pytest.param(([CALLS, TALKS], [TALKS]), "", False, id="the golden does both"),
        pytest.param(([first_at(500)] * 3, [first_at(2600)]), "first-token-slower", False, id="slow once: told, confirmed"),
        pytest.param(([first_at(500)] * 3, [first_at(2500), first_at(510)]), "", False, id="a cold start"),
        pytest.param(([first_at(500)] * 3, [first_at(2600)] * 3), "first-token-slower", False, id="five times slower"),
        pytest.param(([first_at(200), first_at(1200)], [first_at(2400)] * 3), "", False, id="the golden's own spread"),
    ],
)  # fmt: skip
def test_what_a_sample_suspects_and_what_several_tell(sides: Sides, told: str, suspected: bool) -> None:
    assert said(*sides) == (told, suspected)


# -- failures at random -------------------------------------------------------------------------

GOOD = plain(completion())
RESET, HANG = none(Ending.RESET), none(Ending.TIMEOUT)
LEFT = none(Ending.CANCELLED)
PAGE = plain(b"<html>", status=502, headers={"content-type": "text/html"})
BUSY = refusal(503, "server_error")
CUT = replace(plain(json.dumps(completion()).encode()[:60]), ending=Ending.CUT)
HALF = replace(stream(*HELLO[:2], done=False), ending=Ending.RESET)
STALLED = replace(HALF, ending=Ending.TIMEOUT)
EMPTY = plain(b"")
FAILURES = {"reset": RESET, "timeout": HANG, "502": PAGE, "503": BUSY, "cut": CUT, "empty": EMPTY}


def sent(*exchanges: Exchange, scenario: str = "s", sample: int = 0) -> list[Exchange]:
    """One exchange for each sample."""
    return [replace(e, scenario=scenario, sample=sample + n) for n, e in enumerate(exchanges)]


def judged(candidate: dict[str, Sequence[Exchange]], golden: Exchange = GOOD) -> Report:
    return judge(
        Side({name: sent(golden, golden, scenario=name) for name in candidate}), Side(candidate), Policy(), TODAY
    )


def shown(report: Report) -> list[str]:
    return [f"{f.severity.word} {f.rule} {f.hits}/{f.samples}" for f in report.findings]


@pytest.mark.parametrize("word", FAILURES)
def test_a_failure_beside_answers_is_told_alike_whatever_it_is(word: str) -> None:
    report = judged({"s": sent(FAILURES[word], GOOD, GOOD)})
    (found,) = report.findings
    assert (report.verdict, shown(report)) == ("pass", [f"risky {REQUESTS_FAILED} 1/3"])
    assert found.message == f"1 of 3 requests failed at random: 1 {word}"
    # https://github.com/openai/openai-python#retries
    assert ("never repeat" in found.who_breaks) == (word in ("cut", "empty"))
    assert ("timeouts" in found.hint) == (word == "timeout")
    assert (found.scenario, found.severity, report.suspected) == ("*", Severity.RISKY, frozenset())


@pytest.mark.parametrize("word", FAILURES)
def test_a_failure_in_every_sample_is_drift_and_suspected_before(word: str) -> None:
    for samples in (1, 3):
        report = judged({"s": sent(*[FAILURES[word]] * samples)})
        assert report.verdict == "drift"
        assert {(f.severity, f.hits, f.samples) for f in report.findings} == {(Severity.BREAKING, samples, samples)}
        assert report.suspected == {"s"}


def test_what_fails_under_load_is_told_apart_and_makes_no_other_failure_a_chance() -> None:
    name = "chat-stream@load-4"
    report = judged({name: sent(RESET, GOOD, GOOD, RESET, scenario=name), "s": sent(GOOD, RESET), "t": sent(RESET)})
    told = {f.scenario: f.message for f in report.findings if f.rule == REQUESTS_FAILED}
    assert told == {
        "*": "1 of 2 requests failed at random: 1 reset",
        name: "2 of 4 requests failed of as many at once: 2 reset",
    }
    alone = judged({name: sent(RESET, GOOD, GOOD, RESET, scenario=name), "t": sent(RESET)})
    assert {result.id: result.status for result in alone.scenarios}["t"] == "drift"


def test_a_few_per_cent_are_info() -> None:
    report = judged({"s": sent(*[GOOD] * 39, RESET)})
    assert (report.verdict, shown(report)) == ("pass", [f"info {REQUESTS_FAILED} 1/40"])


def test_attempts_that_a_retry_got_over_count() -> None:
    lost = [replace(one, attempt=n) for n, one in enumerate((RESET, BUSY, replace(GOOD, scenario="s")))]
    missing = replace(refusal(404), sample=1)
    limited, refused = replace(refusal(429), sample=2), replace(refusal(400), sample=3)
    again = [replace(GOOD, sample=n, attempt=1) for n in (1, 2, 3)]
    report = judged({"s": [replace(e, scenario="s") for e in (*lost, missing, limited, refused, *again)]})
    assert shown(report) == [f"risky {REQUESTS_FAILED} 3/9"]
    assert report.findings[0].message == "3 of 9 requests failed at random: 1 404, 1 503, 1 reset"


@pytest.mark.parametrize("status", [404, 405, 501])
def test_what_is_asked_again_and_still_not_there_is_no_chance(status: int) -> None:
    """Seen of smg 1.13, which serves no moderations: `check` asks twice before it says so, and called half of it chance."""
    missing = [replace(refusal(status), scenario="s", attempt=n) for n in (0, 1)]
    report = judged({"s": missing, "t": sent(GOOD)})
    assert shown(report) == ["breaking success-lost 1/1"]


def test_another_failure_before_what_is_not_there_is_chance() -> None:
    lost = [replace(refusal(status), scenario="s", attempt=n) for n, status in enumerate((404, 503, 404))]
    assert shown(judged({"s": lost})) == ["breaking success-lost 1/1", f"risky {REQUESTS_FAILED} 1/3"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"total_ms": 0.4}, False, id="an idle connection that the server has just closed"),
        pytest.param({"total_ms": 0.4, "connect_ms": 3.0}, True, id="a new connection"),
        pytest.param({"total_ms": 0.4, "ending": Ending.RESET}, True, id="no orderly end"),
        pytest.param({}, True, id="no times were recorded"),
    ],
)
def test_a_server_may_close_an_idle_connection(changes: dict[str, Any], told: bool) -> None:
    """RFC 9112, section 9.3.1: every client sends such a request again; seen at llama.cpp, which waits for 5 s."""
    closed = replace(none(Ending.CUT), **changes)
    report = judged(
        {"s": [replace(e, scenario="s") for e in (closed, replace(GOOD, attempt=1), replace(GOOD, sample=1))]}
    )
    assert bool(report.findings) == told


@pytest.mark.parametrize(
    ("golden", "candidate"),
    [
        (GOOD, [GOOD, GOOD]),
        (BUSY, [BUSY, BUSY]),  # the golden is like it
        (EMPTY, [EMPTY]),
        (LEFT, [LEFT, LEFT]),  # the client left, as the scenario asks
        (refusal(401), [refusal(401)]),
    ],
)
def test_what_is_no_failure(golden: Exchange, candidate: list[Exchange]) -> None:
    assert shown(judged({"s": sent(*candidate)}, golden)) == []


@pytest.mark.parametrize(("one", "word"), [(HALF, "cut"), (STALLED, "timeout")])
def test_a_stream_that_breaks_off_at_times(one: Exchange, word: str) -> None:
    report = judged({"s": sent(one, stream(*HELLO))}, stream(*HELLO))
    assert report.findings[0].message == f"1 of 2 requests failed at random: 1 {word}"


def test_all_samples_may_fail_by_chance_where_others_do() -> None:
    route: dict[str, Sequence[Exchange]] = {f"s{n}": sent(PAGE, GOOD, scenario=f"s{n}") for n in range(6)}
    report = judged({**route, "bad": sent(CUT, RESET, CUT, scenario="bad")})
    (bad,) = [result for result in report.scenarios if result.id == "bad"]
    assert (report.verdict, bad.status, shown(report)) == (
        "incomplete",
        "incomplete",
        [f"risky {REQUESTS_FAILED} 6/12"],
    )
    assert bad.reason == (
        "each of 3 requests failed (cut, reset), and on this route 50 % of the others do so at random: too few to tell"
    )
    one = judged({**route, "bad": sent(CUT, scenario="bad")})
    assert "the one request failed (cut)" in next(result.reason for result in one.scenarios if result.id == "bad")


def test_what_fails_each_time_is_drift_where_others_hardly_fail() -> None:
    report = judged({"s": sent(*[GOOD] * 39, RESET), "bad": sent(CUT, CUT, CUT, scenario="bad")})
    assert (report.verdict, shown(report)) == ("drift", ["breaking body-cut 3/3", f"info {REQUESTS_FAILED} 1/40"])


# -- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "text", "held"),
    [
        (429, "No deployments available for selected model, Try again in 5 seconds. Passed model=gpt-4o.", True),
        (503, "CircuitBreaker 'upstream' is OPEN and does not permit further calls", True),
        (503, "no healthy upstream", True),
        (503, "upstream connect error or disconnect/reset before headers. reset reason: overflow", True),
        (500, '{"error":{"message":"provider in cooldown"}}', True),
        (429, "Rate limit reached for requests", False),
        (503, "The engine is currently overloaded", False),
        (503, "no available channel for model gpt-4o", False),
        (404, "No deployments available", False),
        (499, "CircuitBreaker 'upstream' is OPEN: the client closed its request", False),
        (200, "The circuit breaker is open: call an electrician.", False),
    ],
)
def test_an_open_breaker_or_a_cooldown_is_told_by_its_words(status: int, text: str, held: bool) -> None:
    assert held_back(status, text) == held


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (
            [refusal(503, message="circuit breaker is open")],
            "the gateway holds requests back (a breaker or a cooldown)",
        ),
        ([refusal(503, message="in cooldown"), GOOD], "1 of 2 exchanges met an open breaker or a cooldown"),
        ([refusal(429), GOOD], "1 of 2 exchanges met a rate limit"),
        ([refusal(429)], "the route enforces a rate limit"),
        ([PAGE, GOOD], "1 of 2 exchanges failed"),
    ],
)
def test_what_held_a_scenario_back_is_named(answers: list[Exchange], reason: str) -> None:
    marked = [replace(e, outage=e is not GOOD) for e in answers]
    report = judged({"s": sent(*marked)})
    assert (report.verdict, report.findings) == ("incomplete", ())
    assert report.scenarios[0].reason.startswith(f"{reason}: HTTP ")


# -- in reports ---------------------------------------------------------------------------------


def flaky(hits: int, samples: int) -> Finding:
    (found,) = judged({"s": sent(PAGE, GOOD, GOOD)}).findings
    return replace(found, hits=hits, samples=samples)


@pytest.mark.parametrize(
    ("hits", "interval", "words"),
    [(7, None, "(7/7 samples)"), (1, [0.026, 0.513], "(1/7 samples, 95 % interval 3 to 51 %)")],
)
def test_a_rate_is_shown_where_it_is_not_each_time(hits: int, interval: list[float] | None, words: str) -> None:
    report = judged({"s": sent(GOOD)})
    told = flaky(hits, 7)
    written = json.loads(render(replace(report, findings=(told,))))
    assert written["findings"][0].get("interval") == interval
    assert words in header(Headline((told,)))


def test_the_requests_of_a_check_are_counted_and_added_up() -> None:
    report = judged({"s": sent(GOOD)})
    assert "requests" not in json.loads(render(report))
    counted = replace(report, requests=Requests(12, 4, 1))
    assert json.loads(render(counted))["requests"] == {"suite": 12, "suspicion": 4, "probe": 1}
    read = parse(render(counted))
    assert read.requests == Requests(12, 4, 1)
    shards = [
        part(f"{n}.json", replace(one, candidate={"route": "r", "shard": f"{n}/3"}, scenarios=()))
        for n, one in enumerate((read, report, read), 1)
    ]
    assert merge(shards).requests == Requests(24, 8, 2)
    assert merge(shards[1:2]).requests is None
