"""The `github` format, read by a runner of our own: what fires, where, and that nothing of the remote does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from gate.model import Finding, Location, Report, Severity
from gate.reports.github import render
from gate.reports.terminal import render as terminal
from tests.report_samples import CRASHED, DRIFTING, HOSTILE, INCOMPLETE, NASTY, PASSING, TOLERATED, finding, many


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def runner(text: str) -> Iterator[Command]:
    """The commands that GitHub's runner would process, by its own rules (ActionCommand.cs, ActionCommandManager.cs)."""
    stop = ""
    for line in re.split(r"\r\n|\r|\n", text):
        found = re.match(r"\s*::([^: ]+)(?: (.*?))?::(.*)", line)
        legacy = re.search(r"##\[(\w+)[^\]]*\](.*)", line)
        if found is None and legacy is None:
            continue
        name, properties, data = found.groups() if found else (legacy[1] if legacy else "", "", line)
        if stop:
            stop = "" if name == stop else stop
        elif name == "stop-commands":
            stop = data
        else:
            pairs = (pair.partition("=") for pair in (properties or "").split(",") if "=" in pair)
            yield Command(name, {key.strip(): unescaped(value) for key, _, value in pairs}, unescaped(data))


def unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def commands(report: Report) -> list[Command]:
    return list(runner(render(report)))


def test_the_runner_of_this_test_sees_what_the_real_one_does() -> None:
    text = "a\n  ::error file=a%2Cb,line=1::x%0Ay\nz ##[warning]w\n::stop-commands::t\n::error::no\n::t::\n::debug::d"
    assert [command.name for command in runner(text)] == ["error", "warning", "debug"]
    assert next(runner(text)) == Command("error", {"file": "a,b", "line": "1"}, "x\ny")


def test_findings_stand_at_the_golden_with_the_level_of_their_severity() -> None:
    assert [(c.name, c.properties["file"], c.properties["line"]) for c in commands(DRIFTING)] == [
        ("error", "golden/chat/cassette.yaml", "41"),
        ("error", "golden/tool-forced/cassette.yaml", "41"),
        ("warning", "golden/chat-stream/cassette.yaml", "41"),
    ]
    first = commands(DRIFTING)[0]
    assert first.properties["title"] == ("breaking[field-missing] chat.completions / 2 scenarios object (6/6 samples)")
    assert first.data.startswith("a field that every golden sample has is missing\n  [- golden]")
    assert first.data.count("a field that every") == 1


def test_the_terminal_report_stands_between_stop_and_resume() -> None:
    stop, *between = render(DRIFTING).split("\n")
    token = stop.removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{64}", token)
    assert "\n".join(between[: between.index(f"::{token}::")]) + "\n" == terminal(DRIFTING)


def test_a_pass_annotates_nothing() -> None:
    assert commands(PASSING) == []


@pytest.mark.parametrize(
    ("report", "title", "message"),
    [
        (INCOMPLETE, "swapgate: the route could not be judged", "1 of 3 scenarios could not be judged: connection "),
        (CRASHED, "swapgate: a rule crashed", "1 cell crashed, a bug of the gate: first usage-sums"),
    ],
)
def test_what_could_not_be_judged_is_an_error(report: Report, title: str, message: str) -> None:
    (only,) = commands(report)
    assert (only.name, only.properties["title"]) == ("error", title)
    assert only.data.startswith(message)


def test_nothing_is_red_where_nothing_fails() -> None:
    assert [command.name for command in commands(replace(DRIFTING, fail_on=None))] == ["warning"] * 3
    assert [command.name for command in commands(replace(INCOMPLETE, fail_on=None))] == ["error"]  # exit code 3


def test_what_fails_the_build_is_an_error_and_info_is_told_elsewhere() -> None:
    info = replace(finding("field-added", "schema", Severity.INFO), message="a field more")
    report = replace(DRIFTING, findings=(info, *DRIFTING.findings))
    assert [command.name for command in commands(report)] == ["error", "error", "warning"]
    assert [command.name for command in commands(replace(report, fail_on=Severity.RISKY))] == ["error"] * 3
    assert "field-added" in render(report)


def test_tolerated_is_a_notice_and_switched_off_is_none() -> None:
    (only,) = commands(TOLERATED)
    assert only.name == "notice"
    assert "tolerated until 2027-03-01" in only.data


def test_ten_annotations_at_most_and_the_last_says_how_many_more() -> None:
    found = commands(many(100))
    assert len(found) == 10
    assert [command.name for command in found] == ["error"] * 9 + ["notice"]
    assert found[-1].data == "91 more findings from 91 causes: see the log and the summary of this step"
    assert len(commands(many(10))) == 10
    assert commands(many(10))[-1].name == "error"


def test_the_worst_are_annotated_first_whatever_their_area() -> None:
    risky = [finding("field-missing", "schema", Severity.RISKY, path=f"f{n}") for n in range(20)]
    report = replace(PASSING, findings=(*risky, finding(area="errors")))
    assert [command.name for command in commands(report)][:2] == ["error", "warning"]


def test_only_our_own_commands_fire_in_a_hostile_report() -> None:
    found = commands(HOSTILE)
    assert {command.name for command in found} <= {"error", "warning", "notice"}
    assert len(found) == 10
    assert all(set(command.properties) <= {"file", "line", "title"} for command in found)
    assert all(len(command.data) <= 4096 for command in found)


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_text_changes_no_property(nasty: str) -> None:
    text = f"{NASTY[nasty]},line=99,file=/etc/passwd::owned%0A"
    hostile = replace(finding(scenario=text, path=text, endpoint=text), message=text, candidate=text)
    (only,) = commands(replace(PASSING, findings=(hostile,)))
    assert (only.name, only.properties["line"]) == ("error", "41")
    assert only.properties["title"].startswith("breaking[finish-reason-changed] ")


def test_the_token_can_not_be_told_beforehand() -> None:
    """It hashes all that is printed, so text that holds its own report's token would have to be its own hash."""
    token = render(PASSING).split("\n")[0].removeprefix("::stop-commands::")
    guessed = replace(PASSING, notes=(f"::{token}::", "::error::owned"))
    assert commands(guessed) == []
    assert token not in render(guessed).split("\n")[0]


def place(file: str | None, line: int | None = 3) -> Finding:
    return replace(finding(), golden_location=Location(file=file, line=line))


@pytest.mark.parametrize(
    ("found", "file", "line"),
    [
        (place("golden/a/cassette.yaml"), "golden/a/cassette.yaml", "3"),
        (place("golden/a/cassette.yaml", None), "golden/a/cassette.yaml", "1"),
        (place("golden\\a\\cassette.yaml"), "golden/a/cassette.yaml", "3"),
        (place(None), "gate.yaml", "1"),
        (place("/srv/golden/cassette.yaml"), "gate.yaml", "1"),
        (place("C:\\golden\\cassette.yaml"), "gate.yaml", "1"),
        (place("golden/../../etc/passwd"), "gate.yaml", "1"),
    ],
)
def test_places_are_relative_to_the_repository(found: Finding, file: str, line: str) -> None:
    (only,) = commands(replace(PASSING, findings=(found,)))
    assert (only.properties["file"], only.properties["line"]) == (file, line)
