"""Where the rules' pages are published: gate.yaml or a variable says it, and reports link there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gate.judge.budgets import LATENCY_BUDGET
from gate.reports import formats, json
from gate.reports.words.rule_page import PAGED, address, in_markdown, in_terminal, parts
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


@pytest.mark.parametrize("name", PAGED)
def test_what_no_rule_makes_has_a_page_too(name: str) -> None:
    assert "When to tolerate it" in parts(name)
    assert address(PAGES, name) == f"https://docs.test/rules/{name}/"


@pytest.mark.parametrize(
    ("link", "published", "shown"),
    [
        ("[T05](../drifts.md#t05)", PAGES, "T05 (https://docs.test/drifts/#t05)"),
        ("[T05](../drifts.md#t05)", "https://x.test/docs/rules/{rule}.md", "T05 (https://x.test/docs/drifts.md#t05)"),
        ("[T05](../drifts.md#t05)", "https://x.test/{rule}", "T05"),  # who knows where the others are
        ("[T05](../drifts.md#t05)", "javascript:rules/{rule}", "T05"),
        ("[T05](../drifts.md#t05)", "", "T05"),
        ("[it](done-missing.md)", PAGES, "it (https://docs.test/rules/done-missing/)"),
        ("[it](done-missing.md)", "", "it"),
        ("[it](made-up.md)", PAGES, "it"),
        ("[it](../../gate.yaml)", PAGES, "it"),
        ("[it](https://doi.org/10.1080/1)", "", "it (https://doi.org/10.1080/1)"),
        ("a[0](x) is code:\n```text\n[a](b.md)\n```\n", PAGES, "a0 is code:\n```text\n[a](b.md)\n```\n"),
    ],
)
def test_a_link_of_a_page_is_words_with_an_address_that_a_reader_has(link: str, published: str, shown: str) -> None:
    assert in_terminal(link, published) == shown
    assert re.sub(r"\[([^]]*)\]\((http[^)]*)\)", r"\1 (\2)", in_markdown(link, published)) == shown


def test_explain_prints_no_link_to_a_file_that_is_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GATE_RULES_URL", raising=False)
    assert "\n- T05 The stream ends properly but without `[DONE]`" in gate("explain", "done-missing").output
    monkeypatch.setenv("GATE_RULES_URL", PAGES)
    assert "T05 (https://docs.test/drifts/#t05)" in gate("explain", "done-missing").output
    Path("gate.yaml").write_text("version: 2\n")  # what is wrong with it is no matter of this command
    assert "](" not in gate("explain", "done-missing").output


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
        ("", "", 1, "; gate explain finish-reason-changed"),
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
