"""The rules are held to what real clients do (docs/clients.json): it only ever raises a severity."""

from __future__ import annotations

import pytest

from gate.judge.compare import Cell, compare
from gate.judge.pairing import observed
from gate.model import Exchange, Samples, Severity
from gate.mutations import Operator
from gate.rules import rules
from tests.clients import page
from tests.clients.plan import Played, plan
from tests.clients.table import table
from tests.mutation_goldens import GOLDENS, TWINS

OFFICIAL = ("openai 3.57.0", "npm:openai 7.59.0")
"""The current official SDKs: where one of them fails, a drift is breaking whatever a rule thought of it."""


def test_the_table_is_of_drifts_that_there_are() -> None:
    assert set(table().rows) <= {played.name for played in plan()}, (
        "run `make clients`: a drift has another name or golden"
    )
    assert len(table().clients) >= 6
    assert set(OFFICIAL) <= set(table().clients)


def test_most_drifts_have_been_asked() -> None:
    """A new one need not wait for a run of all; many new ones should."""
    new = {played.name for played in plan()} - set(table().rows)
    assert len(new) < len(plan()) / 10, "run `make clients`"


@pytest.mark.untraced  # a sweep: what it would cover is covered by the rules' own rows
def test_where_an_official_sdk_fails_the_judge_says_breaking() -> None:
    places = [table().clients.index(name) for name in OFFICIAL]
    calm: dict[str, str] = {}
    for played in plan():
        entry = table().rows.get(played.name)
        fails = [effect for place in places if entry and (effect := entry.drift[place]) and effect.fails]
        if fails and _judged(played) < Severity.BREAKING:
            calm[played.name] = "; ".join(map(str, fails))
    assert calm == {}


def test_official_sdks_read_what_is_called_harmless() -> None:
    places = [table().clients.index(name) for name in OFFICIAL]
    stumbles = [
        (name, i) for name, entry in table().rows.items() for i in places if (e := entry.twin[i]) and e.did != "reads"
    ]
    assert stumbles == [], "a twin that an official SDK stumbles over is none"


def test_whoever_stumbles_over_a_twin_is_explained() -> None:
    felt = {name for name, entry in table().rows.items() if any(e and e.did != "reads" for e in entry.twin)}
    assert felt == set(page.TWINS)


def test_the_page_is_fresh() -> None:
    assert page.PAGE.read_text("utf-8") == page.page(table()), "run `make pages`"
    assert set(page.CHANGED) <= set(rules())


def _judged(played: Played) -> Severity:
    """The worst severity of what the judge finds."""
    twin = TWINS.get(played.scenario, "")
    golden = Samples(observed(GOLDENS[played.scenario]), observed(GOLDENS.get(twin, ())))
    changed = [_changed(played.mutation.apply, GOLDENS.get(name, ())) for name in (played.scenario, twin)]
    findings, crashes = compare([Cell(played.scenario, 0, golden, Samples(*map(observed, changed)))])
    assert not crashes, crashes[0].traceback
    return max((finding.severity for finding in findings), default=Severity.INFO)


def _changed(operator: Operator, exchanges: list[Exchange] | tuple[()]) -> list[Exchange]:
    """With the drift, where it fits."""
    return [operator(exchange) or exchange for exchange in exchanges]
