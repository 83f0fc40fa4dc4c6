"""Which recordings of the two sides are judged together, where no `gate` key says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gate.judge.report import judge
from gate.model import Ending, Exchange, Policy, Report
from gate.model.sides import Side
from tests.catalogue.exchanges import calls, stock
from tests.catalogue.tools import refused, reply, turned
from tests.rules_table import plain


def judged(golden: Sequence[Exchange], candidate: Sequence[Exchange]) -> Report:
    """The report of one scenario."""
    return judge(Side({"t": golden}), Side({"t": candidate}), Policy(), date(2026, 1, 1))


def talk(id: str) -> list[Exchange]:
    """Two turns; the second echoes the id that the first one brought."""
    return [calls(stock(id=id)), turned(200, None, *reply(id))]


def test_a_later_turn_pairs_although_it_echoes_another_reply() -> None:
    # TL22: the candidate refuses its own id on replay
    second = turned(400, refused("Tool call id was call_49c89af0 but must be …"), *reply("call_49c89af0"))
    report = judged(talk("call_1"), [calls(stock(id="call_49c89af0")), second])
    assert [(f.rule, f.step) for f in report.findings] == [("request-rejected", 1)]
    assert [one.status for one in report.scenarios] == ["drift"]


def test_samples_of_a_later_turn_stay_samples() -> None:
    report = judged(talk("a") + talk("b"), talk("x") + talk("y"))
    assert (report.verdict, [one.status for one in report.scenarios]) == ("pass", ["pass"])


def test_the_same_body_to_another_unknown_operation_is_another_request() -> None:
    def at(url: str, status: int) -> Exchange:
        return plain({"results": []} if status == 200 else {"detail": "no"}, {"input": "x"}, status=status, url=url)

    golden = [at("/v1/reorder", 200), at("/v1/score", 404)]
    report = judged(golden, [at("/gateway/v1/reorder", 404), at("/gateway/v1/score", 200)])
    assert {(f.rule, f.step) for f in report.findings if f.path == "status"} == {
        ("success-lost", 0),
        ("rejection-lost", 1),
    }
    assert judged(golden, [at("/gateway/v1/reorder", 200), at("/gateway/v1/score", 404)]).verdict == "pass"


def test_another_question_is_no_counterpart() -> None:
    other = calls(stock(), ask={"model": "m", "messages": [{"role": "user", "content": "Something else"}]})
    report = judged(talk("a"), [calls(stock()), other])
    assert [one.status for one in report.scenarios] == ["incomplete"]


def test_an_outage_without_words_is_told_by_what_is_known_of_it() -> None:
    page = replace(plain(b"<html>", status=502, headers={"content-type": "text/html"}), outage=True)
    silent = Exchange(page.request, None, ending=Ending.TIMEOUT, outage=True)
    for down, words in ((page, "HTTP 502 text/html"), (silent, "timeout"), (replace(page, detail="no"), "no")):
        report = judged([plain({})], [down])
        assert [(one.status, one.reason) for one in report.scenarios] == [("incomplete", f"the route failed: {words}")]
