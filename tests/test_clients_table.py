"""The rules are held to what real clients do (docs/clients.json): it only ever raises a severity."""

from __future__ import annotations

import pytest

from gate.judge.compare import Cell, compare
from gate.judge.pairing import observed
from gate.model import Exchange, Samples, Severity
from gate.rules import rules
from tests.clients import page
from tests.clients.plan import Played, plan
from tests.clients.table import table
from tests.mutation_goldens import GOLDENS, TWINS

OFFICIAL = ("openai 3.57.0", "npm:openai 7.59.0")
CURRENT = (*OFFICIAL, "langchain-openai 1.7.4", "litellm 1.110.2", "npm:ai 7.0.173", "npm:@langchain/openai 1.6.0")
"""Where the current version of an SDK fails, a drift is breaking whatever a rule thought of it."""

WAIVED = {
    "preamble-foreign-id@tool-forced-stream": "LangChain for Node loses the tool call on the harmless twin as well: its mistake",
}


def test_the_table_is_of_drifts_that_there_are() -> None:
    assert set(table().rows) <= {played.name for played in plan()}, (
        "run `make clients`: a drift has another name or golden"
    )
    assert len(table().clients) >= 6
    assert set(CURRENT) <= set(table().clients)


def test_most_drifts_have_been_asked() -> None:
    """A new one need not wait for a run of all; many new ones should."""
    new = {played.name for played in plan()} - set(table().rows)
    assert len(new) < len(plan()) / 10, "run `make clients`"


@pytest.mark.untraced  # a sweep: what it would cover is covered by the rules' own rows
def test_where_a_current_sdk_fails_the_judge_says_breaking() -> None:
    places = [table().clients.index(name) for name in CURRENT]
    calm: dict[str, str] = {}
    for played in plan():
        entry = table().rows.get(played.name)
        fails = [effect for place in places if entry and (effect := entry.drift[place]) and effect.fails]
        if fails and _judged(played) < Severity.BREAKING:
            calm[played.name] = "; ".join(map(str, fails))
    assert calm.keys() == WAIVED.keys(), calm


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
    golden, candidate = (
        Samples(observed(_samples(played.scenario, played, drift)), observed(_samples(twin, played, drift)))
        for drift in (False, True)
    )
    findings, crashes = compare([Cell(played.scenario, 0, golden, candidate)])
    assert not crashes, crashes[0].traceback
    return max((finding.severity for finding in findings), default=Severity.INFO)


def _samples(scenario: str, played: Played, drift: bool) -> list[Exchange]:
    """The samples of the step that was played; with the drift where it fits."""
    samples = [exchange for exchange in GOLDENS.get(scenario, ()) if exchange.step == played.golden.step]
    return [played.mutation.apply(exchange) or exchange for exchange in samples] if drift else samples
