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

from gate.judge.verdict import conclude
from gate.model import Ending, Excerpt, Exhibit, Finding, Line, Mark, Report, ScenarioResult, Timing
from gate.reports.html import render
from gate.reports.page import contents
from gate.reports.page.heads import Fact, Head, facts, heads
from gate.suite import load_suite
from gate.text.safe import uncommanded
from tests.gallery import gallery, mutated, whole
from tests.report_samples import DRIFTING, HOSTILE, NASTY, PASSING, REPORTS, TOLERATED, finding, many, result

PAGE = Path(__file__).parent.parent / "gate" / "reports" / "page"
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
        response=(Line("text", "…", 100.0),),
    )
    return replace(found, **more)  # type: ignore[arg-type]


def nasty(text: str) -> Exhibit:
    """An exchange whose every text is hostile."""
    excerpt = Excerpt(text, text, text, text, text)
    return exhibit(
        scenario=text, media_type=text, detail=text, target=text, request=(Line(text, text[:6000]),), response=(Line(text, text[:6000], 1.0),),
        headers=((text, text),), excerpts=(excerpt,), curl=text[:4000],
    )  # fmt: skip


HOSTILE_EXHIBITS = replace(
    HOSTILE,
    exhibits=tuple(replace(nasty(text), side=side) for text in NASTY.values() for side in ("golden", "candidate")),
)
MISSING = ScenarioResult("c/shard 2/2", "", "incomplete", reason="c: shard 2/2 is missing", route="c")
ROUTES = conclude(
    replace(
        PASSING,
        candidate={"routes": {"a": {"host": "a.test"}, "b": {"host": "b.test"}, "c": {}}},
        scenarios=(
            *(replace(result(f"{name}/a-1"), route=name) for name in "ac"),
            *(replace(result(f"{name}/chat"), route=name) for name in "ab"),
            replace(result("b/embed"), route="b", status="incomplete", reason="refused"),
            MISSING,
        ),
        findings=(replace(finding(scenario="b/chat"), route="b"),),
    )
)
PAGES: Mapping[str, Report] = {**REPORTS, "hostile": HOSTILE, "hostile exhibits": HOSTILE_EXHIBITS, "routes": ROUTES}


@functools.cache
def page(name: str) -> str:
    return render(whole() if name == "gallery" else PAGES[name])


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


@pytest.mark.untraced
def test_fifty_scenarios_are_below_a_megabyte_and_rendered_within_a_second() -> None:
    report = whole()
    assert len(report.scenarios) >= 50
    start = time.process_time()  # what else the machine does is no matter
    text = render(report)
    assert time.process_time() - start < 1
    assert len(text.encode()) < 1_000_000
    assert text == page("gallery")


@pytest.mark.untraced
def test_a_route_that_drifts_everywhere_stays_below_a_megabyte() -> None:
    everywhere = {one.id: mutated("object-missing") for one in load_suite(("full",), Path())}
    report = gallery(drifts=everywhere)
    assert len(report.findings) > 30
    assert len(render(report).encode()) < 1_000_000


@pytest.mark.untraced
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
    assert cells["chat", "stream"] == ("idle", 0)
    assert cells["chat", "tools"] == ("idle", 0)
    assert cells["tool-forced", "tools"] == ("pass", 0)


@pytest.mark.parametrize(
    ("number", "drifted", "folds"), [(17, 0, False), (40, 1, False), (41, 1, True), (60, 0, False)]
)
def test_only_a_long_matrix_folds_and_never_as_a_whole(number: int, drifted: int, folds: bool) -> None:
    names = [f"s{n}" for n in range(number)]
    found = tuple(finding(scenario=name) for name in names[:drifted])
    text = render(replace(PASSING, scenarios=tuple(map(result, names)), findings=found))
    assert ('id="more"' in text, '<tbody id="clean">' in text, "without a finding</summary>" in text) == (folds,) * 3
    assert text.count('<th scope="row"><a href="#s-s') == number


def test_only_a_large_report_leaves_out_what_is_not_on_the_screen() -> None:
    assert "<body>" in render(many(200))
    assert '<body class="large">' in render(many(201))
    rules = [rule for rule in (PAGE / "page.css").read_text("utf-8").split("\n") if "content-visibility: auto" in rule]
    assert [rule for rule in rules if not rule.startswith(".large ")] == []


def test_a_merged_report_shows_routes_against_scenarios_and_needs_no_exchanges() -> None:
    text = page("routes")
    assert "Routes and scenarios" in text
    assert '<a class="s-drift" href="#s-b-chat">drift 1<span class="vh"> finding</span></a>' in text
    assert '<a class="s-pass" href="#s-a-chat">pass</a>' in text
    assert '<a class="s-incomplete" href="#s-b-embed">⚠ incomplete</a>' in text
    assert text.index('<th scope="row">chat') < text.index('<th scope="row">embed') < text.index('<th scope="row">a-1')
    assert f'title="{MISSING.reason}">⚠ incomplete<span' in text
    assert "<td>–</td>" in text
    assert '<li class="st-missing"><b>1</b> report missing</li>' in text
    assert '<dt>candidate a</dt>\n<dd><span class="fact"><i>host</i> a.test</span>' in text
    assert '<span class="vh">p95 </span>420 ms</span>' in text
    assert "Golden and candidate in figures" not in text


def test_facts_of_any_shape() -> None:
    known = {
        "zoo": None,
        "models": {"asked": {"chat": "m"}, "answered": ["m", 1, {"deep": "er x"}, {"a": {"b": "too deep"}}]},
        "route": "r",
        "n": 10**6000,
    }
    assert facts(known) == (Fact("route", "r"), Fact("model", "m"))
    assert facts({"models": {"asked": 1, "deep": {"a": ["b", {"too": "deep"}]}}}) == (
        Fact("models", "asked 1, deep a b"),
    )


def test_long_lists_of_facts_are_folded() -> None:
    versions = {f"package-{n}": "1.2.3" for n in range(40)}
    (fact,) = facts({"versions": versions})
    assert fact.number == 40
    text = render(replace(PASSING, golden={"versions": versions, "note": "x" * 500}))
    assert '<details class="fact"><summary><i>versions</i> 40</summary>package-0 1.2.3, ' in text
    assert '<span class="fact"><i>note</i> xxx' in text


def test_models_are_shown_as_asked_and_answered() -> None:
    known = {"models": {"asked": {"chat": "gpt-4o-mini"}, "answered": ["gpt-5-mini"]}}
    assert facts(known) == (Fact("model", "gpt-4o-mini → gpt-5-mini"),)
    merged = {"routes": {"azure": {"host": "a.test", **known}, "green": "odd"}}
    assert heads("candidate", merged) == (
        Head("candidate", "candidate azure", (Fact("host", "a.test"), Fact("model", "gpt-4o-mini → gpt-5-mini"))),
        Head("candidate", "candidate green", ()),
    )


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
