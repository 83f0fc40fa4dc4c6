"""A finding of a merged report follows the route or the model: told from the routes that show it and those that don't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.judge.merge import merge, part
from gate.judge.origins import originated
from gate.model import Measures, Report, ScenarioResult
from gate.reports import formats, json
from gate.store.report_file import parse
from tests.report_samples import PASSING, finding, result

MINI, CLAUDE = "gpt-4o-mini", "claude"


def origins(table: str, step: int = 0) -> dict[str, str]:
    """`a gpt-4o-mini host1 shows; b claude host1`: routes with their models and hosts, and those with the finding."""
    routes = [words.split() for words in table.split("; ")]
    scenarios = []
    for name, model, *_ in routes:
        asked = (Measures("golden", step, model="golden's"), Measures("candidate", step, model=model.replace("?", "")))
        scenarios.append(replace(result(f"{name}/chat"), route=name, measures=asked))
    found = [
        replace(finding(scenario=f"{name}/chat", step=step), route=name, fingerprint="f")
        for name, _, _, *shows in routes
        if shows
    ]
    facts = {name: {"host": host} if host != "?" else {} for name, _, host, *_ in routes}
    return {one.route: one.origin for one in originated(found, scenarios, facts)}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("a m h1 shows", ""),
        ("a m h1 shows; b m h2", "the route: b with the same model does not show it"),
        ("a m h1 shows; b m h2; c m h3", "the route: b and c with the same model do not show it"),
        ("a m h1 shows; b m h2; c m h3; d m h4; e m h5", "the route: b, c, d and 1 more with the same model do not show it"),
        ("a m h1 shows; b n h1", "the model m: b with another does not show it"),
        ("a m h1 shows; b m h2 shows; c n h3", "the model m: c with another does not show it"),
        ("a m h1 shows; b m h2 shows; c n h1; d n h2", "the model m: c with another does not show it"),
        ("a m h1 shows; b n h2", "the route or the model: no other route asks for m"),
        ("a m h1 shows; b m h1 shows; c n h3", "the route or the model"),
        # two gateways on this machine
        ("a m localhost shows; b n localhost", "the route or the model: no other route asks for m"),
        ("a m h1 shows; b m h2; c n h1", "this model on this route: b with the same model, and c, do not show it"),
        ("a m h1 shows; b m h2 shows", "every route shows it, and all ask for m: the model, or the golden's route"),
        ("a m h1 shows; b n h2 shows", "every route shows it, whatever its model"),
        ("a ? h1 shows; b ? h2", "the route: b with the same model does not show it"),
        ("a ? ? shows; b ? ? shows", "every route shows it, and all ask for the same: the model, or the golden's route"),
    ],
)  # fmt: skip
def test_which_it_follows(table: str, said: str) -> None:
    assert origins(table)["a"] == said
    assert origins(table, step=1)["a"] == said


def test_a_route_that_was_not_judged_says_nothing() -> None:
    both = [replace(result(f"{name}/chat"), route=name) for name in "ab"]
    one = replace(finding(scenario="a/chat"), route="a")
    down = replace(both[1], status="incomplete")
    assert [found.origin for found in originated([one], [both[0], down], {})] == [""]
    of_sdk = replace(one, area="sdk")
    assert [found.origin for found in originated([of_sdk], both, {})] == [""]
    whole_run = replace(one, scenario="a/*")
    assert [found.origin for found in originated([whole_run], both, {})] == [""]


def route(name: str, *scenarios: ScenarioResult, drifted: bool) -> Report:
    found = (finding(scenario="chat"),) if drifted else ()
    facts = {"route": name, "host": f"{name}.test"}
    return replace(PASSING, candidate=facts, scenarios=scenarios, findings=found)


def test_every_format_says_it() -> None:
    chat = replace(result("chat"), measures=(Measures("candidate", 0, model=MINI),))
    reports = [route("a", chat, drifted=True), route("b", chat, drifted=False)]
    merged = merge([part(one.route, one) for one in reports])
    said = "the route: b with the same model does not show it"
    assert [one.origin for one in merged.findings] == [said]
    for name in ("terminal", "markdown", "junit", "github", "html"):
        assert said in formats()[name](merged), name
    assert parse(json.render(merged)).findings == merged.findings
    alone = merge([part("a", reports[0])])
    assert "origin" not in json.render(alone)
