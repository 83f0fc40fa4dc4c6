"""`gate merge`: shards and routes as one report; what is missing is never a pass, what is there twice is an error."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from gate.errors import ConfigError
from gate.judge.merge import merge, part, strictest
from gate.judge.verdict import conclude, exit_code
from gate.model import Crash, Finding, Report, Severity
from gate.replay.server import Replay, serve
from gate.reports import formats
from gate.reports.json import render
from gate.reports.words.matrix import matrix
from gate.store import cassette
from gate.store.shipped import goldens
from tests.report_samples import ARTIFACT, DRIFTING, GOLDEN, finding, result
from tests.test_cli import gate


def shard(
    number: int,
    of: int,
    *scenarios: str,
    route: str = "candidate",
    findings: Sequence[Finding] = (),
    notes: tuple[str, ...] = (),
    fail_on: Severity | None = Severity.BREAKING,
) -> Report:
    facts = {"route": route, "host": f"{route}.test"} | ({"shard": f"{number}/{of}"} if of > 1 else {})
    results = tuple(map(result, scenarios))
    return conclude(Report("pass", GOLDEN, facts, results, tuple(findings), notes=notes, fail_on=fail_on))


def merged(*reports: Report, shards: int | None = None, routes: Sequence[str] = ()) -> Report:
    parts = [part(f"{number}.json", report) for number, report in enumerate(reports)]
    return merge(parts, expect_shards=shards, expect_routes=routes)


ONE, TWO, THREE = shard(1, 3, "chat"), shard(2, 3, "embed"), shard(3, 3, "models", "tools")
DRIFTED = shard(2, 3, "embed", findings=(finding(scenario="embed"),))


# -- shards -------------------------------------------------------------------------------------


def test_all_shards_are_one_report_without_a_shard() -> None:
    report = merged(THREE, ONE, TWO, shards=3)
    assert (report.verdict, report.reason) == ("pass", "4 scenarios kept the golden's contract")
    assert {one.id for one in report.scenarios} == {"chat", "embed", "models", "tools"}
    assert report.candidate == {"route": "candidate", "host": "candidate.test"}
    assert matrix(report).routes == ()


def test_drift_of_one_shard_is_drift_of_all() -> None:
    report = merged(ONE, DRIFTED, THREE)
    assert (report.verdict, exit_code(report)) == ("drift", 1)
    assert report.findings == DRIFTED.findings


@pytest.mark.parametrize("expected", [3, None])
def test_a_missing_shard_is_incomplete_and_named(expected: int | None) -> None:
    report = merged(ONE, THREE, shards=expected)
    assert (report.verdict, exit_code(report)) == ("incomplete", 3)
    assert report.reason == "shard 2/3 is missing, its scenarios were not judged"


def test_drift_outranks_a_missing_shard_and_both_are_told() -> None:
    report = merged(ONE, DRIFTED)
    assert exit_code(report) == 1
    assert "1 breaking finding" in report.reason
    assert "shard 3/3 is missing" in report.reason


@pytest.mark.parametrize(
    ("reports", "shards", "words"),
    [
        ((ONE, ONE), None, "1.json: duplicate shard 1/3 of the route candidate: also in 0.json"),
        ((ONE, shard(2, 3, "chat")), None, "1.json: duplicate scenario chat of the route candidate: also in 0.json"),
        ((ONE, shard(2, 2, "embed")), None, "1.json: shard 2/2 of the route candidate, but 3 shards are expected"),
        ((ONE, TWO), 2, "0.json: shard 1/3 of the route candidate, but 2 shards are expected"),
        (
            (shard(1, 1, "chat"),),
            2,
            "0.json: shard 1/1 of the route candidate, but 2 shards are expected",
        ),
        ((shard(5, 4, "chat"),), None, "0.json: candidate.shard is '5/4'; it must have the form 2/4"),
        ((shard(0, 4, "chat"),), None, "0.json: candidate.shard is '0/4'"),
        ((replace(ONE, candidate={"shard": {"a": "x" * 100}}),), None, "0.json: candidate.shard is "),
    ],
)
def test_what_does_not_belong_together_is_an_error(reports: tuple[Report, ...], shards: int | None, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        merged(*reports, shards=shards)
    assert str(raised.value).startswith(words)
    assert raised.value.fix


def test_crashes_keep_their_exit_code() -> None:
    crashed = replace(TWO, crashes=(Crash("usage-sums", "embed", 0, "Traceback"),))
    assert exit_code(merged(ONE, crashed, THREE)) == 2


def test_notes_are_said_once_and_name_their_shards() -> None:
    stale, other = "tolerance for x in chat matched nothing: remove it", "tolerance for y matched nothing: remove it"
    one = shard(1, 2, "chat", notes=("golden is old", "sent as z", other))
    two = shard(2, 2, "embed", notes=("golden is old", stale, other))
    assert merged(one, two).notes == ("golden is old", "shard 1/2: sent as z", other)


def test_other_goldens_are_noted() -> None:
    report = merged(ONE, replace(TWO, golden={**GOLDEN, "run": "f00"}), THREE)
    assert report.notes == ("the reports were judged against 2 different goldens; the facts of the first are shown",)


@pytest.mark.parametrize(
    ("fail_ons", "wanted"),
    [
        ([Severity.BREAKING, Severity.RISKY], Severity.RISKY),
        ([None, Severity.BREAKING], Severity.BREAKING),
        ([None, None], Severity.BREAKING),
        ([], Severity.BREAKING),
    ],
)
def test_the_strictest_wins_and_never_leaves_it_to_the_merge(fail_ons: list[Severity | None], wanted: Severity) -> None:
    assert strictest(fail_ons) is wanted


# -- routes -------------------------------------------------------------------------------------

A = shard(1, 1, "chat", "embed", route="a")
B = shard(1, 1, "chat", route="b", findings=(finding(scenario="chat"), finding("latency-budget", scenario="*")))


def test_several_routes_are_a_matrix_of_unique_scenarios() -> None:
    report = merged(B, A)
    assert report.candidate == {"routes": {"a": {"host": "a.test"}, "b": {"host": "b.test"}}}
    assert {one.id: one.status for one in report.scenarios} == {"a/chat": "pass", "a/embed": "pass", "b/chat": "drift"}
    found = matrix(report)
    assert found.routes == ("a", "b")
    assert [(name, {route: one.status for route, one in row.items()}) for name, row in found.rows] == [
        ("chat", {"a": "pass", "b": "drift"}),
        ("embed", {"a": "pass"}),
    ]


def test_findings_of_routes_keep_their_fingerprints() -> None:
    found = merged(A, B).findings
    assert {(one.scenario, one.route) for one in found} == {("b/chat", "b"), ("b/*", "b")}
    assert {one.fingerprint for one in found} == {one.fingerprint for one in B.findings}


def test_a_route_that_is_missing_as_a_whole() -> None:
    report = merged(A, B, routes=("a", "c"))
    assert "c/the whole suite" in {one.id for one in report.scenarios}
    assert "the whole suite is missing" in report.reason
    missing = [one.id for one in merged(A, routes=("c",), shards=1).scenarios if one.status == "incomplete"]
    assert missing == ["c/the whole suite"]


def test_shards_are_counted_for_each_route() -> None:
    parts = [shard(n, 2, f"s{n}", route=route) for n in (1, 2) for route in "ab"]
    assert merged(*parts, shards=2).verdict == "pass"
    report = merged(*parts[:3], shards=2)
    assert [one.id for one in report.scenarios if one.status == "incomplete"] == ["b/shard 2/2"]
    assert report.reason == "b: shard 2/2 is missing, its scenarios were not judged"


def test_a_missing_shard_is_no_scenario_and_its_cells_are_open() -> None:
    report = merged(A, shard(1, 2, "chat", route="b", findings=(finding(scenario="chat"),)), shards=None)
    said = "1 breaking finding in 1 of 3 scenarios; first finish-reason-changed in b/chat; b: shard 2/2 is missing, "
    assert report.reason == said + "its scenarios were not judged"
    cells = {name: [cells[route].words for route in ("a", "b")] for name, cells in matrix(report).rows}
    assert cells == {"chat": ["pass", "drift 1"], "embed": ["pass", "incomplete"]}
    assert "| `embed` | ✅ pass | ⚠️ incomplete |" in formats()["markdown"](report)


def test_many_missing_shards_are_counted() -> None:
    report = merged(shard(1, 6, "chat"))
    assert report.reason.endswith(
        "shard 4/6 is missing, its scenarios were not judged; 2 more shards or routes are missing"
    )
    assert exit_code(report) == 3


def test_rows_that_fail_come_first() -> None:
    one = shard(1, 1, "passes", "drifts", "skips", "open", route="a", findings=(finding(scenario="drifts"),))
    states = {"skips": "skipped", "open": "incomplete"}
    results = [replace(r, status=states[r.id]) if r.id in states else r for r in one.scenarios]  # type: ignore[arg-type]
    report = merged(replace(one, scenarios=tuple(results)), B)
    assert [name for name, _ in matrix(report).rows] == ["drifts", "chat", "open", "passes", "skips"]


def test_the_terminal_shows_the_matrix() -> None:
    lines = formats()["terminal"](merged(A, B)).split("\n")
    start = lines.index("Routes:")
    assert lines[start + 1 : start + 4] == ["         a     b", "  chat   pass  drift 1", "  embed  pass  -"]
    assert "Routes:" not in formats()["terminal"](merged(ONE, TWO, THREE))


@pytest.mark.parametrize("name", formats())
def test_every_format_shows_a_merged_report(name: str) -> None:
    text = formats()[name](merged(A, B, routes=("c",)))
    assert "finish-reason-changed" in text
    if name.startswith("junit"):
        cases = list(etree.fromstring(text.encode()).iter("testcase"))
        assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)


def test_routes_merge_from_merged_shards_but_not_twice() -> None:
    once = merged(ONE, DRIFTED, THREE)
    again = merged(once, A)
    assert (again.verdict, matrix(again).routes) == ("drift", ("a", "candidate"))
    with pytest.raises(ConfigError, match="merged report of several routes"):
        merged(again, B)


def test_an_error_shows_no_control_characters() -> None:
    with pytest.raises(ConfigError) as raised:
        merged(shard(1, 1, "\x1b[31m"), shard(1, 1, "\x1b[31m"))
    assert "\x1b" not in str(raised.value)


# -- the command --------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder: Path, *reports: Report) -> None:
    for number, report in enumerate(reports, 1):
        path = folder / f"drift-shard-{number}" / "gate.json"
        path.parent.mkdir(parents=True)
        path.write_text(render(report), "utf-8")


def test_a_folder_of_artifacts(here: Path) -> None:
    put(here / "reports", ONE, DRIFTED, THREE)
    done = gate("merge", "reports", "--expect-shards", "3", "--report", "json:all.json", "--report", "junit:j.xml")
    assert (done.exit_code, done.output.startswith("DRIFT  1 breaking finding in 1 of 4 scenarios")) == (1, True)
    assert json.loads(Path("all.json").read_text())["verdict"] == "drift"


def test_files_and_a_missing_shard(here: Path) -> None:
    put(here, ONE, TWO)
    done = gate("merge", "drift-shard-1/gate.json", "drift-shard-2/gate.json", "--expect-shards", "3")
    assert done.exit_code == 3
    assert "shard 3/3 is missing" in done.output


def test_shards_that_never_fail_leave_the_verdict_to_the_merge(here: Path) -> None:
    put(here, *(replace(one, fail_on=None, verdict="pass") for one in (ONE, DRIFTED, THREE)))
    assert gate("merge", ".").exit_code == 1
    assert gate("merge", ".", "--fail-on", "never").exit_code == 0


def test_a_stricter_configuration_counts(here: Path) -> None:
    risky = shard(1, 1, "chat", findings=(finding(severity=Severity.RISKY, scenario="chat"),))
    put(here, risky)
    assert gate("merge", ".").exit_code == 0
    Path("gate.yaml").write_text("version: 1\npolicy: {fail_on: risky}\n")
    assert gate("merge", ".").exit_code == 1


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (None, ("merge", "missing.json"), "missing.json: can't read the report: No such file"),
        (None, ("merge", "."), "no *.json file in it"),
        (b"{}", ("merge", "x.json"), "x.json: not a report"),
        (b"\xff\xfe", ("merge", "x.json"), "it is not UTF-8"),
        (b"[" * 100_000, ("merge", "x.json"), "not a report"),
    ],
)
def test_what_is_no_report_is_exit_2(here: Path, content: bytes | None, arguments: tuple[str, ...], words: str) -> None:
    if content is not None:
        Path("x.json").write_bytes(content)
    done = gate(*arguments)
    assert done.exit_code == 2
    assert words in done.output


def test_the_lead_of_the_files_leads_the_merged_report(here: Path) -> None:
    lead = "2 things changed at once: model; base_url"
    put(here / "reports", *(replace(one, lead=lead) for one in (ONE, TWO, THREE)))
    done = gate("merge", "reports", "--report", "json:all.json", "--report", "terminal")
    assert (json.loads(Path("all.json").read_text())["lead"], f"  warning: {lead}" in done.output) == (lead, True)


def test_a_hostile_artifact_becomes_no_path_and_no_crash(here: Path) -> None:
    hostile = replace(ARTIFACT, candidate={**ARTIFACT.candidate, "route": "../../etc"})
    put(here, hostile, replace(DRIFTING, candidate={"route": "\x1b[31m::error::x"}))
    done = gate("merge", ".", *(f"--report={name}:out/{name}.txt" for name in formats()))
    assert done.exit_code == 2  # the hostile report has crashed cells
    assert {path.name for path in Path("out").iterdir()} == {f"{name}.txt" for name in formats()}
    assert "\x1b" not in done.output


CONFIG = """\
version: 1
suite: [chat, embed, max-tokens]
routes: {candidate: {base_url: "http://127.0.0.1:9/v1", auth: none, models: {chat: m, embedding: m}}}
policy: {tolerate: [{rule: field-missing, scenario: embed, reason: known, until: 2099-01-01}]}
"""


def test_shards_of_a_real_check_merge_to_the_verdict_of_the_whole(here: Path) -> None:
    for name in ("chat", "embed", "max-tokens"):
        shutil.copytree(goldens() / name, here / "golden" / name)
    Path("gate.yaml").write_text(CONFIG)
    exchanges = [e for path in cassette.scan(here / "golden").values() for e in cassette.load(path).exchanges]
    with serve(Replay(exchanges, speed=10)) as url:
        for number in (1, 2):
            report = f"json:shards/{number}.json"
            done = gate("check", "--base-url", url, "--shard", f"{number}/2", "--fail-on", "never", "--report", report)
            assert done.exit_code == 0, done.output
    done = gate("merge", "shards", "--expect-shards", "2", "--report", "json:all.json")
    assert done.exit_code == 0, done.output
    found = json.loads(Path("all.json").read_text())
    assert [one["id"] for one in found["scenarios"]] == ["chat", "embed", "max-tokens"]
    assert "shard" not in found["candidate"]
    Path("shards/2.json").unlink()
    assert gate("merge", "shards").exit_code == 3
