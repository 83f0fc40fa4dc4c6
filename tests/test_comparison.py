"""Golden against candidate and route against route in figures: what is counted, how it differs, which rows stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import pytest

from gate.errors import ConfigError
from gate.judge.merge import merge, part
from gate.judge.report import judge
from gate.model import Ending, Exchange, Measures, Policy, Report
from gate.model.sides import Side
from gate.reports import formats, json
from gate.reports.words.comparison import Comparison, Entry, comparison, legend
from gate.store.report_file import parse
from tests.gallery import DAY
from tests.report_samples import PASSING, finding, result
from tests.rules_table import HELLO, completion, none, plain, stream

PRICES = {"gpt-4o-mini": {"input": 0.15, "output": 0.6}}
_STREAM = Measures(
    "golden", 0, model="gpt-4o-mini", answers=1, attempts=1, ttft=100.0, gap=100.0, total=600.0, prompt=14.0, completion=7.0
)  # fmt: skip


def measured(side: Literal["golden", "candidate"] = "golden", **more: Any) -> Measures:
    """A stream of seven tokens, the first after 100 ms."""
    return replace(_STREAM, side=side, **more)


def report(*measures: Measures, scenario: str = "chat-stream", **more: Any) -> Report:
    return replace(PASSING, scenarios=(replace(result(scenario), measures=measures),), **more)


def rows(found: Comparison) -> dict[str, tuple[Entry, ...]]:
    return {row.name: row.entries for row in found.figures}


def shown(*measures: Measures, **more: Any) -> dict[str, tuple[Entry, ...]]:
    return rows(comparison(report(*measures, **more)))


# -- what a scenario cost -----------------------------------------------------------------------


def of(golden: Sequence[Exchange], candidate: Sequence[Exchange]) -> tuple[Measures, ...]:
    ours = (tuple(replace(exchange, scenario="chat") for exchange in side) for side in (golden, candidate))
    before, after = (Side({"chat": side}, {}) for side in ours)
    (found,) = judge(before, after, Policy(), DAY).scenarios
    return found.measures


def test_each_sample_is_counted_and_times_are_those_of_answers() -> None:
    timed = stream(*HELLO, at=(90.0, 100.0, 130.0, 140.0, 150.0), total_ms=150.0, connect_ms=31.0)
    refused = plain({"error": {}}, status=500, total_ms=1.0, sample=1)
    golden, candidate = of([timed, replace(timed, sample=1)], [timed, refused])
    assert golden == Measures(
        "golden", 0, model="m", answers=2, attempts=2, connect=31.0, ttft=100.0, gap=30.0, total=150.0
    )
    assert (candidate.answers, candidate.errors, candidate.total) == (2, 1, 150.0)


def test_retries_cuts_and_silence_are_counted() -> None:
    answered = plain(completion())
    tried = [replace(plain({}, status=503), attempt=0), replace(answered, attempt=1)]
    _, candidate = of([answered], tried)
    assert (candidate.answers, candidate.attempts, candidate.prompt, candidate.completion) == (1, 2, 9.0, 3.0)
    cut = stream(*HELLO, ending=Ending.CUT)
    assert [one.broken for one in of([stream(*HELLO)], [cut])] == [0, 1]
    assert [one.broken for one in of([stream(*HELLO)], [replace(cut, ending=Ending.CANCELLED)])] == [0, 0]
    assert [one.unanswered for one in of([answered], [none(Ending.RESET)])] == [0, 1]


def test_a_gateway_pays_for_what_it_asks_again() -> None:
    """It was answered, cut off for its client, and asked once more."""
    answer = plain(completion())
    _, candidate = of([answer], [replace(answer, upstream=(answer, answer))])
    assert (candidate.attempts, candidate.posts) == (1, 2)
    assert (candidate.prompt, candidate.billed_prompt, candidate.billed_completion) == (9.0, 18.0, 6.0)
    _, silent = of([answer], [replace(answer, upstream=())])
    assert (silent.posts, silent.billed_prompt) == (0, None)
    _, refused = of([answer], [replace(answer, upstream=(plain({}, status=429),))])
    assert (refused.posts, refused.billed_prompt) == (1, None)


def test_measures_are_read_back_as_they_were_written() -> None:
    one = measured(connect=0.0, posts=0)
    kept = parse(json.render(report(one, measured("candidate", errors=1)))).scenarios[0].measures
    assert kept == (one, measured("candidate", errors=1))


# -- golden and candidate -----------------------------------------------------------------------


def test_what_differs_stands_beside_both() -> None:
    late = measured("candidate", ttft=400.0, total=620.0, completion=9.0, attempts=3)
    found = shown(measured(), late)
    assert found["first token, p50"] == (Entry("100 ms"), Entry("400 ms", "×4", worse=True))
    assert found["first token, p95"] == (Entry("100 ms"), Entry("400 ms", "×4"))
    assert found["whole answer, p50"] == (Entry("600 ms"), Entry("620 ms", "="))
    assert found["prompt tokens"] == (Entry("14.0"), Entry("14.0", "="))
    assert found["completion tokens"] == (Entry("7.00"), Entry("9.00", "+29 %"))
    assert found["retries per answer"] == (Entry("0"), Entry("2.00", "+2.00", worse=True))
    assert found["POSTs per request"] == (Entry("1.00"), Entry("3.00", "+200 %", worse=True))


def test_rows_that_say_nothing_are_left_out() -> None:
    assert list(shown(measured(), measured("candidate"))) == [
        "first token, p50", "first token, p95", "between tokens, p50", "between tokens, p95",
        "whole answer, p50", "whole answer, p95", "prompt tokens", "completion tokens",
    ]  # fmt: skip


def test_errors_are_shares_of_the_requests() -> None:
    some = measured("candidate", answers=4, errors=1, broken=1, unanswered=1)
    found = shown(measured(answers=4, errors=1), some)
    assert found["with an error status"] == (Entry("1 (25.0%)"), Entry("1 (25.0%)", "="))
    assert found["broken streams"] == (Entry("0"), Entry("1 (25.0%)", "+25.0 points", worse=True))
    assert found["without an answer"] == (Entry("0"), Entry("1 (25.0%)", "+25.0 points", worse=True))


def test_each_request_counts_once_and_only_where_both_sides_have_it() -> None:
    """A drifted scenario is sent again on the candidate alone; pooled, its long answers would weigh more there."""
    both = (measured(completion=10.0), measured("candidate", completion=10.0))
    long = (measured(completion=100.0), measured("candidate", completion=100.0, answers=3, errors=1, ttft=900.0))
    alone = (measured(completion=4000.0),)
    scenarios = (("short", both), ("long", long), ("golden-only", alone))
    found = rows(comparison(replace(PASSING, scenarios=tuple(replace(result(n), measures=of) for n, of in scenarios))))
    assert [entry.text for entry in found["completion tokens"]] == ["55.0", "55.0"]
    assert [entry.text for entry in found["first token, p95"]] == ["100 ms", "900 ms"]
    assert [entry.text for entry in found["with an error status"]] == ["0", "1 (16.7%)"]
    assert [entry.text for entry in found["requests measured"]] == ["3", "2"]


def test_a_figure_of_one_side_is_shown_without_a_difference() -> None:
    found = shown(measured(connect=12.0), measured("candidate", ttft=None))
    assert found["connect, p50"] == (Entry("12 ms"), Entry("–"))
    assert found["first token, p50"] == (Entry("100 ms"), Entry("–"))


@pytest.mark.parametrize("measures", [(), (measured(),), (measured("candidate"),)])
def test_nothing_to_compare(measures: tuple[Measures, ...]) -> None:
    assert comparison(report(*measures)) == Comparison((), ())


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        (PRICES, Entry("0.00630", "=")),
        ({"another": {"input": 0.15}}, Entry("–")),
        ({"gpt-4o-mini": {"output": 6}}, Entry("0.0420", "+567 %", worse=True)),
        ({"gpt-4o-mini": {"output": 0}}, Entry("0", "-100 %")),
        ({"gpt-4o-mini": {"output": 999_999}}, Entry("7,000", "+7,000", worse=True)),
        ({"gpt-4o-mini": {"output": "free"}}, Entry("–")),
        ("none", Entry("–")),
    ],
)
def test_cost_where_prices_are_known(prices: object, said: Entry) -> None:
    found = shown(measured(), measured("candidate"), golden={"prices": PRICES}, candidate={"prices": prices})
    assert found["cost of 1,000 requests"] == (Entry("0.00630"), said)


def test_what_the_provider_answered_twice_costs_twice() -> None:
    both = {"golden": {"prices": PRICES}, "candidate": {"prices": PRICES}}
    twice = measured("candidate", posts=2, billed_prompt=28.0, billed_completion=14.0)
    assert shown(measured(), twice, **both)["cost of 1,000 requests"][1] == Entry("0.0126", "+100 %", worse=True)
    cached = measured("candidate", posts=0)
    assert shown(measured(), cached, **both)["cost of 1,000 requests"][1] == Entry("0", "-100 %")
    unknown = measured("candidate", prompt=None, completion=None)
    assert shown(measured(), unknown, **both)["cost of 1,000 requests"][1] == Entry("–")


# -- routes -------------------------------------------------------------------------------------


def routes(number: int, **more: Any) -> Report:
    parts = []
    for n in range(number):
        both = measured(), measured("candidate", ttft=100.0 * (n + 1), connect=10.0, **more)
        found = (finding(scenario="chat-stream"),) if n == 1 else ()
        one = report(*both, candidate={"route": f"r{n}", "prices": PRICES}, findings=found)
        parts.append(part(f"{n}.json", parse(json.render(one))))
    return merge(parts)


def test_routes_stand_beside_the_golden() -> None:
    compared = comparison(routes(3))
    assert compared.columns == ("golden", "r0", "r1", "r2")
    assert rows(compared)["first token, p50"] == (
        Entry("100 ms"), Entry("100 ms", "="), Entry("200 ms", "×2", worse=True), Entry("300 ms", "×3", worse=True),
    )  # fmt: skip
    assert rows(compared)["breaking findings"] == (Entry(""), Entry("0"), Entry("1", worse=True), Entry("0"))
    assert "risky findings" not in rows(compared)
    assert legend(compared)["first token"] == "from the request to the first token of a stream"


def test_a_route_that_is_not_there_has_no_figures() -> None:
    empty = merge(
        [part("0", replace(report(measured(), measured("candidate")), candidate={"route": "a"}))], expect_routes=["b"]
    )
    found = rows(comparison(empty))
    assert [entry.text for entry in found["first token, p50"]] == ["100 ms", "100 ms", "–"]
    assert [entry.text for entry in found["requests measured"]] == ["1", "1", "0"]


def test_a_terminal_shows_three_routes_at_a_time() -> None:
    text = formats()["terminal"](routes(4))
    heads = [line.split() for line in text.splitlines() if line.startswith("  " + " " * 22)]
    assert ["golden", "r0", "r1", "r2"] in heads
    assert ["golden", "r3"] in heads
    table = text.partition("Routes in figures:")[2].partition("Scenarios:")[0]
    assert max(map(len, table.splitlines())) <= 80
    assert "  first token, p50              100 ms        100 ms     200 ms ×2     300 ms ×3" in table
    assert "  connect: TCP and TLS, of requests that opened a connection" in table
    assert "Routes in figures" not in formats()["terminal"](report(measured(), measured("candidate")))


def test_markdown_and_html_have_the_table_and_its_legend() -> None:
    merged = routes(2)
    text = formats()["markdown"](merged)
    assert "| first token, p50 | 100 ms | 100 ms | **200 ms (×2)** |" in text
    assert "- connect: TCP and TLS" in text
    assert "Routes in figures" not in formats()["markdown"](report(measured(), measured("candidate")))
    page = formats()["html"](merged)
    assert "Routes in figures" in page
    assert '<td class="worse">200 ms <span class="diff">×2</span></td>' in page
    assert "<dt>connect</dt><dd>TCP and TLS" in page
    alone = formats()["html"](report(measured(), measured("candidate", ttft=400.0)))
    assert "Golden and candidate in figures" in alone
    assert '<td>400 ms</td><td class="diff worse">×4</td>' in alone


@pytest.mark.parametrize("value", ["-1", "1e300", "1" * 4000, "null", '"a"'])
def test_figures_of_a_stranger_are_bounded(value: str) -> None:
    text = json.render(report(measured(), measured("candidate", ttft=4321.0)))
    with pytest.raises(ConfigError, match="not a report"):
        parse(text.replace("4321.0", value))
