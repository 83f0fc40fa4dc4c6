"""`make mutate`: what it changes, what it notices, and that its list speaks of constants that exist."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from tests import mutate
from tests.constants import alternatives, beside
from tests.mutate import ROOT, changes, survivors

LATENCY = ROOT / "gate" / "rules" / "latency" / "tool_call_in_one_block.py"
STATUSES = ROOT / "gate" / "rules" / "errors" / "statuses.py"


def test_numbers_go_up_and_down_and_lists_lose_members() -> None:
    assert [change.id.partition(": ")[2] for change in changes(LATENCY)] == [
        "FRAGMENTS 4 -> 5",
        "FRAGMENTS 4 -> 3",
        "MANY 8 -> 9",
        "MANY 8 -> 7",
        "check 2 -> 3",
        "check 2 -> 1",
    ]
    assert "_TRANSIENT 425 -> gone" in [change.id.partition(": ")[2] for change in changes(STATUSES)]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("plain", []),
        ("a|b", [("a", "b"), ("b", "a")]),
        ("(?:a|b)c", [("a", "(?:b)c"), ("b", "(?:a)c")]),
        (r"[|(]\|(?<=x|y)", [("x", r"[|(]\|(?<=y)"), ("y", r"[|(]\|(?<=x)")]),
        ("(?i:a|(b))|[]|]", [("a", "(?i:(b))|[]|]"), ("(b)", "(?i:a)|[]|]"), ("(?i:a|(b))", "[]|]"), ("[]|]", "(?i:a|(b))")]),
    ],
)  # fmt: skip
def test_a_pattern_loses_each_of_its_alternatives(pattern: str, left: list[tuple[str, str]]) -> None:
    assert list(alternatives(pattern)) == left


def test_a_share_near_the_whole_stays_a_share() -> None:
    assert [beside(value) for value in (3, 500, 0.02, 0.9)] == [
        (4, 2),
        (550, 450),
        (0.022, 0.018),
        (0.95, 0.85),
    ]


@pytest.mark.parametrize(("number", "word"), [(1, "a"), (2, "b"), pytest.param(3, "c", marks=pytest.mark.slow), (4, 5)])
def _table(number: int, word: str) -> None:
    assert f"{number}{word}" in ("1a", "2b", "3c")


@pytest.mark.parametrize("number", [1])
def _with_fixture(number: int, tmp_path: Path) -> None:
    assert not number
    assert not tmp_path


def test_a_table_is_asked_row_by_row_and_what_wants_a_fixture_is_none() -> None:
    assert [call.keywords for call in mutate._calls(_table)] == [  # type: ignore[attr-defined]
        {"number": 1, "word": "a"},
        {"number": 2, "word": "b"},
    ]
    assert list(mutate._calls(_with_fixture)) == []


def test_what_is_listed_exists() -> None:
    ids = {change.id for path in mutate._files() for change in changes(path)}
    reasons = yaml.safe_load(mutate.LISTED.read_text("utf-8"))
    assert [pattern for pattern in reasons if not any(fnmatchcase(one, pattern) for one in ids)] == []
    assert all(reasons.values())


@pytest.mark.slow
@pytest.mark.alone  # it forks, and a worker has threads
def test_a_threshold_with_rows_on_both_sides_is_noticed_and_a_width_is_not() -> None:
    width = ROOT / "gate" / "rules" / "errors" / "rate_limit_headers.py"
    left = survivors([*changes(LATENCY), *(change for change in changes(width) if "_SHOWN" in change.id)])
    assert [change.id.partition(": ")[2] for change in left] == ["_SHOWN 60 -> 54", "_SHOWN 60 -> 66"]
