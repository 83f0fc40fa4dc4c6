"""What a check says before it spends anything, and what a part of it must not complain about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.replay.server import serve
from tests.provider import Provider
from tests.recorded import check
from tests.test_check import CONFIG, goldens, team
from tests.test_cli import gate

__all__ = ["goldens", "team"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("depends_on: ['choices[].message.contents']\n", "did you mean choices[].message.content?"),
        (
            "policy: {severity: [{rule: field-mising, severity: info}]}\n",
            "reads.yaml:10: policy names an unknown rule 'field-mising'",
        ),
    ],
)
def test_what_the_policy_names_must_exist_before_anything_is_sent(
    team: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    (team / "reads.yaml").write_text(CONFIG + text)
    provider = Provider(seed=8)
    with serve(provider) as base:
        monkeypatch.setenv("BASE", base)
        result = gate("check", "--config", "reads.yaml", "-s", "chat")
        assert gate("verify", "--config", "reads.yaml").exit_code == 2
    assert (result.exit_code, provider.requests) == (2, [])
    assert words in result.output


def test_a_part_of_the_suite_relies_on_paths_of_another_part(team: Path) -> None:
    rest = "policy: {tolerate: [{rule: usage-missing, scenario: embed, reason: ledger, until: 2099-01-01}]}\n"
    (team / "reads.yaml").write_text(CONFIG + "depends_on: ['data[].embedding']\n" + rest)
    for part in (("--shard", "4/4"), ("-s", "chat")):
        code, report = check(Provider(seed=8), "--config", "reads.yaml", *part)
        assert (code, [note for note in report["notes"] if "matched nothing" in note]) == (0, [])
    assert gate("diff", "golden/chat", ".gate/candidate/chat", "--config", "reads.yaml").exit_code == 0


def test_a_baseline_that_is_down_costs_no_verdict(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = "candidate: {base_url: '${CAND}', api_key_env: GATE_TEST_KEY, models: {chat: gpt-4o-mini}}"
    (team / "down.yaml").write_text(CONFIG.replace("candidate: *route", other))
    monkeypatch.setenv("BASE", "http://127.0.0.1:9/v1")
    with serve(Provider(seed=8)) as base:
        monkeypatch.setenv("CAND", base)
        result = gate("check", "--config", "down.yaml", "-s", "chat", "--with-baseline", "--report", "json")
    report = json.loads(result.output)
    assert report["verdict"] == "pass"
    assert any("the baseline could not be measured" in note for note in report["notes"])
