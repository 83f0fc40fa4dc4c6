"""Where the rules' pages are published: gate.yaml or a variable says it, and reports link there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gate.judge.budgets import LATENCY_BUDGET
from gate.reports import formats, json
from gate.reports.words.rule_page import address, parts
from gate.store.report_file import parse
from tests.report_samples import DRIFTING
from tests.rules_table import completion, plain
from tests.test_cli import gate, put

PAGES = "https://docs.test/rules/{rule}/"
PAGE = "https://docs.test/rules/finish-reason-changed/"


@pytest.mark.parametrize(
    ("published", "rule", "found"),
    [
        (PAGES, "finish-reason-changed", PAGE),
        (PAGES, LATENCY_BUDGET, "https://docs.test/rules/latency-budget/"),
        ("", "finish-reason-changed", ""),
        (PAGES, "made-up", ""),
        (PAGES, "../secret", ""),
        ("javascript:alert(1)//{rule}", "finish-reason-changed", ""),
        ("https://docs.test/'onclick={rule}", "finish-reason-changed", ""),
        ("https://docs.test/rules", "finish-reason-changed", ""),
    ],
)
def test_the_address_of_a_page(published: str, rule: str, found: str) -> None:
    assert address(published, rule) == found


def test_what_no_rule_makes_has_a_page_too() -> None:
    assert "When to tolerate it" in parts(LATENCY_BUDGET)


@pytest.mark.parametrize("name", ["terminal", "markdown", "comment", "github", "junit", "sarif"])
def test_formats_name_the_published_page(name: str) -> None:
    assert PAGE in formats()[name](replace(DRIFTING, rules_url=PAGES))
    assert PAGE not in formats()[name](DRIFTING)


def test_the_json_report_keeps_it() -> None:
    assert parse(json.render(replace(DRIFTING, rules_url=PAGES))).rules_url == PAGES
    assert "rules_url" not in json.render(DRIFTING)


@pytest.mark.parametrize(
    ("config", "variable", "code", "said"),
    [
        ("", PAGES, 1, PAGE),
        (f"policy: {{rules_url: '{PAGES}'}}", "", 1, PAGE),
        (f"policy: {{rules_url: '{PAGES}'}}", "https://other.test/{rule}", 1, PAGE),
        ("", "https://docs.test/", 2, "the variable GATE_RULES_URL holds no address with {rule} in it"),
        ("", "", 1, "; docs/rules/finish-reason-changed.md"),
    ],
)
def test_gate_yaml_or_a_variable_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str, variable: str, code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATE_RULES_URL", variable)
    Path("gate.yaml").write_text(f"version: 1\n{config}\n")
    put(tmp_path / "golden", chat=plain(completion()))
    put(tmp_path / "candidate", chat=plain(completion(finish="end_turn")))
    result = gate("diff", "golden", "candidate")
    assert (result.exit_code, said in " ".join(result.output.split())) == (code, True)
