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
