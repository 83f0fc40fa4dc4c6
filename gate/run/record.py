"""A run → the files of a golden or a candidate folder, as texts: scrubbed, guarded, and written all at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

from gate.contract.derive import derived_from
from gate.judge.pairing import observed
from gate.model import Chunk, Ending, Exchange, Json, Scenario, Status
from gate.observe.answer import carries_error, ended, grammar
from gate.observe.exchange import observe
from gate.redact.scrub import Scrubber
from gate.run.attempts import speaks
from gate.run.outcomes import ScenarioRun, final_attempts
from gate.store import cassette
from gate.store import files as disk
from gate.store.not_served import not_served_file
from gate.suite.asks import asks
from gate.text.safe import line

BESIDE = ".baseline"  # below a candidate's folder: what the baseline answered in the same minutes
_LACKS = frozenset({404, 405, 501})


@dataclass(frozen=True, slots=True)
class Recording:
    """What a run leaves behind: file texts by relative path, scenarios that the route lacks, those that ended too soon
    to show anything, those that were refused (and why), and sentences about outcomes that nobody planned."""

    files: Mapping[str, str]
    not_served: Mapping[str, str] = field(default_factory=dict)
    not_exercised: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


# -- goldens ------------------------------------------------------------------------------------


def record(
    scenarios: Sequence[Scenario],
    runs: Mapping[str, ScenarioRun],
    known: Mapping[str, Json],
    scrubber: Scrubber,
) -> Recording:
    """Cassette and contract of every scenario that may become a golden. SecretError when anything would leak.

    A failure that the scenario did not permit is refused; an endpoint that the route lacks is not served.
    """
    files: dict[str, str] = {}
    absent: dict[str, str] = {}
    idle: dict[str, str] = {}
    refused: dict[str, str] = {}
    notes: list[str] = []
    for scenario in scenarios:
        one = runs[scenario.id]
        lacking, why = _lacks(scenario, one), _refusal(scenario, one, scrubber)
        if one.state == "not-exercised":
            idle[scenario.id] = one.reason
        elif lacking:
            absent[scenario.id] = lacking
        elif why:
            refused[scenario.id] = why
        else:
            files.update(_files(scenario, one, known, scrubber))
            notes += _unplanned(scenario, one)
    return Recording(files, absent, idle, refused, tuple(notes))


def _files(
    scenario: Scenario, one: ScenarioRun, known: Mapping[str, Json], scrubber: Scrubber
) -> Iterator[tuple[str, str]]:
    clean, text = _clean({**known, **_links(scenario)}, one.exchanges, scrubber)
    scrubber.guard(clean, text, where=scenario.id)
    yield f"{scenario.id}/cassette.yaml", text
    yield f"{scenario.id}/contract.yaml", derived_from(scenario.id, clean, observed(clean), scenario.group)


def _clean(known: Mapping[str, Json], exchanges: Sequence[Exchange], scrubber: Scrubber) -> tuple[list[Exchange], str]:
    """The exchanges without secrets, and the text of their cassette. Where they are too much for one file, the largest
    bodies are cut: what a route sends must not keep the others from being judged."""
    clean = [scrubber.scrub(exchange) for exchange in exchanges]
    text = cassette.dump(known, clean)
    limit = max((len(one.response.body) for one in clean if one.response), default=0)
    while len(text.encode()) > disk.MAX_FILE and limit:
        limit //= 4
        clean = [_shortened(exchange, limit) for exchange in clean]
        text = cassette.dump(known, clean)
    return clean, text


def _shortened(exchange: Exchange, limit: int) -> Exchange:
    response = exchange.response
    if response is None or len(response.body) <= limit:
        return exchange
    size = exchange.body_size or len(response.body)
    sizes = [chunk.size for chunk in exchange.chunks]
    starts = [0, *accumulate(sizes)]
    chunks = [
        Chunk(c.at_ms, min(c.size, limit - at)) for c, at in zip(exchange.chunks, starts, strict=False) if at < limit
    ]
    return replace(
        exchange,
        response=replace(response, body=response.body[:limit]),
        chunks=tuple(chunks),
        ending=Ending.TOO_LARGE,
        detail=f"{size} bytes came, {limit} are stored: together they are too much for one cassette",
        body_size=size,
        body_sha256=exchange.body_sha256 or hashlib.sha256(response.body).hexdigest(),
    )


def _links(scenario: Scenario) -> dict[str, Json]:
    twin = {"twin": scenario.twin} if scenario.twin else {}
    return {"group": scenario.group, "asks": asks(scenario), **twin}


def _lacks(scenario: Scenario, one: ScenarioRun) -> str:
    """Why the route can't give this golden at all; error scenarios want their 404."""
    if one.state == "not-served":
        return one.reason
    if scenario.group == "errors":
        return ""
    for exchange in final_attempts(one.exchanges):
        status = exchange.response.status if exchange.response else 0
        if status in _LACKS and status not in scenario.steps[exchange.step].expect and not _names_model(exchange):
            return f"the route answers {status} to {scenario.steps[exchange.step].endpoint}"
    return ""


def _names_model(exchange: Exchange) -> bool:
    """A 404 about the model is a wrong name in gate.yaml, not an endpoint that is missing."""
    body = exchange.response.body if exchange.response else b""
    return b"model" in body.lower() and b"not" in body.lower() and b"{" in body


def _refusal(scenario: Scenario, one: ScenarioRun, scrubber: Scrubber) -> str:
    for exchange in final_attempts(one.exchanges):
        status = exchange.response.status if exchange.response else None
        step = scenario.steps[exchange.step]
        if status is not None and status >= 400 and status not in step.expect:
            return f"step {exchange.step} answered {status}: {_said(scrubber.scrub(exchange))}"
        if exchange.ending not in ("complete", "cancelled", "too-large"):
            return f"step {exchange.step} ended {exchange.ending}: {exchange.detail}"
        if hidden := _hidden_failure(exchange, one):
            return f"step {exchange.step} answered {status} {hidden}: {_said(scrubber.scrub(exchange))}"
    return one.reason or (one.state if one.state != "ok" else "")


def _hidden_failure(exchange: Exchange, one: ScenarioRun) -> str:
    """What a success hides that is none; empty where it is an answer."""
    if exchange.ending is not Ending.COMPLETE:
        return ""
    found = observe(exchange)
    if found.ok and carries_error(found):
        return "with an error"
    if found.ok and not speaks(exchange) and not grammar(found).free:
        return "without an answer of the API"
    # a route whose streams never say that they are over can be recorded as it is; one that does so at times was cut
    if found.form == "stream" and not ended(found) and any(_ends(other, exchange.step) for other in one.exchanges):
        return "with a stream that ends in the middle"
    return ""


def _ends(exchange: Exchange, step: int) -> bool:
    return exchange.step == step and ended(observe(exchange))


def _said(exchange: Exchange) -> str:
    """The first words of a body, for a person who wonders why a recording was refused."""
    body = exchange.response.body[:400].decode("utf-8", "replace") if exchange.response else ""
    return line(" ".join(body.split()), 200) or "an empty body"


def _unplanned(scenario: Scenario, one: ScenarioRun) -> Iterator[str]:
    found = {(e.step, e.response.status) for e in final_attempts(one.exchanges) if e.response}
    for step, status in sorted(found):
        planned = " or ".join(map(str, scenario.steps[step].expect))
        if status not in scenario.steps[step].expect:
            yield f"{scenario.id}: the route answered {status} where {planned} was planned; stored as it is"


# -- candidates ---------------------------------------------------------------------------------


def keep(
    runs: Mapping[str, ScenarioRun],
    states: Mapping[str, tuple[Status, str]],
    scenarios: Mapping[str, Scenario],
    known: Mapping[str, Json],
    scrubber: Scrubber,
) -> dict[str, str]:
    """Files that hold what a candidate sent, failures included."""
    files: dict[str, str] = {}
    absent = {name: state for name, state in states.items() if not runs[name].exchanges}
    for name, one in runs.items():
        if one.exchanges:
            state = {"state": list(states[name])} if name in states else {}
            clean, text = _clean({**known, **_links(scenarios[name]), **state}, one.exchanges, scrubber)
            scrubber.guard(clean, text, where=name)
            files[f"{name}/cassette.yaml"] = text
    return {**files, **not_served_file(absent)}


# -- the disk -----------------------------------------------------------------------------------


def write(folder: Path, files: Mapping[str, str]) -> None:
    """All files or none: a killed run leaves each scenario whole, its contract right behind its cassette."""
    names = sorted(files, key=lambda name: (name.rpartition("/")[0], name.endswith("contract.yaml"), name))
    disk.write_all({folder / name: files[name] for name in names})
