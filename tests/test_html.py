"""The HTML report as bytes: well-formed, closed to whatever a remote sent, small, and the same every time."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gate.model import Ending, Excerpt, Exhibit, Finding, Mark, Report, ScenarioResult, Timing
from gate.page import contents
from gate.page.axis import duration, ticks
from gate.page.balance import balance
from gate.page.strips import strips
from gate.page.timeline import Row, Timeline, timeline
from gate.prose.safetext import uncommanded
from gate.reports.html import render
from gate.suite import load_suite
from tests.gallery import gallery, mutated
from tests.report_samples import DRIFTING, HOSTILE, NASTY, PASSING, REPORTS, TOLERATED, finding, many, result

PAGE = Path(__file__).parent.parent / "gate" / "page"
_VOID = {"meta", "input", "br", "path", "line", "text"}


def exhibit(side: str = "golden", **more: object) -> Exhibit:
    """A stream of six events, one each 100 ms from the 100th on."""
    marks = tuple(Mark("text", 100.0 * n) for n in range(1, 7))
    timing = Timing(first_token=100.0, total=600.0, gaps=(100.0,) * 5, spread=500.0)
    found = Exhibit(
        side=side,  # type: ignore[arg-type]
        scenario="chat-stream",
        step=0,
        sample=0,
        endpoint="chat.completions",
        model="gpt-4o-mini",
        status=200,
        form="stream",
        media_type="text/event-stream",
        ending=Ending.COMPLETE,
        timing=timing,
        reads=6,
        size=600,
        tokens=(14, 7),
        marks=marks,
        target="POST /v1/chat/completions",
        response="data: …",
    )
    return replace(found, **more)  # type: ignore[arg-type]


def nasty(text: str) -> Exhibit:
    """An exchange whose every text is hostile."""
    excerpt = Excerpt(text, text, text, text, text)
    return exhibit(
        scenario=text, media_type=text, detail=text, target=text, request=text[:6000], response=text[:6000],
        headers=((text, text),), excerpts=(excerpt,),
    )  # fmt: skip


HOSTILE_EXHIBITS = replace(
    HOSTILE,
    exhibits=tuple(replace(nasty(text), side=side) for text in NASTY.values() for side in ("golden", "candidate")),
)
ROUTES = replace(
    PASSING,
    scenarios=tuple(replace(result(f"{route}/chat"), route=route) for route in ("a", "b")),
    findings=(replace(finding(scenario="b/chat"), route="b"),),
)
PAGES: Mapping[str, Report] = {**REPORTS, "hostile": HOSTILE, "hostile exhibits": HOSTILE_EXHIBITS, "routes": ROUTES}


@functools.cache
def page(name: str) -> str:
    return render(gallery() if name == "gallery" else PAGES[name])


NAMES = (*PAGES, "gallery")


class Reader(HTMLParser):
    """Every element with its attributes, and a complaint where they do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "input"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, name: str) -> list[str]:
        return [value or "" for _, attrs in self.elements for key, value in attrs.items() if key == name]


# -- well-formed and closed ---------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_elements_nest_and_every_link_leads_somewhere(name: str) -> None:
    read = Reader(page(name))
    ids = Counter(read.all("id"))
    assert {anchor: count for anchor, count in ids.items() if count > 1} == {}
    links = read.all("href")
    assert all(link.startswith("#") for link in links)
    assert {link[1:] for link in links} <= set(ids)
    assert {value for name in ("aria-labelledby", "aria-controls") for value in read.all(name)} <= set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_it_can_run_or_load(name: str) -> None:
    read = Reader(page(name))
    tags = Counter(tag for tag, _ in read.elements)
    assert (tags["script"], tags["style"]) == (1, 1)
    assert not {"img", "link", "iframe", "object", "embed", "base", "use", "image", "foreignobject", "a"} & set(
        tags
    ) - {"a"}
    names = {key for _, attrs in read.elements for key in attrs}
    assert not {
        key for key in names if key.startswith("on") or key in {"src", "style", "srcset", "action", "xlink:href"}
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_policy_names_style_and_script_by_their_hashes(name: str) -> None:
    text = page(name)
    policy = next(attrs["content"] for tag, attrs in Reader(text).elements if attrs.get("http-equiv"))
    digests = [
        base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        for part in re.findall(r"(?s)<(?:style|script)>(.*?)</(?:style|script)>", text)
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_style_and_script_hold_nothing_that_is_rewritten(name: str) -> None:
    text = (PAGE / name).read_text("utf-8")
    assert uncommanded(text) == text
    assert "</" not in text
    assert not re.search(r"https?:|url\(|@import|innerHTML|eval\(", text)


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_exchange_stays_text(name: str) -> None:
    scenarios = (ScenarioResult(NASTY[name], "chat.completions", "drift"),)
    text = render(replace(PASSING, scenarios=scenarios, exhibits=(nasty(NASTY[name]),)))
    assert not re.search(r"^\s*::|##\w*\[|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text, re.MULTILINE)
    assert Counter(tag for tag, _ in Reader(text).elements)["script"] == 1
    text.encode()


# -- sizes, speed, sameness ---------------------------------------------------------------------


def test_fifty_scenarios_are_below_a_megabyte_and_rendered_within_a_second() -> None:
    report = gallery()
    assert len(report.scenarios) >= 50
    start = time.perf_counter()
    text = render(report)
    assert time.perf_counter() - start < 1
    assert len(text.encode()) < 1_000_000
    assert text == page("gallery")


def test_a_route_that_drifts_everywhere_stays_below_a_megabyte() -> None:
    everywhere = {one.id: mutated("object-missing") for one in load_suite(("full",), Path())}
    report = gallery(drifts=everywhere)
    assert len(report.findings) > 30
    assert len(render(report).encode()) < 1_000_000


def test_a_finding_costs_little() -> None:
    assert len(render(many(5000))) < 1500 * 5000


# -- what it says -------------------------------------------------------------------------------


def test_verdict_and_reason_stand_at_the_top() -> None:
    text = " ".join("".join(Reader(page("drifting")).text).split())
    assert "drift 3 breaking findings in 2 of 4 scenarios; first field-missing in chat" in text
    assert text.startswith("drift · candidate · swapgate")


def test_findings_are_reached_by_their_fingerprint() -> None:
    text = page("drifting")
    for one in DRIFTING.findings:
        assert f'id="f-{one.fingerprint}"' in text


def test_anchors_of_a_stranger_are_safe_and_each_its_own() -> None:
    twice = replace(finding(), fingerprint='"><script>')
    known = contents.links(replace(PASSING, findings=(twice, replace(twice, step=1), replace(twice, fingerprint=""))))
    assert sorted(known.findings.values()) == ["f-", "f--script-", "f--script--2"]


def test_one_cause_in_many_scenarios_is_one_entry_with_the_others_inside() -> None:
    findings = tuple(finding("field-missing", "schema", scenario=f"s{n}", path="object") for n in range(4))
    text = render(replace(PASSING, findings=findings))
    assert "4 scenarios" in text
    assert "3 more of the same cause" in text


def test_only_the_first_causes_that_fail_the_build_are_open() -> None:
    opened = [
        attrs.get("data-word")
        for _, attrs in Reader(render(many(50))).elements
        if attrs.get("class") == "finding" and "open" in attrs
    ]
    assert opened == ["breaking"] * 3
    assert not [
        1 for _, attrs in Reader(page("tolerated")).elements if attrs.get("class") == "finding" and "open" in attrs
    ]


def test_what_is_off_tolerated_skipped_and_crashed_is_listed() -> None:
    tolerated = page("tolerated")
    assert "Switched off by policy" in tolerated
    assert "system-fingerprint-missing" in tolerated
    assert "tolerated until 2027-03-01: own ledger" in tolerated
    assert "the baseline does not serve it" in page("incomplete")
    assert "KeyError" in page("crashed")
    assert "golden recorded 400 days ago" in page("drifting")
    assert render(replace(PASSING, lead="several things changed at once")).count("several things changed at once") == 1


def test_the_matrix_counts_findings_by_area() -> None:
    parts = contents.parts(TOLERATED, contents.links(TOLERATED))
    cells = {(part.result.id, cell.area): (cell.word, cell.number) for part in parts for cell in part.cells}
    assert cells["chat-stream", "usage"] == ("tolerated", 1)
    assert cells["tool-forced", "schema"] == ("off", 1)
    assert cells["chat", "schema"] == ("pass", 0)
    assert cells["chat", "stream"] == ("", 0)


def test_a_merged_report_shows_routes_against_scenarios_and_needs_no_exchanges() -> None:
    text = page("routes")
    assert "Routes and scenarios" in text
    assert 'href="#s-b-chat"' in text
    assert "310 ms / 420 ms" in text
    assert "Golden and candidate in figures" not in text


def test_facts_of_any_shape() -> None:
    known = {
        "zoo": None,
        "models": {"asked": {"chat": "m"}, "answered": ["m", 1, {"deep": "er x"}, {"a": {"b": "too deep"}}]},
        "route": "r",
        "n": 10**6000,
    }
    assert contents.facts(known) == (("route", "r"), ("models", "answered m, 1, deep er x, asked chat m"))


# -- timelines ----------------------------------------------------------------------------------


def drawn(*samples: Exhibit) -> Timeline:
    found = timeline(samples)
    assert found
    return found


def rows(*samples: Exhibit) -> tuple[Row, ...]:
    return drawn(*samples).rows


def test_an_even_stream_is_an_even_row() -> None:
    (row,) = rows(exhibit())
    assert row.bars == (("text", "".join(f"M{x} 46V33" for x in (167.5, 332.5, 502.5, 667.5, 832.5, 997.5))),)
    assert (row.start, row.end, row.bursts, row.gaps, row.wait, row.broken) == (16.67, 100.0, (), (), None, "")
    assert (
        row.facts == "first token 100 ms · 6 events in 6 reads over 500 ms · longest gap 100 ms · complete after 600 ms"
    )


def test_a_buffered_stream_is_one_tower_after_a_long_wait() -> None:
    held = exhibit("candidate", marks=(Mark("role", 590.0), Mark("text", 590.0, 40), Mark("done", 590.0)))
    golden, candidate = rows(exhibit(), held)
    assert golden.wait is None
    assert candidate.wait
    assert candidate.wait.text == "nothing for 590 ms"
    assert [note.text for note in candidate.bursts] == ["×42"]
    assert len({path.split("V")[0].split()[0] for _, path in candidate.bars}) == 1


def test_gaps_and_cuts_are_named() -> None:
    stalled = replace(exhibit(), marks=(*exhibit().marks, Mark("text", 5600.0)), ending=Ending.CUT)
    (row,) = rows(stalled)
    assert [(note.text, note.width) for note in row.gaps] == [("5.0 s gap", 89.29)]
    assert row.broken == "cut"
    assert rows(replace(stalled, ending=Ending.CANCELLED))[0].broken == ""


def test_without_times_events_stand_in_order() -> None:
    untimed = replace(
        exhibit(), marks=(Mark("role", None), Mark("text", None, 3), Mark("done", None)), timing=Timing(), reads=0
    )
    found = drawn(untimed, exhibit("candidate"))
    assert (found.timed, found.ticks) == (False, ())
    assert found.rows[0].facts == "5 events · complete"
    assert found.rows[0].first is None


def test_the_sample_with_texts_stands_for_its_side() -> None:
    found = drawn(exhibit(response=""), exhibit(sample=1), exhibit("candidate"))
    assert [(row.side, row.title) for row in found.rows] == [("golden", "sample 2"), ("candidate", "sample 1")]
    assert [row.title for row in found.others] == ["sample 1"]


def test_no_picture_without_a_stream() -> None:
    assert timeline((exhibit(form="json"),)) is None
    assert drawn(exhibit(marks=())).rows == ()
    odd = exhibit(
        marks=(Mark("text", float("nan")), Mark("text", float("inf")), Mark("text", -1.0)),
        timing=Timing(total=float("nan")),
    )
    assert rows(odd)[0].end == 0.0


@pytest.mark.parametrize(
    ("ms", "text"),
    [(None, "–"), (float("nan"), "–"), (0.0, "0 ms"), (0.14, "0.14 ms"), (9.0, "9 ms"), (31.4, "31 ms"), (999.0, "999 ms"), (2400.0, "2.4 s"), (180_000.0, "180 s")],
)  # fmt: skip
def test_durations(ms: float | None, text: str) -> None:
    assert duration(ms) == text


@pytest.mark.parametrize(
    ("whole", "last", "count"), [(0.5, "0.5 ms", 6), (749, "600 ms", 4), (3800, "3.0 s", 4), (180_000, "150 s", 4)]
)
def test_the_scale_has_round_numbers(whole: float, last: str, count: int) -> None:
    found = ticks(whole)
    assert found[0].at == 0.0
    assert len(found) <= 7
    assert all(0 <= tick.at <= 100 for tick in found)
    assert (found[-1].text, len(found)) == (last, count)


# -- figures ------------------------------------------------------------------------------------


def test_strips_compare_medians() -> None:
    slow = exhibit("candidate", timing=Timing(first_token=400.0, total=600.0))
    first, gap, total = strips((exhibit(), slow), result("chat-stream"))
    assert [(rug.side, rug.words, rug.p50) for rug in first.rugs] == [
        ("golden", "100 ms", 100.0),
        ("candidate", "400 ms", 400.0),
    ]
    assert (first.change, first.slower) == ("×4", True)
    assert ([rug.words for rug in gap.rugs], gap.change) == (["100 ms / 100 ms"], "")
    assert (total.change, total.slower) == ("×1", False)


def test_both_sides_in_figures() -> None:
    broken = exhibit("candidate", ending=Ending.RESET, attempts=3, tokens=(14, None), status=500)
    lines = {line.name: line for line in balance(replace(PASSING, exhibits=(exhibit(), broken)))}
    assert (lines["retries"].golden, lines["retries"].candidate, lines["retries"].worse) == ("0", "2", True)
    assert lines["broken streams"].worse
    assert lines["with an error status"].candidate == "1 of 1"
    assert (lines["first token, p50"].golden, lines["first token, p50"].candidate) == ("100 ms", "–")
    assert lines["completion tokens per answer"].candidate == "–"
    assert "cost of 1,000 answers" not in lines
    assert balance(replace(PASSING, exhibits=(exhibit(),))) == ()


@pytest.mark.parametrize(
    ("prices", "said", "worse"),
    [
        ({"gpt-4o-mini": {"input": 0.15, "output": 0.6}}, ("0.0063", "0.0063"), False),
        ({"another": {"input": 0.15}}, ("0.0063", "–"), False),
        ({"gpt-4o-mini": {"output": 6}}, ("0.0063", "0.042"), True),
        ({"gpt-4o-mini": {"output": "free"}}, ("0.0063", "–"), False),
        ("none", ("0.0063", "–"), False),
    ],
)
def test_cost_where_prices_are_known(prices: object, said: tuple[str, str], worse: bool) -> None:
    facts = {"prices": {"gpt-4o-mini": {"input": 0.15, "output": 0.6}}}
    both = (exhibit(), exhibit("candidate"), exhibit("candidate", tokens=(None, None)))
    *_, line = balance(replace(PASSING, golden=facts, candidate={"prices": prices}, exhibits=both))
    assert (line.name, (line.golden, line.candidate), line.worse) == ("cost of 1,000 answers", said, worse)


def test_pictures_stand_with_the_findings_they_tell_best() -> None:
    late: Finding = finding("stream-buffered", "latency", scenario="chat-stream", path="timing.spread")
    cut_off = finding("body-cut", "transport", scenario="chat-stream", path="body")
    other = finding("usage-missing", "usage", scenario="chat-stream", path="usage")
    report = replace(
        PASSING, findings=(late, cut_off, other), exhibits=(exhibit(), exhibit("candidate", ending=Ending.CUT))
    )
    known = contents.links(report)
    found = contents.pictures(contents.parts(report, known), known)
    assert set(found) == {known.of(late), known.of(cut_off)}
    assert render(report).count('class="timeline"') == 3
