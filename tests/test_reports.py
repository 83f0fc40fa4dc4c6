"""Every report format: golden outputs, the hostile report, speed; and what only the terminal shows."""

from __future__ import annotations

import importlib
import json
import re
import unicodedata
from dataclasses import replace
from typing import get_args

import pytest

from gate.judge.verdict import conclude
from gate.model import Area, Json, Report, Severity
from gate.model.words import AREAS
from gate.reports import formats
from gate.reports.terminal import render as terminal
from gate.reports.words.figures import facts_line
from gate.reports.words.findings import finding_lines
from gate.reports.words.headlines import headlines
from tests.report_samples import (
    DRIFTING,
    HOSTILE,
    NASTY,
    PASSING,
    REPORTS,
    TOLERATED,
    finding,
    golden_output,
    many,
    result,
    without_assets,
)

FORMATS = tuple(formats())
BOUNDED = {"comment"}  # has a limit that a thousand findings pass


def own_text(name: str, report: Report) -> str:
    """What a format says, less the workflow commands that `github` gives itself; tests/test_github.py looks at those."""
    text = formats()[name](report)
    return re.sub(r"^::(?:stop-commands::)?[0-9a-f]{64}(?:::)?$|^::(?=error |warning |notice )", "", text, flags=re.M)


def test_formats_are_found_by_their_folder() -> None:
    assert {"json", "junit", "junit-github", "terminal"} <= set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_has_render_and_nothing_else_public(name: str) -> None:
    module = importlib.import_module(f"gate.reports.{name.replace('-', '_')}")
    own = {key for key, value in vars(module).items() if getattr(value, "__module__", None) == module.__name__}
    assert {key for key in own if not key.startswith("_")} == {"render"}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("sample", REPORTS)
def test_golden_output(sample: str, name: str) -> None:
    path = golden_output(sample, name)
    assert path.is_file(), "run `make pages`, then read what it wrote"
    assert without_assets(formats()[name](REPORTS[sample])) == path.read_text("utf-8")


def test_no_golden_output_is_left_over() -> None:
    wanted = {golden_output(sample, name) for sample in REPORTS for name in FORMATS}
    assert set(golden_output("x", "y").parent.iterdir()) == wanted


# -- every format, hostile and large ------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_fires_in_a_hostile_report(name: str) -> None:
    text = own_text(name, HOSTILE)
    text.encode("utf-8")  # no lone surrogate is left
    lines = text.split("\n")
    assert not [line for line in lines if line.lstrip().startswith("::")]
    assert not re.search(r"##\w*\[", text)
    bad = {char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}} - {"\n"}
    assert bad == set()
    assert max(map(len, lines)) < 10_000
    assert len(text) < 500_000


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("nasty", NASTY)
def test_one_hostile_text_at_a_time(name: str, nasty: str) -> None:
    """Alone in a report, no neighbour can hide what a text does to the format."""
    text = NASTY[nasty]
    only = replace(PASSING, notes=(text,), findings=(replace(finding(), message=text, candidate=text, path=text),))
    rendered = own_text(name, only)
    assert "finish-reason-changed" in rendered
    assert not re.search(r"^\s*::|##\w*\[|[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", rendered, re.M)


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_not_judged_is_no_pass(name: str) -> None:
    """A report without findings may be one that says nothing: of a rule that raised, of a route that is down."""
    render = formats()[name]
    assert "usage-sums" in render(REPORTS["crashed"]), "report.crashes is not shown"
    assert "connection refused" in render(REPORTS["incomplete"]), "the reason of an incomplete scenario is not shown"


@pytest.mark.untraced
@pytest.mark.parametrize("name", FORMATS)
def test_a_thousand_findings_are_all_there_or_counted(name: str) -> None:
    assert "no 999" in formats()[name](many(1000)) or name in BOUNDED


@pytest.mark.parametrize("name", FORMATS)
def test_what_comes_in_any_order_comes_out_the_same(name: str) -> None:
    shuffled = replace(DRIFTING, golden=dict(reversed(list(DRIFTING.golden.items()))))
    assert formats()[name](shuffled) == formats()[name](DRIFTING)


# -- one finding in words -----------------------------------------------------------------------


def test_a_finding_looks_as_the_design_draws_it() -> None:
    found = replace(finding(), fingerprint="9f2c41d07a3e", message="a value that no golden shows", hint="map it")
    assert finding_lines(found) == [
        "breaking[finish-reason-changed] chat.completions / tool-forced   choices[0].finish_reason   (3/3 samples)",
        '  [- golden]    "tool_calls"     golden/tool-forced/cassette.yaml:41',
        '  [+ candidate] "stop"           frame 7, byte 1834',
        "  what: a value that no golden shows",
        '  who breaks: loops that wait for finish_reason == "tool_calls" never run the tool',
        "  fix: map it",
        "  policy: default; id 9f2c41d07a3e; gate explain finish-reason-changed",
    ]


def test_what_is_not_known_leaves_no_hole() -> None:
    bare = replace(finding(step=1, path=""), samples=0, hits=0, hint="", who_breaks="", location=finding().location)
    lines = finding_lines(bare)
    assert lines[0] == "breaking[finish-reason-changed] chat.completions / tool-forced step 1   (whole answer)"
    assert [line.split(":")[0].strip() for line in lines[3:]] == ["what", "policy"]


# -- one cause, one headline --------------------------------------------------------------------


def test_every_area_has_its_place_in_the_order() -> None:
    assert sorted(AREAS) == sorted(get_args(Area))


def test_the_same_rule_and_path_in_many_scenarios_is_one_headline() -> None:
    findings = [finding("field-missing", "schema", scenario=f"s{n}", path=f"choices[{n}].index") for n in range(3)] + [
        finding("field-missing", "schema", path="object"),
        replace(finding(), outcome="tolerated"),
    ]
    groups = headlines(reversed(findings))
    assert [(group.first.path, group.scenarios) for group in groups] == [
        ("choices[0].index", ("s0", "s1", "s2")),
        ("object", ("tool-forced",)),
        ("choices[0].finish_reason", ("tool-forced",)),
    ]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "-"),
        ({"models": {"asked": {"chat": "a"}, "answered": ["a"]}, "route": "r"}, "route r  model a"),
        ({"models": {"asked": {"chat": "a"}, "answered": ["b"]}}, "model a (answered b)"),
        ({"models": {"asked": {"chat": "a", "embedding": "e"}, "answered": ["a-1", "e"]}}, "model a (answered a-1), e"),
        ({"models": {"asked": {"chat": "a", "code": "a"}, "answered": ["a", "b"]}}, "model a (answered a, b)"),
        ({"models": {"asked": {"chat": "a"}, "answered": []}}, "model a"),
        ({"models": {"asked": 1, "answered": "b"}}, "models answered b, asked 1"),
        ({"models": {"asked": {}, "answered": ["b"]}}, "model b"),
        ({"models": ["a"]}, "-"),
        ({"routes": {"x": {"host": "x.test", "models": {"asked": {"chat": "a"}}}, "y": 1}}, "routes x (x.test, a), y"),
        ({"routes": {"x": {"model": "a", "versions": {"openai": "1.2"}}}}, "routes x (a)"),
        ({"routes": "a, b"}, "routes a, b"),
        ({"versions": {"openai": "1.2"}, "prices": {"a": {"input": 1}}, "run": "f0"}, "-"),
    ],
)
def test_facts_on_one_line(facts: dict[str, Json], said: str) -> None:
    assert facts_line(facts) == said


@pytest.mark.parametrize("name", ["terminal", "markdown", "comment", "junit", "junit-github"])
def test_text_formats_name_the_models(name: str) -> None:
    models: Json = {"asked": {"chat": "gpt-4o-mini"}, "answered": ["gpt-5-mini"]}
    text = formats()[name](replace(PASSING, candidate={"route": "candidate", "models": models}))
    assert "route candidate  model gpt-4o-mini (answered gpt-5-mini)" in text


@pytest.mark.parametrize("name", ["terminal", "markdown", "comment"])
def test_what_leads_a_report_stands_above_its_findings(name: str) -> None:
    text = formats()[name](replace(DRIFTING, lead="2 things changed at once"))
    assert -1 < text.find("2 things changed at once") < text.find("who breaks")


def test_headlines_stand_in_the_order_of_fixing() -> None:
    areas: tuple[Area, ...] = ("errors", "embeddings", "structured", "tools", "stream", "schema")
    findings = [finding(f"rule-{area}", area, severity) for area in areas for severity in Severity]
    shown = [(group.first.area, group.first.severity.word) for group in headlines(findings)]
    words = ("breaking", "risky", "info")
    assert shown == [(area, word) for word in words for area in reversed(areas)]


# -- the terminal -------------------------------------------------------------------------------


def test_the_first_line_is_the_verdict_and_why() -> None:
    first = terminal(DRIFTING).split("\n")[0]
    assert first == "DRIFT  3 breaking findings in 2 of 4 scenarios; first field-missing in chat"


def test_a_long_report_ends_with_its_verdict() -> None:
    lines = terminal(DRIFTING).split("\n")
    assert lines[-2] == lines[0]
    assert terminal(PASSING).count("PASS") == 1


def test_tolerated_findings_are_printed_and_those_switched_off_counted() -> None:
    text = terminal(TOLERATED)
    assert "Tolerated by policy: 1 finding\n\nbreaking[usage-chunk-missing]" in text
    assert "tolerated until 2027-03-01: own ledger" in text
    assert "Switched off by policy: 1" in text
    assert "system-fingerprint-missing" not in text


def test_many_scenarios_are_named_up_to_a_bound() -> None:
    findings = tuple(finding(scenario=f"s{n:03}") for n in range(100))
    text = terminal(replace(PASSING, findings=findings))
    assert "chat.completions / 100 scenarios" in text
    assert "s029 and 70 more" in text


def test_colours_are_ours_and_change_no_text() -> None:
    coloured = terminal(DRIFTING, colour=True)
    assert "\x1b[31m  [- golden]" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == terminal(DRIFTING)
    assert not re.search(r"\x1b(?!\[[0-9;]*m)", terminal(HOSTILE, colour=True))


def test_facts_of_a_route_and_latency() -> None:
    facts = {"models": {"chat": "m", "deep": {}}, "date": "2026-11-20", "route": "r", "deep": [1], "none": None}
    slow = replace(result("chat"), attempts=1, latency={"total_p50": 61_000.0, "total_p95": 1.0})
    text = terminal(replace(PASSING, golden=facts, candidate={}, scenarios=(slow,)))
    assert "  golden     route r  models chat m  date 2026-11-20\n  candidate  -\n" in text
    assert "  pass  chat  chat.completions  1 attempt  total 61.0 s\n" in text


# -- json ---------------------------------------------------------------------------------------


def test_json_keeps_the_text_and_only_writes_it_otherwise() -> None:
    document = json.loads(formats()["json"](replace(PASSING, notes=("##[error]x", "\x1b\ud800"))))
    assert document["notes"] == ["##[error]x", "\x1b\ud800"]


def test_json_of_values_that_json_cannot_hold() -> None:
    deep: object = "end"
    for _ in range(100_000):
        deep = [deep]
    facts = {
        "nan": float("nan"),
        "inf": float("inf"),
        "many": 10**9999,
        "deep": deep,
        "odd": {1: {2}},
        "big": "A" * 10**6,
    }
    golden = json.loads(formats()["json"](replace(PASSING, golden=facts)))["golden"]
    assert (golden["nan"], golden["inf"], golden["many"], golden["odd"]) == (None, None, None, {"1": "{2}"})
    assert golden["big"].endswith("(1,000,000 characters)")


def test_streams_that_differ_in_numbers_alone_are_one_line() -> None:
    told = ("41 chunks, first token 310 ms, done", "40 chunks, first token 1.2 s, done", "40 chunks, first token 9 ms")
    text = terminal(replace(PASSING, scenarios=(replace(result("chat-stream"), streams=told),)))
    shown = text.partition("Streams:\n")[2].partition("\n\n")[0].split("\n")
    assert shown == [f"  chat-stream  {told[0]} · 1 more like it", f"  chat-stream  {told[2]}"]


DOWN = tuple(replace(result(f"s{n}"), status="incomplete", reason="connection refused") for n in range(58))


@pytest.mark.parametrize("name", formats())
def test_a_route_that_is_down_is_one_line_and_a_count(name: str) -> None:
    text = formats()[name](conclude(replace(PASSING, scenarios=DOWN)))
    # JSON is for programs, and the heading of a page repeats the reason
    assert name == "json" or text.count("connection refused") <= (60 if name == "html" else 5)
    assert "58 of 58 scenarios could not be judged" in text or name == "sarif"
    assert re.search("58 scenarios|57 more", text) or name in ("gitlab", "json", "github")
