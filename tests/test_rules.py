"""One driver for all tables in `tests/rules/`: the exact findings of each row, and silence of a route with itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from gate.model import Severity
from gate.reports.words.findings import finding_lines
from gate.reports.words.rule_page import PAGED
from gate.rules import home, rules
from tests.rule_pages import page, table, with_example
from tests.rules_table import Row, judge, key, swap

HERE = Path(__file__).parent
ROOT = HERE.parent
PAGES = ROOT / "docs" / "rules"
SIDES = ("golden", "candidate")
HEADINGS = ("## What it does", "## Who breaks", "## Example", "## When to tolerate it")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every rule, or the one of `--rule`, and with a `row` every row of its table."""
    one = metafunc.config.getoption("--rule")
    if one and one not in rules():
        raise pytest.UsageError(f"no rule is called {one}: `make scaffold-rule ID={one} AREA=…` writes its files")
    chosen = [one] if one else list(rules())
    if "row" in metafunc.fixturenames:
        metafunc.parametrize(("rule", "row"), list(_rows(chosen)))
    elif "rule" in metafunc.fixturenames:
        metafunc.parametrize("rule", chosen)


def _rows(chosen: Iterable[str]) -> Iterator[ParameterSet]:
    silent: set[tuple[str, str]] = set()
    for rule in chosen:
        if _table_of(rule).exists():
            for row in table(rule):
                # a row that no rule of a family tells is judged once, for all of them
                if row.fires or (mark := (home(rule).__name__, row.why)) not in silent:
                    yield pytest.param(rule, row, id=f"{rule}: {row.why[:60]}")
                if not row.fires:
                    silent.add(mark)


def _table_of(rule: str) -> Path:
    return HERE / "rules" / f"{home(rule).__name__.rpartition('.')[2]}.py"


def test_row(rule: str, row: Row) -> None:
    found = [f for f in judge(row, rule) if f.rule == rule or f.severity > Severity.INFO]
    fires = sorted(f"{f.severity.word} {f.path}" for f in found if f.rule == rule)
    also = sorted(f"{f.severity.word} {f.rule} {f.path}" for f in found if f.rule != rule)
    told = "\n".join(line for f in found for line in finding_lines(f))
    assert fires == sorted(row.fires), f"the row says fires={row.fires}, {rule} finds {tuple(fires)}\n{told}"
    assert also == sorted(row.also), f"the row says also={row.also}, the other rules find {tuple(also)}\n{told}"


@pytest.mark.untraced  # a sweep: what it would cover is covered by the rows themselves, and tracing costs three times more
def test_a_route_compared_with_itself_is_silent(rule: str) -> None:
    sides = {key(same): (row.why, side, same) for row in table(rule) for side in SIDES for same in [swap(row, side)]}
    loud = [
        (why, side, f.rule, f.path)
        for why, side, same in sides.values()
        for f in judge(same)
        if f.severity > Severity.INFO
    ]
    assert loud == []


def test_every_rule_has_rows_that_fire_and_rows_that_stay_silent(rule: str) -> None:
    rows = table(rule)
    assert sum(bool(row.fires) for row in rows) >= 1, "no row fires"
    assert sum(not row.fires for row in rows) >= 2, "fewer than two rows stay silent"


def test_every_rule_has_a_page(rule: str) -> None:
    text = page(rule).read_text("utf-8")
    places = [text.find(heading) for heading in HEADINGS]
    assert -1 not in places, f"the headings of a page are {HEADINGS}"
    assert places == sorted(places), f"the order of a page is {HEADINGS}"


def test_nothing_is_left_to_do(rule: str) -> None:
    """What `make scaffold-rule` writes says TODO where a person has to."""
    files = [Path(str(home(rule).__file__)), _table_of(rule), page(rule)]
    lines = [
        f"{path.relative_to(ROOT)}:{number}: {text.strip()}"
        for path in files
        for number, text in enumerate(path.read_text("utf-8").split("\n"), 1)
        if "TODO" in text
    ]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)


def test_the_example_of_a_page_is_what_the_judge_says(rule: str) -> None:
    assert page(rule).read_text("utf-8") == with_example(rule), "run `make pages`"


def test_every_page_and_table_has_a_rule() -> None:
    assert set((HERE / "rules").glob("[!_]*.py")) == set(map(_table_of, rules()))
    assert {p.stem for p in PAGES.glob("*.md")} == {*rules(), *PAGED}
