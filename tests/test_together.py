"""Modules of slow tests that share what they install or start are in one group."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house import ROOT
from tests.together import TOGETHER, group

pytestmark = pytest.mark.untraced  # it reads tests, and runs none of gate/
MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in Path(__file__).parent.rglob("test_*.py")
}


def test_every_pattern_is_of_a_module() -> None:
    assert {group(module) for module in MODULES} & TOGETHER.keys() == TOGETHER.keys()
    assert sum(len(patterns) for patterns in TOGETHER.values()) <= sum(group(module) in TOGETHER for module in MODULES)


@pytest.mark.parametrize(
    ("name", "shared"),
    [
        ("engine", r"from tests\.real\.servers import [^\n]*\bengine\b"),
        ("chromium", r"from tests\.browser\.chromium import [^\n]*\bchromium\b"),
        ("sdk", r"from tests\.real\.sdks import [^\n]*\bjudged\b"),
    ],
)
def test_what_starts_the_same_is_in_one_group(name: str, shared: str) -> None:
    starting = {module for module, text in MODULES.items() if re.search(shared, text)}
    assert starting
    assert {group(module) for module in starting} == {name}


def test_a_module_that_shares_nothing_is_a_group_of_its_own() -> None:
    assert group("tests/test_outages.py") == "tests/test_outages.py"
