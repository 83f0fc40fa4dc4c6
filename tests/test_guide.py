"""What stands with a finding on the page: what its rule says, the ways out with ready YAML, the published page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
import yaml

from gate.config.tolerating import tolerating
from gate.model import Finding, Report, Severity
from gate.reports.html import render
from gate.reports.page.contents import columns, links
from gate.reports.page.guide import Guide, guides
from gate.reports.words.headlines import headlines
from gate.reports.words.rule_page import PAGED
from gate.reports.words.ways_out import ways_out
from gate.rules import rules
from tests.report_samples import CANDIDATE, DRIFTING, PASSING, TOLERATED, finding, many


def of(*findings: Finding, **more: object) -> Mapping[str, Guide]:
    report: Report = replace(PASSING, findings=findings, **more)  # type: ignore[arg-type]
    return guides(report, headlines(findings), links(report))


def only(*findings: Finding, **more: object) -> Guide:
    (guide,) = of(*findings, **more).values()
    return guide


def test_a_rule_says_what_it_does_who_breaks_and_when_to_tolerate_it() -> None:
    titles = [title for title, _ in only(finding()).says]
    assert titles == ["the rule", "who breaks", "when to tolerate"]
    spans = dict(only(finding()).says)["the rule"]
    assert spans[:3] == (("Reports a ", False), ("finish_reason", True), (" outside the API's vocabulary (", False))
    assert only(finding("made-up")).says == ()


@pytest.mark.parametrize("rule", [*rules(), *PAGED])
def test_every_page_has_what_a_finding_shows(rule: str) -> None:
    for _, spans in only(finding(rule)).says:
        told = "".join(text for text, _ in spans)
        assert told
        assert not [sign for sign in ("](", "`", "\n") if sign in told]


def test_a_rule_speaks_once() -> None:
    first, second = finding(path="a"), finding(path="b")
    told = of(first, second)
    above, below = told[f"f-{first.fingerprint}"], told[f"f-{second.fingerprint}"]
    assert (bool(above.says), above.above) == (True, "")
    assert (below.says, below.above) == ((), f"f-{first.fingerprint}")


def test_the_yaml_is_ready() -> None:
    one = finding()
    guide = only(one)
    (entry,) = yaml.safe_load(guide.yaml)
    assert entry == {
        "rule": one.rule,
        "scenario": one.scenario,
        "path": one.path,
        "reason": "why it can wait",
        "until": date(2026, 12, 22),
    }
    assert yaml.safe_load(tolerating("version: 1\n", {**entry, "until": "2026-12-22"}))["policy"]["tolerate"] == [entry]
    assert [command.split()[1] for _, command in guide.commands] == ["refresh", "tolerate"]


def test_one_cause_in_several_scenarios_is_tolerated_everywhere() -> None:
    both = (finding(scenario="a"), finding(scenario="b"))
    assert "scenario" not in only(*both).yaml
    assert "--all-scenarios" in only(*both).commands[1][1]


def test_a_route_of_a_merged_report_is_not_part_of_the_scenario() -> None:
    one = replace(finding(scenario="azure/chat"), route="azure")
    routes = {"routes": {"azure": {"date": "2027-01-01"}}}
    guide = only(one, candidate=routes)
    assert "scenario: chat\n" in guide.yaml
    assert "until: 2027-01-31\n" in guide.yaml
    assert "  if the change is meant: gate refresh --only chat --write" in ways_out(headlines([one])[0])


@pytest.mark.parametrize("day", [None, "yesterday", 5, "9999-12-31"])
def test_without_a_day_of_the_recording_the_person_fills_it_in(day: object) -> None:
    assert "until: YYYY-MM-DD" in only(finding(), candidate={"date": day}).yaml.replace('"', "")


@pytest.mark.parametrize(
    "one",
    [
        replace(finding(), severity=Severity.INFO),
        replace(finding(), outcome="tolerated"),
        replace(finding(), outcome="off"),
    ],
)
def test_what_fails_nothing_needs_no_way_out(one: Finding) -> None:
    assert (only(one).commands, only(one).yaml) == ((), "")


def test_an_entry_that_is_too_long_is_left_to_the_command() -> None:
    guide = only(finding(path="a." * 2000))
    assert (guide.yaml, len(guide.commands)) == ("", 2)


def test_a_hundred_causes_have_their_ways_out() -> None:
    report = many(130)
    told = guides(report, headlines(report.findings), links(report)).values()
    assert [bool(guide.yaml) for guide in told] == [True] * 100 + [False] * 30


def test_the_page_shows_them() -> None:
    text = render(replace(DRIFTING, rules_url="https://docs.test/{rule}"))
    assert (
        '<a href="https://docs.test/field-missing" rel="noopener noreferrer">https://docs.test/field-missing</a>'
        in text
    )
    assert "<dt>when to tolerate</dt><dd>When your client never reads <code>finish_reason</code>" in text
    assert "- rule: finish-reason-changed\n  scenario: tool-forced\n" in text
    assert text.count("Ways out:") == 3
    assert "Ways out:" not in render(TOLERATED)


def test_the_worst_areas_stand_first() -> None:
    assert CANDIDATE["date"] == "2026-11-22"
    assert columns(DRIFTING)[:3] == ("schema", "tools", "usage")
    assert columns(PASSING)[:3] == ("transport", "schema", "stream")
    assert columns(TOLERATED)[:3] == ("usage", "schema", "transport")
    assert "9 areas, the worst first" in render(DRIFTING)
