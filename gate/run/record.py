"""A run → the files of a golden or candidate folder, as texts: scrubbed, checked for secrets, written at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from pathlib import Path

from gate.contract.derive import derived_from
from gate.judge.idle import idle
from gate.judge.pairing import observed
from gate.model import Chunk, Ending, Exchange, Json, Scenario, Status
from gate.observe.answer import carries_error, ended, grammar
from gate.observe.exchange import observe
from gate.observe.limits import passes
from gate.redact.scrub import Scrubber
from gate.run.failures import absent, speaks
from gate.run.outcomes import ScenarioRun, final_attempts
from gate.store import cassette
from gate.store.files import MAX_FILE
from gate.store.journal import writer
from gate.store.not_served import not_served_file
from gate.store.spool import is_kept
from gate.store.texts import Texts
from gate.suite.asks import asks
from gate.text.safe import line
from gate.wire.encoding import content, unreadable

BESIDE = ".baseline"  # folder below a candidate's: answers of the baseline in the same minutes


@dataclass(frozen=True, slots=True)
class Recording:
    """File texts by relative path; by scenario the reason why it was not served, not exercised or refused;
    and notes about statuses that the scenario did not expect, and about streams that never end properly."""

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
    """Cassette and contract of every scenario that may become a golden. Raises SecretError for a secret in one.

    A failure that the scenario does not permit is refused; an endpoint that the route lacks is not served.
    """
    files: dict[str, str] = {}
    not_served: dict[str, str] = {}
    idle: dict[str, str] = {}
    refused: dict[str, str] = {}
    notes: list[str] = []
    for scenario in scenarios:
        run = runs[scenario.id]
        unserved, why = _lacks(scenario, run), _refusal(scenario, run, scrubber)
        if run.state == "not-exercised":
            idle[scenario.id] = run.reason
        elif unserved:
            not_served[scenario.id] = unserved
        elif why:
            refused[scenario.id] = why
        else:
            files.update(_files(scenario, run, known, scrubber))
            notes += (*_unplanned(scenario, run), *_unended(scenario, run), *_idle(scenario, run))
    clean = _without_secrets
    return Recording(files, clean(not_served, scrubber), clean(idle, scrubber), clean(refused, scrubber), tuple(notes))


def _without_secrets(reasons: Mapping[str, str], scrubber: Scrubber) -> dict[str, str]:
    """Reasons quote what a route answered."""
    return {name: scrubber.text(why) for name, why in reasons.items()}


def _files(
    scenario: Scenario, run: ScenarioRun, known: Mapping[str, Json], scrubber: Scrubber
) -> Iterator[tuple[str, str]]:
    clean, text = _clean({**known, **_links(scenario)}, run.exchanges, scrubber)
    # The second look is at the finished text: what scrubbing missed must not be committed.
    scrubber.guard(clean, text, where=scenario.id)
    yield f"{scenario.id}/cassette.yaml", text
    yield f"{scenario.id}/contract.yaml", derived_from(scenario.id, clean, observed(clean), scenario.group)


def _clean(known: Mapping[str, Json], exchanges: Sequence[Exchange], scrubber: Scrubber) -> tuple[list[Exchange], str]:
    """The exchanges without secrets, and the text of their cassette. Where that would be too large for a file, the
    largest bodies are cut, so that the other exchanges can still be judged."""
    clean = [exchange if is_kept(exchange) else scrubber.scrub(exchange) for exchange in exchanges]
    text = cassette.dump(known, clean)
    limit = max((len(exchange.response.body) for exchange in clean if exchange.response), default=0)
    while len(text.encode()) > MAX_FILE and limit:
        limit //= 4
        clean = [_shortened(exchange, limit) for exchange in clean]
        text = cassette.dump(known, clean)
    return clean, text


def cassette_text(name: str, exchanges: Sequence[Exchange], known: Mapping[str, Json], scrubber: Scrubber) -> str:
    """The cassette of a scenario without secrets. Raises SecretError where one is left."""
    clean, text = _clean(known, exchanges, scrubber)
    scrubber.guard(clean, text, where=name)
    return text


def _shortened(exchange: Exchange, limit: int) -> Exchange:
    response = exchange.response
    if response is None or len(response.body) <= limit:
        return exchange
    size = exchange.body_size or len(response.body)
    # Chunks must add up to what is stored, or the times would be those of other bytes.
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
        detail=f"{size} bytes came, {limit} are stored: the cassette would be too large",
        body_size=size,
        # The hash is of what came, so that two answers can still be compared.
        body_sha256=exchange.body_sha256 or hashlib.sha256(response.body).hexdigest(),
    )


def _links(scenario: Scenario) -> dict[str, Json]:
    twin = {"twin": scenario.twin} if scenario.twin else {}
    return {"group": scenario.group, "asks": asks(scenario), **twin}


def _lacks(scenario: Scenario, run: ScenarioRun) -> str:
    """Why the route does not serve the scenario; "" where it does. Scenarios of group errors expect their 404."""
    if run.state == "not-served":
        return run.reason
    if scenario.group == "errors":
        return ""
    for exchange in final_attempts(run.exchanges):
        step = scenario.steps[exchange.step]
        if status := absent(exchange, step.expect):
            return f"the route answers {status} to {step.endpoint}"
    return ""


def _refusal(scenario: Scenario, run: ScenarioRun, scrubber: Scrubber) -> str:
    for exchange in final_attempts(run.exchanges):
        status = exchange.response.status if exchange.response else None
        step = scenario.steps[exchange.step]
        # A failure as golden would make the same failure of the candidate pass.
        if status is not None and status >= 400 and status not in step.expect:
            return f"step {exchange.step} answered {status}: {_beginning(scrubber.scrub(exchange))}"
        if exchange.ending not in ("complete", "cancelled", "too-large"):
            return f"step {exchange.step} ended {exchange.ending}: {exchange.detail}"
        if hidden := _hidden_failure(exchange, run, failing=scenario.group == "errors"):
            return f"step {exchange.step} answered {status} {hidden}: {_beginning(scrubber.scrub(exchange))}"
    return run.reason or (run.state if run.state != "ok" else "")


def _hidden_failure(exchange: Exchange, run: ScenarioRun, *, failing: bool) -> str:
    """Why a success is not an answer; "" where it is one. `failing`: a stream that fails is what was asked for, for
    what is wrong with the request."""
    if exchange.ending is not Ending.COMPLETE:
        return ""
    observation = observe(exchange)
    # ER06: relays put the upstream's 429 or 5xx into a success.
    if observation.ok and carries_error(observation):
        asked_for = failing and observation.form == "stream" and not passes(observation)
        return "" if asked_for else "with an error"
    if observation.ok and observation.encoding_true and unreadable(observation.encoding):
        return f"compressed with {line(observation.encoding, 40)}, which the gate can't read"
    if observation.ok and not speaks(exchange) and not grammar(observation).free:
        return "without an answer of the API"
    # a route that never ends streams properly can be recorded; where only some lack their end, they were cut
    if (
        observation.form == "stream"
        and not ended(observation)
        and any(_ends(other, exchange.step) for other in run.exchanges)
    ):
        return "with a stream that ends in the middle"
    return ""


def _ends(exchange: Exchange, step: int) -> bool:
    return exchange.step == step and ended(observe(exchange))


def _beginning(exchange: Exchange) -> str:
    """The beginning of a body on one line, for the reason why a recording was refused."""
    body = content(exchange.response)[:400].decode("utf-8", "replace") if exchange.response else ""
    return line(" ".join(body.split()), 200) or "an empty body"


def _unplanned(scenario: Scenario, run: ScenarioRun) -> Iterator[str]:
    statuses = {(e.step, e.response.status) for e in final_attempts(run.exchanges) if e.response}
    for step, status in sorted(statuses):
        expected = " or ".join(map(str, scenario.steps[step].expect))
        # Stored all the same: the golden is what the baseline does, not what the suite expects.
        if status not in scenario.steps[step].expect:
            yield f"{scenario.id}: the route answered {status} where {expected} was expected; stored as it is"


def _idle(scenario: Scenario, run: ScenarioRun) -> Iterator[str]:
    if why := idle([observe(exchange) for exchange in final_attempts(run.exchanges)]):
        yield f"{scenario.id}: the golden exercises nothing: {why}"


def _unended(scenario: Scenario, run: ScenarioRun) -> Iterator[str]:
    """What no stream of a step ends with: a cut can't be told from a whole answer then (T07)."""
    observations = (observe(e) for e in final_attempts(run.exchanges) if e.ending is Ending.COMPLETE)
    streams = [observation for observation in observations if observation.ok and observation.form == "stream"]
    for number in sorted({stream.step for stream in streams}):
        of_step = [stream for stream in streams if stream.step == number]
        endpoint, kinds = grammar(of_step[0]), frozenset[str]().union(*(stream.kinds for stream in of_step))
        finish = "finish" if "finish" in endpoint.ends else "terminal event"
        ends = [finish] if endpoint.ends and kinds.isdisjoint(endpoint.ends) else []
        ends += [endpoint.sentinel] if endpoint.sentinel and "done" not in kinds else []
        if ends:
            yield f"{scenario.id}: no stream has a {' or a '.join(ends)}: one that breaks off may look the same"


# -- candidates ---------------------------------------------------------------------------------


def keep(
    runs: Mapping[str, ScenarioRun],
    states: Mapping[str, tuple[Status, str]],
    scenarios: Mapping[str, Scenario],
    known: Mapping[str, Json],
    scrubber: Scrubber,
) -> Texts:
    """Path → text of the files of a candidate folder: everything it sent, failures included. Asking for a text raises
    SecretError."""
    states = {name: (state, scrubber.text(why)) for name, (state, why) in states.items()}
    unsent = {name: state for name, state in states.items() if not runs[name].exchanges}
    files = Texts()
    for name, run in runs.items():
        if run.exchanges:
            state: dict[str, Json] = {"state": list(states[name])} if name in states else {}
            facts = {**known, **_links(scenarios[name]), **state}
            files.add(f"{name}/cassette.yaml", partial(_kept, name, facts, run.exchanges, scrubber))
    return files.with_texts(not_served_file(unsent))


def _kept(name: str, facts: Mapping[str, Json], exchanges: Sequence[Exchange], scrubber: Scrubber) -> str:
    clean, text = _clean(facts, exchanges, scrubber)
    scrubber.guard(clean, text, where=name)
    return text


# -- the disk -----------------------------------------------------------------------------------


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Writes the files as one. Raises CassetteError."""
    with writer(folder) as disk:
        disk.write(files)
