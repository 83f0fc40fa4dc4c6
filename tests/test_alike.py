"""Failures that a gateway makes alike: what one scenario alone can't show."""

from __future__ import annotations

import pytest

from gate.judge.alike import alike_findings
from gate.judge.compare import Cell
from gate.judge.pairing import observed
from gate.model import Exchange, Samples
from tests.rules._gateway import call, golden, through
from tests.rules_table import refusal


def cell(name: str, upstream: Exchange, client: Exchange) -> Cell:
    return Cell(name, 0, Samples(observed([upstream])), Samples(observed([client])))


def passed(upstream: int, client: int) -> Cell:
    """A failure of the upstream, and what a gateway makes of it."""
    answer = refusal(client)
    return cell(f"chat@{upstream}", refusal(upstream), through(call(answer=refusal(upstream)), answer=answer))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([passed(400, 500), passed(429, 500), passed(500, 500)], ["chat@400", "chat@429"]),
        ([passed(429, 502), passed(503, 502)], ["chat@429", "chat@503"]),
        ([passed(400, 400), passed(429, 429)], []),  # each keeps its own
        ([passed(429, 500), passed(500, 503)], []),  # others, but not alike
        ([passed(429, 500)], []),  # one alone is told by success-lost
        ([cell("a", refusal(429), refusal(500)), cell("b", refusal(500), refusal(500))], []),  # no gateway in between
        (
            [cell("a", golden(), through(call(), answer=refusal(500))), passed(500, 500)],
            [],
        ),  # no failure of the upstream
        ([cell("a", refusal(429), through(call(answer=refusal(429)), answer=golden())), passed(500, 500)], []),
    ],
)
def test_failures_that_are_told_apart_no_more(cells: list[Cell], told: list[str]) -> None:
    found = alike_findings(cells)
    assert [finding.scenario for finding in found] == told
    assert {finding.severity.word for finding in found} <= {"risky"}


def test_the_message_names_all_of_them() -> None:
    first = alike_findings([passed(400, 500), passed(429, 500), passed(500, 500)])[0]
    assert first.message == "the upstream's 400 and 429 and 500 all arrive as 500"
