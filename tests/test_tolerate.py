"""The ways out of a finding: `gate tolerate` writes into gate.yaml, and the last run is there without being named."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
import yaml

from gate.config.tolerating import tolerating
from gate.errors import ConfigError
from gate.reports.words.headlines import Headline
from gate.reports.words.ways_out import ways_out
from tests.report_samples import finding
from tests.rules_table import completion, plain
from tests.test_cli import gate, put

ENTRY = {
    "rule": "usage-missing",
    "scenario": "chat",
    "path": "usage",
    "reason": "billed: by the gateway",
    "until": "2027-03-01",
}
FLOW = '{rule: usage-missing, scenario: chat, path: usage, reason: "billed: by the gateway", until: 2027-03-01}'


def block(indent: str) -> str:
    lines = (
        "rule: usage-missing",
        "scenario: chat",
        "path: usage",
        'reason: "billed: by the gateway"',
        "until: 2027-03-01",
    )
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("version: 1\n", "version: 1\npolicy:\n  tolerate:\n" + block("    ")),
        ("version: 1", "version: 1\npolicy:\n  tolerate:\n" + block("    ")),
        ("version: 1\npolicy: {}\n", f"version: 1\npolicy: {{tolerate: [{FLOW}]}}\n"),
        ("policy: { fail_on: risky, }  # ours\nversion: 1\n",
         f"policy: {{ fail_on: risky, tolerate: [{FLOW}]}}  # ours\nversion: 1\n"),
        ("policy:\n    fail_on: risky   # not yet\n# what follows\nversion: 1\n",
         "policy:\n    fail_on: risky   # not yet\n    tolerate:\n" + block("      ") + "# what follows\nversion: 1\n"),
        ("policy:\n  tolerate:\n  # because\n  - {rule: a, reason: b, until: 2027-01-01}  # soon\n\nversion: 1\n",
         "policy:\n  tolerate:\n  # because\n  - {rule: a, reason: b, until: 2027-01-01}  # soon\n" + block("  ") + "\nversion: 1\n"),
        ("policy:\n  tolerate:\n    - rule: a\n      reason: |\n        two\n        lines\n      until: 2027-01-01\n  fail_on: risky\n",
         "policy:\n  tolerate:\n    - rule: a\n      reason: |\n        two\n        lines\n      until: 2027-01-01\n" + block("    ")
         + "  fail_on: risky\n"),
        ("policy:\n  tolerate:\n    - until: 2027-01-01\n      rule: a\n      reason: |\n        two\n        lines\n  fail_on: risky\n",
         "policy:\n  tolerate:\n    - until: 2027-01-01\n      rule: a\n      reason: |\n        two\n        lines\n" + block("    ")
         + "  fail_on: risky\n"),
        ("policy:\n  tolerate: []\n", f"policy:\n  tolerate: [{FLOW}]\n"),
    ],
)  # fmt: skip
def test_an_entry_is_added_where_a_person_would_write_it(before: str, after: str) -> None:
    assert tolerating(before, ENTRY) == after


def test_each_value_comes_back_as_it_was() -> None:
    hard = {**ENTRY, "reason": 'a "quote": # no comment\nand é', "path": "choices[].message.content", "rule": "true"}
    read = yaml.safe_load(tolerating("version: 1\n", hard))["policy"]["tolerate"][0]
    assert {key: str(value) for key, value in read.items()} == hard


@pytest.mark.parametrize(
    "path", ["\x1b[2J", "\x9b31m", "\u202egnp.exe", "\u2028", "\x85", "\U000e0001", "\x7f", "\n::error::x", "é 日本 😀"]
)
def test_what_a_remote_named_is_escaped_where_a_terminal_would_act_on_it(path: str) -> None:
    text = tolerating("version: 1\n", {**ENTRY, "path": f"a.{path}"})
    assert all(c.isprintable() for c in text.replace("\n", ""))
    assert "\n::" not in text
    assert yaml.safe_load(text)["policy"]["tolerate"][0]["path"] == f"a.{path}"


@pytest.mark.parametrize(
    "text",
    [
        "a: &p {fail_on: risky}\npolicy: *p\n",  # the entry would be in both
        "policy: never\n",
        "policy:\n  tolerate:\nversion: 1\n",
    ],
)
def test_what_cannot_be_extended_is_refused_with_the_entry_to_paste(text: str) -> None:
    with pytest.raises(ConfigError, match="can't be added") as refused:
        tolerating(text, ENTRY)
    assert block("    ") in refused.value.fix


# -- the last run -------------------------------------------------------------------------------

CONFIG = "version: 1\n# our gateway\npolicy:\n  fail_on: risky  # strict\n"


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which `gate diff` found that usage is gone."""
    monkeypatch.chdir(tmp_path)
    Path("gate.yaml").write_text(CONFIG)
    body = completion()
    put(Path("golden"), chat=plain(body))
    put(Path("new"), chat=plain({key: value for key, value in body.items() if key != "usage"}))
    assert gate("diff", "golden", "new").exit_code == 1
    return tmp_path


def findings() -> list[dict[str, str]]:
    read: list[dict[str, str]] = json.loads(Path(".gate/last/report.json").read_text())["findings"]
    return read


def test_a_finding_of_the_last_run_is_tolerated_with_a_reason_and_an_end(team: Path) -> None:
    (found,) = [f for f in findings() if f["rule"] == "usage-missing"]
    said = gate("tolerate", found["fingerprint"][:8], "--reason", "billed by the gateway")
    assert said.exit_code == 0, said.output
    text = Path("gate.yaml").read_text()
    until = (date.today() + timedelta(days=30)).isoformat()
    assert text.startswith(CONFIG)
    assert f"until: {until}" in text
    again = gate("diff", "golden", "new")
    assert again.exit_code == 0
    assert "Tolerated by policy: 1 finding" in again.output
    refused = gate("tolerate", found["fingerprint"], "--reason", "again")
    assert refused.exit_code == 2
    assert "lets it pass already" in refused.output


def test_gate_yaml_is_replaced_whole_with_its_mode_and_its_link(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = team / "ours" / "settings.yaml"
    real.parent.mkdir()
    Path("gate.yaml").rename(real)
    real.chmod(0o640)
    Path("gate.yaml").symlink_to("ours/settings.yaml")
    (found,) = [f for f in findings() if f["rule"] == "usage-missing"]
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", Mock(side_effect=OSError(28, "No space left on device")))
        refused = gate("tolerate", found["fingerprint"], "--reason", "x")
    assert (refused.exit_code, "No space left on device" in refused.output) == (2, True)
    assert [path.name for path in real.parent.iterdir()] == ["settings.yaml"]
    assert real.read_text() == CONFIG
    assert gate("tolerate", found["fingerprint"], "--reason", "x").exit_code == 0
    assert Path("gate.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "reason: x" in real.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--reason", " "), "say why"),
        (("--reason", "x", "--until", "soon"), "not a day of the calendar"),
        (("--reason", "x", "--until", "2020-01-01"), "is over"),
        (("--reason", "x", "--from", "none.json"), "can't read the report"),
    ],
)
def test_what_is_no_tolerance_is_refused_and_nothing_is_written(
    team: Path, arguments: tuple[str, ...], said: str
) -> None:
    (found,) = [f for f in findings() if f["rule"] == "usage-missing"]
    result = gate("tolerate", found["fingerprint"], *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert Path("gate.yaml").read_text() == CONFIG


def test_in_every_scenario(team: Path) -> None:
    (found,) = [f for f in findings() if f["rule"] == "usage-missing"]
    assert (
        gate("tolerate", found["fingerprint"], "--all-scenarios", "--reason", "x", "--until", "2999-01-01").exit_code
        == 0
    )
    assert "scenario" not in Path("gate.yaml").read_text()


def test_the_last_run_is_explained_without_naming_it(team: Path) -> None:
    found = findings()[0]
    shown = gate("explain", found["fingerprint"])
    assert shown.exit_code == 0
    assert "the request again:" in shown.output
    assert f"gate tolerate {found['fingerprint']} --reason" in shown.output
    assert "    - rule: usage-missing" in shown.output
    page = gate("explain")
    assert page.output.strip() == str(Path(".gate/last/report.html"))
    assert "usage" in Path(page.output.strip()).read_text()


def test_without_a_last_run_it_is_said_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gate.yaml").write_text(CONFIG)
    for command in (("explain",), ("tolerate", "abcd", "--reason", "x")):
        result = gate(*command)
        assert result.exit_code == 2
        assert "no last run here" in result.output


def test_where_there_is_no_gate_yaml_nothing_is_kept(team: Path) -> None:
    Path("gate.yaml").unlink()
    Path(".gate/last/report.json").unlink()
    gate("diff", "golden", "new")
    assert not Path(".gate/last/report.json").exists()


def test_a_folder_that_cannot_be_written_is_no_error(team: Path) -> None:
    for path in (*Path(".gate/last").iterdir(), Path(".gate/last"), Path(".gate")):
        path.rmdir() if path.is_dir() else path.unlink()
    Path(".gate").write_text("a file")
    result = gate("diff", "golden", "new")
    assert result.exit_code == 1
    assert "the last run is not kept" in result.output


def test_ways_out_fit_what_changed() -> None:
    chat, other = finding("usage-missing", scenario="chat"), finding("usage-missing", scenario="other")
    print_ = chat.fingerprint
    assert ways_out(Headline((chat,))) == [
        "  if the change is meant: gate refresh --only chat --write",
        f"  if it can wait: gate tolerate {print_} --reason '…'",
    ]
    assert ways_out(Headline((chat, other)))[0].endswith("gate refresh --only chat --only other --write")
    assert "--all-scenarios" in ways_out(Headline((chat, other)))[1]
    for number, adopts in ((8, "--only s7 --write"), (9, "gate refresh --write")):
        many = tuple(finding("usage-missing", scenario=f"s{n}") for n in range(number))
        assert ways_out(Headline(many))[0].endswith(adopts)
    # what an SDK or a gateway does stands in no golden
    assert [w.split(":")[0] for w in ways_out(Headline((finding(area="sdk"),)))] == ["  if it can wait"]
    whole_run = Headline((finding("latency-budget", scenario="*"),))
    assert [w.split(":")[0] for w in ways_out(whole_run)] == ["  if it can wait"]
    assert ways_out(Headline((finding("drift-missed"),))) == []
