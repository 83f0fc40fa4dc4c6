"""The `sarif` format: what code scanning needs, the limits of GitHub, and the schema itself (slow)."""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gate.model import Crash, Location, Report
from gate.reports.sarif import render
from gate.reports.words.headlines import headlines
from gate.store.shipped import rule_pages
from tests.report_samples import (
    COMPARED,
    CRASHED,
    DRIFTING,
    HOSTILE,
    INCOMPLETE,
    PASSING,
    REPORTS,
    TOLERATED,
    finding,
    many,
    result,
)


def routes(number: int) -> Report:
    names = [f"route-{n:02}" for n in range(number)]
    return replace(
        PASSING,
        scenarios=tuple(replace(result(f"{name}/chat"), route=name) for name in names),
        findings=tuple(replace(finding(scenario=f"{name}/chat"), route=name) for name in names),
    )


ALL = {
    **REPORTS,
    "hostile": HOSTILE,
    "many": many(200),
    "routes": routes(3),
    "none": replace(PASSING, scenarios=(), findings=()),
}


def runs(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(report))["runs"]
    return found


def results(report: Report) -> list[dict[str, Any]]:
    return [one for run in runs(report) for one in run["results"]]


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_every_result_has_its_rule_a_place_and_a_fingerprint(report: Report) -> None:
    for run in runs(report):
        known = run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in known}) == len(known)
        for one in run["results"]:
            assert known[one["ruleIndex"]]["id"] == one["ruleId"]
            assert one["partialFingerprints"]["swapgate/v1"]
            (place,) = (location["physicalLocation"] for location in one["locations"])
            assert not place["artifactLocation"]["uri"].startswith(("/", "file:"))
            assert place["region"]["startLine"] >= 1


def test_a_result_in_full() -> None:
    (run,) = runs(DRIFTING)
    assert run["automationDetails"] == {"id": "drift/candidate/"}
    found = run["results"][2]
    assert (found["ruleId"], found["level"]) == ("finish-reason-changed", "error")
    assert found["message"]["text"].split("\n")[1:] == [
        '[- golden] "tool_calls"',
        '[+ candidate] "stop"  frame 7, byte 1834',
    ]
    assert found["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "golden/tool-forced/cassette.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 41},
    }
    assert found["partialFingerprints"]["primaryLocationLineHash"] == finding().fingerprint
    assert (found["properties"]["candidateFrame"], found["properties"]["candidateByte"]) == (7, 1834)


def test_rules_bring_their_help() -> None:
    rule = next(r for r in runs(DRIFTING)[0]["tool"]["driver"]["rules"] if r["id"] == "finish-reason-changed")
    assert rule["shortDescription"]["text"]
    assert "Fix: map the provider's own reasons" in rule["help"]["text"]
    assert rule["help"]["text"].endswith("\n\ngate explain finish-reason-changed")
    page = (rule_pages() / "finish-reason-changed.md").read_text("utf-8")
    headings = [words.split("\n")[0] for words in rule["help"]["markdown"].split("## ")[1:]]
    assert headings == ["What it does", "Who breaks", "When to tolerate it"]
    assert all(words.partition("\n\n`gate")[0].strip() in page for words in rule["help"]["markdown"].split("## ")[1:])
    assert rule["fullDescription"]["text"].startswith("Reports a finish_reason ")
    assert "helpUri" not in rule  # nobody said where the pages are published
    published = replace(DRIFTING, rules_url="https://docs.test/rules/{rule}/")
    addresses = {one["id"]: one["helpUri"] for one in runs(published)[0]["tool"]["driver"]["rules"]}
    assert addresses["finish-reason-changed"] == "https://docs.test/rules/finish-reason-changed/"
    unknown = runs(replace(PASSING, findings=(finding("invented-later"),)))[0]["tool"]["driver"]["rules"][0]
    assert unknown["shortDescription"]["text"] == unknown["fullDescription"]["text"] == finding().message
    assert "markdown" not in unknown["help"]


def test_tolerated_is_a_suppressed_note_and_switched_off_is_left_out() -> None:
    (only,) = results(TOLERATED)
    assert only["level"] == "note"
    assert only["suppressions"] == [{"kind": "external", "justification": "tolerated until 2027-03-01: own ledger"}]


def test_with_a_base_each_result_has_its_state_and_what_is_fixed_is_no_result() -> None:
    states = {(one["ruleId"], one["logicalLocations"]): one["baselineState"] for one in map(_placed, results(COMPARED))}
    assert states == {
        ("field-missing", "chat object"): "unchanged",
        ("field-missing", "tool-forced object"): "new",
        ("finish-reason-changed", "tool-forced choices[0].finish_reason"): "new",
        ("usage-chunk-missing", "chat-stream usage"): "updated",
    }
    unknown = replace(COMPARED, findings=(finding(),))  # of a scenario that the base did not judge
    assert [one["baselineState"] for one in results(unknown)] == ["new"]
    assert all("baselineState" not in one for one in results(DRIFTING))
    told = runs(COMPARED)[0]["invocations"][0]["toolExecutionNotifications"]
    assert [one["message"]["text"] for one in told if one["level"] == "note"] == [
        "since the base (candidate, 2026-11-22): 2 new, 1 worse, 1 still there, 1 fixed",
        "fixed since the base: breaking[error-type-changed] chat.completions / chat   error.type   (3/3 samples)",
    ]


def _placed(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "logicalLocations": one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]}


def test_what_could_not_be_judged_is_told_and_no_success() -> None:
    for report, text in ((INCOMPLETE, "incomplete: tool-forced: connection refused"), (CRASHED, "crashed: usage-sums")):
        (invocation,) = runs(report)[0]["invocations"]
        assert invocation["executionSuccessful"] is False
        assert any(text in told["message"]["text"] for told in invocation["toolExecutionNotifications"])
    assert runs(PASSING)[0]["invocations"][0]["executionSuccessful"] is True


def test_a_crash_is_told_once_for_its_rule_with_its_traceback() -> None:
    twice = replace(CRASHED, crashes=CRASHED.crashes * 2)
    (told,) = runs(twice)[0]["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].splitlines() == [
        "crashed: usage-sums in chat (2 cells)",
        "  | Traceback (most recent call last):",
        '  |   File "x.py", line 3',
        '  | KeyError: "a"',
    ]


def test_a_link_in_remote_text_is_none_in_the_message() -> None:
    for text, shown in (
        ("[click](http://evil.test)", "[click] (http: //evil.test)"),
        ("[click](1)", "[click] (1)"),  # a related location
        ("![x](https://evil.test/a.png)", "![x] (https: //evil.test/a.png)"),
        ("<HTTPS://evil.test> WWW.evil.test", "<HTTPS: //evil.test> WWW .evil.test"),
        ("[a\\]](javascript:alert)", "[a\\]] (javascript:alert)"),
    ):
        (only,) = results(replace(PASSING, findings=(replace(finding(), candidate=text),)))
        assert shown in only["message"]["text"]
        spoiled = replace(PASSING, lead=text, notes=(text,), crashes=(Crash(text, text, 0, text),))
        for run in runs(spoiled):
            said = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
            assert not [words for words in said if "](" in words or "://" in words]


def test_uris_are_escaped() -> None:
    golden = Location(file="golden/a b#c?d%e/cassette.yaml", line=2)
    (only,) = results(replace(PASSING, findings=(replace(finding(), golden_location=golden),)))
    uri = only["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "golden/a%20b%23c%3Fd%25e/cassette.yaml"


# -- GitHub's limits ----------------------------------------------------------------------------


def test_one_run_for_each_route_and_twenty_at_most() -> None:
    assert [run["automationDetails"]["id"] for run in runs(routes(2))] == ["drift/route-00/", "drift/route-01/"]
    assert [len(run["results"]) for run in runs(routes(2))] == [1, 1]
    found = runs(routes(25))
    assert [len(run["results"]) for run in found] == [1] * 19 + [6]


def test_a_finding_of_the_whole_run_is_in_one_run() -> None:
    report = replace(routes(2), findings=(finding(scenario="*"),))
    assert [len(run["results"]) for run in runs(report)] == [0, 1]


def test_no_more_results_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.reports.sarif._MOST_RESULTS", 50)
    found = runs(many(60))[0]
    assert len(found["results"]) == 50
    assert len(headlines(many(60).findings)) == 60
    told = [one["message"]["text"] for one in found["invocations"][0]["toolExecutionNotifications"]]
    assert told == ["10 more findings are in the json report only"]


# -- the schema ---------------------------------------------------------------------------------

NAME = "sarif-2.1.0-rtm.5.json"
CACHE = Path(tempfile.gettempdir()) / "swapgate-sarif-schema" / NAME


def schema() -> dict[str, Any]:
    """Out of the npm package that ships it; kept in the temporary folder, never in the repository."""
    if not CACHE.exists():
        CACHE.parent.mkdir(exist_ok=True)
        CACHE.write_bytes(_fetched())
    found: dict[str, Any] = json.loads(CACHE.read_text("utf-8"))
    return found


def _fetched() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        argv = ["npm", "pack", "--silent", "@microsoft/jest-sarif"]
        try:
            subprocess.run(argv, cwd=folder, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"{NAME} can't be fetched, so SARIF was not validated against it: {error}")
        (archive,) = Path(folder).iterdir()
        with tarfile.open(archive) as tar:
            member = next(member for member in tar.getmembers() if Path(member.name).name == NAME)
            content = tar.extractfile(member)
            assert content is not None
            return content.read()


@pytest.mark.slow
@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_valid_against_the_schema(report: Report) -> None:
    validator = jsonschema.Draft7Validator(schema())
    assert [error.message for error in validator.iter_errors(json.loads(render(report)))] == []


@pytest.mark.slow
def test_the_schema_rejects_what_is_no_sarif() -> None:
    broken = json.loads(render(DRIFTING))
    broken["runs"][0]["results"][0]["level"] = "fatal"
    assert not jsonschema.Draft7Validator(schema()).is_valid(broken)
