"""A scenario of the suite without a golden: no pass for what nobody compared, unless the team says how many are enough."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gate.judge.merge import merge, part
from gate.judge.verdict import conclude, exit_code
from gate.model import Report, ScenarioResult
from gate.reports import formats
from gate.reports.json import render
from gate.store.report_file import parse
from tests.provider import Provider
from tests.recorded import check, inside, record
from tests.report_samples import finding, result
from tests.test_cli import gate
from tests.test_record import CONFIG

# `models` is not in the minimal suite.
MORE = CONFIG.replace("[minimal]", "[minimal, models]")


@pytest.fixture(scope="module")
def goldens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("team"), CONFIG)


@pytest.fixture
def team(goldens: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return inside(goldens, monkeypatch)


def allowed(least: int) -> str:
    return f"{MORE}policy: {{min_coverage: {least}}}\n"


@pytest.mark.parametrize(
    ("config", "code", "verdict", "reason"),
    [
        (CONFIG, 0, "pass", "5 scenarios kept the golden's contract"),
        (
            MORE,
            2,
            "incomplete",
            "1 of 6 scenarios has no golden: run `gate record`, or write `policy: {min_coverage: 5}` if it",
        ),
        (allowed(5), 0, "pass", "5 of 6 scenarios; 1 has no golden"),
        (allowed(6), 2, "incomplete", "1 of 6 scenarios has no golden, and min_coverage is 6: run `gate record`"),
    ],
)
def test_check_diff_and_verify_say_the_same(team: Path, config: str, code: int, verdict: str, reason: str) -> None:
    (team / "gate.yaml").write_text(config)
    checked, report = check(Provider(seed=2))
    assert (checked, report["verdict"], report["reason"][: len(reason)]) == (code, verdict, reason)
    offline = gate("diff", "golden", ".gate/candidate", "--report", "json")
    again = json.loads(offline.output)
    assert (offline.exit_code, again["scenarios"], again["reason"]) == (code, report["scenarios"], report["reason"])
    verified = gate("verify")
    assert verified.exit_code == code
    assert ("1 of the suite without a golden" in verified.output) is (config == allowed(5))
    shown = {s["id"]: s["reason"] for s in report["scenarios"] if s["status"] == "skipped"}
    assert shown == ({} if config == CONFIG else {"models": "no golden; it would show the list of models"})


def test_what_was_not_asked_for_needs_no_golden(team: Path) -> None:
    (team / "gate.yaml").write_text(MORE)
    assert check(Provider(seed=2), "-s", "chat")[0] == 0
    assert check(Provider(seed=2), "-s", "chat", "-s", "models")[0] == 2


def test_shards_are_counted_together(team: Path) -> None:
    (team / "gate.yaml").write_text(allowed(5))
    for number in (1, 2):
        code, report = check(Provider(seed=2), "--shard", f"{number}/2")
        assert (code, report["verdict"]) == (0, "pass")
        Path(f"{number}.json").write_text(json.dumps(report))
    merged = gate("merge", "1.json", "2.json")
    assert (merged.exit_code, merged.output.splitlines()[0]) == (0, "PASS  5 of 6 scenarios; 1 has no golden")
    (team / "gate.yaml").write_text(allowed(6))
    assert gate("merge", "1.json", "2.json").exit_code == 2


ABSENT = ScenarioResult(
    "tool-forced", "unknown", "skipped", reason="no golden; it would show a tool call", unrecorded=True
)
NOT_SERVED = ScenarioResult("embed", "unknown", "skipped", reason="not recorded from the baseline: 404")
ASKED = (result("chat"), result("chat-stream"))


def of(*scenarios: ScenarioResult, least: int | None = None, drifting: bool = False) -> Report:
    findings = (finding(scenario="chat"),) if drifting else ()
    return conclude(Report("pass", {}, {}, (*ASKED, *scenarios), findings, min_coverage=least))


@pytest.mark.parametrize(
    ("report", "code", "reason"),
    [
        (of(NOT_SERVED), 0, "2 scenarios kept the golden's contract (1 skipped)"),
        (of(NOT_SERVED, ABSENT, least=2), 0, "2 of 3 scenarios; 1 has no golden (1 skipped)"),
        (of(ABSENT, least=3), 2, "1 of 3 scenarios has no golden, and min_coverage is 3: "),
        # A route that is down is told as such: recording would not help.
        (of(replace(result("embed"), status="incomplete"), ABSENT, least=3), 3, "1 of 3 scenarios could not be judged"),
        (of(ABSENT, least=2, drifting=True), 1, "1 breaking finding in 1 of 2 scenarios; first finish-reason-changed"),
        (of(ABSENT, drifting=True), 2, "1 breaking finding in 1 of 2 scenarios; first finish-reason-changed"),
    ],
)
def test_the_verdict_counts_what_has_a_golden(report: Report, code: int, reason: str) -> None:
    assert (exit_code(report), report.reason[: len(reason)]) == (code, reason)
    assert "no golden" in report.reason or code == 0
    assert parse(render(report)) == report


@pytest.mark.parametrize("name", [name for name in formats() if name not in ("gitlab", "sarif")])
def test_every_format_names_what_has_no_golden(name: str) -> None:
    text = formats()[name](of(ABSENT))
    assert "1 of 3 scenarios has no golden" in text
    assert "tool-forced" in text or name == "github"


def test_what_does_not_fail_the_build_and_what_has_no_golden_are_both_said() -> None:
    report = conclude(replace(of(ABSENT, least=2, drifting=True), fail_on=None))
    words = "1 breaking finding; it does not fail the build; first finish-reason-changed in chat"
    assert (exit_code(report), report.reason) == (0, f"{words}; 1 of 3 scenarios has no golden")


def test_a_terminal_lists_them_apart_with_what_they_would_have_shown() -> None:
    text = formats()["terminal"](of(ABSENT, NOT_SERVED, least=2))
    assert "\nWithout a golden:\n  tool-forced  it would show a tool call\n" in text
    assert text.count("tool-forced") == 1
    assert "Without a golden" not in formats()["terminal"](of(NOT_SERVED))


def test_reports_agree_on_what_is_enough_or_every_scenario_needs_a_golden() -> None:
    def merged(*least: int | None) -> int:
        reports = [replace(of(ABSENT, least=n), candidate={"route": f"r{i}"}) for i, n in enumerate(least)]
        return exit_code(merge([part(f"{i}.json", report) for i, report in enumerate(reports)]))

    # Each route must have them: two with two scenarios each are not three.
    assert [merged(2, 2), merged(2, None), merged(2, 3)] == [0, 2, 2]
