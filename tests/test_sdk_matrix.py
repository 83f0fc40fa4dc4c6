"""The newest run of `make sdks`: whole, silent where nothing changed, and the page says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gate.rules import rules
from tests import sdks_page
from tests.real.sdk_matrix import FILES, SAME, UPGRADES, newest, title

FOUND = newest()
UPGRADED: Mapping[str, Mapping[str, Any]] = FOUND["upgrades"]


def test_the_page_says_what_the_file_says() -> None:
    text = sdks_page.PAGE.read_text("utf-8")
    assert text == sdks_page.page(text, FOUND), "run python -m tests.sdks_page"
    assert {found[1] for found in sdks_page.TABLES.findall(text)} == set(sdks_page.tables(FOUND))


def test_the_file_has_the_whole_matrix() -> None:
    named = {title((before, after), node) for before, after, nodes in UPGRADES for node in nodes or ("",)}
    assert set(UPGRADED) == named
    assert set(FOUND["same"]) == {title((version,), node) for version, node, _ in SAME}
    assert (FILES / f"{FOUND['date']}.json").exists()
    assert all(one["crashes"] == 0 for one in (*UPGRADED.values(), *FOUND["same"].values()))


@pytest.mark.parametrize(("version", "node", "runs"), SAME)
def test_a_version_against_itself_is_silent(version: str, node: str, runs: int) -> None:
    found = FOUND["same"][title((version,), node)]
    assert found["told"] == [0] * runs
    assert set(found["scenarios"]) <= {"pass", "skipped"}


def test_every_upgrade_was_played() -> None:
    """A version that did not start would be one finding, and no news of what differs."""
    for name, one in UPGRADED.items():
        assert "sdk-unusable" not in {finding["rule"] for finding in one["findings"]}, name
        assert one["scenarios"].get("pass", 0) > 10, name
        node = name.partition(" on Node ")[2]
        assert {str(side.get("node", "")).partition(".")[0] for side in one["versions"]} == {node}, name


def test_its_rules_are_ours() -> None:
    told = {finding["rule"] for one in UPGRADED.values() for finding in one["findings"]}
    assert told <= set(rules())


# -- what the page says in words ----------------------------------------------------------------

LONG, DAY = "chat!status-429+retry-after-70", "chat!status-429+retry-after-86400"
CUT, STALL, NO_FINISH = "chat-stream!cut-after-3", "chat-stream!stall-after-3", "chat-stream!no-finish"
# (from, rule, path, what stands in the evidence of the version after, scenario)
SAID = (
    ("openai==1.109.1", "sdk-hangs", "end", "still waits", LONG),
    ("openai==1.109.1", "sdk-retries-changed", "requests", "1 request", DAY),
    ("openai==2.54.0", "sdk-exception-changed", "error.class", "openai.APIConnectionError", CUT),
    ("openai==2.54.0", "sdk-exception-changed", "error.class", "openai.APITimeoutError", STALL),
    ("openai==2.54.0", "sdk-exception-changed", "error.code", '"401"', "error-bad-key"),
    ("npm:openai@5.23.2", "sdk-hangs", "end", "still waits", DAY),
    ("npm:openai@6.49.0", "sdk-retries-changed", "requests", "3 requests", DAY),
    ("langchain-openai==0.3.35", "sdk-answer-changed", "content", "function_call", "responses-tool"),
    ("langchain-openai==1.0.3", "sdk-exception-changed", "error.class", "OpenAIConnectionError < openai.", CUT),
    ("langchain-openai==1.0.3", "sdk-request-changed", "request.input", '"message"', "responses"),
    ("npm:@langchain/openai@0.6.17", "sdk-answer-changed", "vectors", "576", "embed"),
    ("npm:@langchain/openai@0.6.17", "sdk-retries-changed", "requests", "1 request", DAY),
    ("npm:ai@5.0.277", "sdk-raises", "error", "InvalidResponseDataError", NO_FINISH),
    ("npm:ai@5.0.277", "sdk-request-changed", "parse.request.response_format", "true", "json-schema"),
    ("npm:ai@6.0.326", "sdk-answer-changed", "usage.cachedInputTokens", "absent", "chat"),
    ("litellm==1.98.0", "sdk-raises", "error", "MidStreamFallbackError", NO_FINISH),
    ("litellm==1.98.0", "sdk-exception-changed", "error.status", "408", STALL),
    ("openai-agents==0.17.8", "sdk-answer-changed", "usage", '"requests": 1', "chat-stream"),
)


@pytest.mark.parametrize(("before", "rule", "path", "after", "scenario"), SAID)
def test_what_the_page_says_was_found(before: str, rule: str, path: str, after: str, scenario: str) -> None:
    runs = [one for name, one in UPGRADED.items() if name.split()[0] == before]
    assert runs
    for one in runs:  # on every Node
        found = [f for f in one["findings"] if (f["rule"], f["path"]) == (rule, path) and scenario in f["scenarios"]]
        assert [after in finding["candidate"] for finding in found] == [True]
