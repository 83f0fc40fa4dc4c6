"""One driver for all tables in `tests/rules/`: the exact findings of each row, and silence of a route with itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.model import Severity
from gate.policy import OWN
from gate.rules import rules
from tests.rule_pages import page, table, with_example
from tests.rules_table import Row, judge, key, swap

HERE = Path(__file__).parent
PAGES = HERE.parent / "docs" / "rules"
SIDES = ("golden", "candidate")
HEADINGS = ("## What it does", "## Who breaks", "## Example", "## When to tolerate it")


def all_rows() -> Iterator[tuple[str, Row]]:
    for rule in rules():
        if (HERE / "rules" / f"{rule.replace('-', '_')}.py").exists():
            yield from ((rule, row) for row in table(rule))


ROWS = [pytest.param(rule, row, id=f"{rule}: {row.why[:60]}") for rule, row in all_rows()]


@pytest.mark.parametrize(("rule", "row"), ROWS)
def test_row(rule: str, row: Row) -> None:
    found = judge(row)
    own = sorted(f"{f.severity.word} {f.path}" for f in found if f.rule == rule)
    others = sorted(
        f"{f.severity.word} {f.rule} {f.path}" for f in found if f.rule != rule and f.severity > Severity.INFO
    )
    assert (own, others) == (sorted(row.fires), sorted(row.also))


@pytest.mark.untraced  # a sweep: what it would cover is covered by the rows themselves, and tracing costs three times more
@pytest.mark.parametrize("rule", rules())
def test_a_route_compared_with_itself_is_silent(rule: str) -> None:
    sides = {key(same): (row.why, side, same) for row in table(rule) for side in SIDES for same in [swap(row, side)]}
    loud = [
        (why, side, f.rule, f.path)
        for why, side, same in sides.values()
        for f in judge(same)
        if f.severity > Severity.INFO
    ]
    assert loud == []


@pytest.mark.parametrize("rule", rules())
def test_every_rule_has_rows_that_fire_and_rows_that_stay_silent(rule: str) -> None:
    rows = table(rule)
    assert sum(bool(row.fires) for row in rows) >= 1
    assert sum(not row.fires for row in rows) >= 2


@pytest.mark.parametrize("rule", rules())
def test_every_rule_has_a_page(rule: str) -> None:
    text = page(rule).read_text("utf-8")
    places = [text.find(heading) for heading in HEADINGS]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("rule", rules())
def test_the_example_of_a_page_is_what_the_judge_says(rule: str) -> None:
    assert page(rule).read_text("utf-8") == with_example(rule), "run python -m tests.rule_pages"


def test_every_page_and_table_has_a_rule() -> None:
    tables = {p.stem.replace("_", "-") for p in (HERE / "rules").glob("[!_]*.py")}
    assert tables == set(rules())
    assert {p.stem for p in PAGES.glob("*.md")} == {*rules(), *OWN}
