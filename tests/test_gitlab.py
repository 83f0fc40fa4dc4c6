"""The `gitlab` format: what GitLab's Code Quality widget reads."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gate.model import Report
from gate.reports.gitlab import render
from tests.report_samples import CRASHED, DRIFTING, HOSTILE, INCOMPLETE, PASSING, REPORTS, TOLERATED, finding, many

ALL = {**REPORTS, "hostile": HOSTILE, "many": many(200)}


def issues(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(report))
    return found


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_every_issue_has_what_gitlab_needs(report: Report) -> None:
    for issue in issues(report):
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith(("/", "./"))
        assert all(issue[name] for name in ("description", "check_name", "fingerprint"))


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_fingerprints_are_unique(report: Report) -> None:
    found = [issue["fingerprint"] for issue in issues(report)]
    assert len(set(found)) == len(found)


def test_severities() -> None:
    found = [(issue["check_name"], issue["severity"]) for issue in issues(DRIFTING)]
    assert found == [
        ("field-missing", "critical"),
        ("field-missing", "critical"),
        ("finish-reason-changed", "critical"),
        ("usage-chunk-missing", "major"),
    ]
    assert [issue["severity"] for issue in issues(TOLERATED)] == ["info"]
    assert issues(PASSING) == []


def test_the_fingerprint_is_the_finding_s_and_differs_by_route() -> None:
    twice = (replace(finding(), route="a"), replace(finding(), route="b"), replace(finding(), route="b"))
    known = finding().fingerprint
    found = [issue["fingerprint"] for issue in issues(replace(PASSING, findings=twice))]
    assert found == [f"{known}-a", f"{known}-b", f"{known}-b-2"]


@pytest.mark.parametrize("report", [INCOMPLETE, CRASHED])
def test_what_could_not_be_judged_is_not_clean(report: Report) -> None:
    issue = issues(report)[0]
    assert (issue["severity"], issue["location"]["path"]) == ("blocker", "gate.yaml")
    assert issue["description"] == report.reason


def test_a_rule_that_raised_is_told_once_with_the_end_of_its_traceback() -> None:
    twice = replace(CRASHED, crashes=CRASHED.crashes * 2)
    _, issue = issues(twice)
    assert (issue["check_name"], issue["severity"]) == ("crashed-usage-sums", "blocker")
    assert issue["description"].startswith("crashed[usage-sums] chat step 0 (2 cells): | Traceback")
    assert issue["description"].endswith('| KeyError: "a"')


def test_what_a_reader_must_know_comes_first() -> None:
    first, *_ = issues(replace(DRIFTING, lead="2 things changed at once: model; base_url"))
    assert (first["severity"], first["description"]) == ("info", "2 things changed at once: model; base_url")
