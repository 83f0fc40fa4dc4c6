"""A team's own client against known drifts and failures, one run for each → both sides of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from gate.errors import ConfigError
from gate.model import APP, Exchange, Location, Transcript
from gate.model.sides import Side
from gate.mutations import of_answers
from gate.replay.scripts import script_of
from gate.sdk.app import App, Run, brings_results
from gate.sdk.jobs import first_samples
from gate.text.nearest import suggest
from gate.text.safe import line


@dataclass(frozen=True, slots=True)
class Case:
    """One run: a fault of the replay server, on every answer that it fits or only on those to a tool's result.
    `passes`: it is over with the next attempt, and should not end a client."""

    fault: str
    passes: bool = False
    after_tool: bool = False

    @property
    def scenario(self) -> str:
        """Its name in the report."""
        return f"{APP}!{'tool-then-' if self.after_tool else ''}{self.fault}"


# What breaks most clients, in the order in which it is tried; every other known drift follows.
_FIRST = (
    "answer-empty", "usage-missing", "finish-missing", "finish-native", "tool-finish-stop", "arguments-object",
    "tool-calls-empty", "function-call-stub", "tool-call-as-text",
)  # fmt: skip
_PASSING = ("status-429+retry-after-1*1", "cut-after-3*1", "reset*1", "status-503*1", "html-502*1")
_LASTING = ("status-429", "cut-after-3", "no-answer", "error-200", "html-200", "no-events", "stall-after-3", "silence")
# `reset*3`: the official SDKs send a request three times, and what comes then is the application's own doing.
_AFTER_TOOL = ("reset*1", "reset*3", "no-answer*1")

# chosen: a run is a process that mostly imports and waits
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Proved:
    """Both sides, and how many drifts were tried of those that there are."""

    golden: Side
    candidate: Side
    tried: int
    known: int


def proved(app: App, side: Side, only: Sequence[str] = ()) -> Proved:
    """Runs the client on the goldens as they are, then once for each drift and failure that fits what it was answered.

    Raises ConfigError where it does not do its work on the goldens as they are: then nothing can be said of a drift.
    """
    chosen = _chosen(only)
    first = app.run(side.exchanges)
    _checked(first, app.run(side.exchanges))
    answered = _answered(first, side)
    fitting = {case: fits for case in chosen if (fits := _fitting(case, answered)) is not None}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        runs = list(pool.map(lambda case: app.run(side.exchanges, case.fault, after_tool=case.after_tool), fitting))
    scenarios = {APP: answered[0], **{case.scenario: exchange for case, exchange in fitting.items()}}
    seen = {APP: first.transcript}
    seen |= {case.scenario: _marked(run, case) for case, run in zip(fitting, runs, strict=True)}
    # hosts besides the base_url are told once, of the run on the goldens as they are
    golden = dict.fromkeys(scenarios, first.transcript) | {APP: replace(first.transcript, outside=())}
    facts = {"route": "the goldens as they are"}, {"route": " ".join(app.command)[:200]}
    return Proved(_side(scenarios, golden, facts[0]), _side(scenarios, seen, facts[1]), len(fitting), len(chosen))


def cases() -> tuple[Case, ...]:
    """All, without drifts of times: a run would take as long as the slowest route."""
    drifts = [mutation.id for mutation in of_answers().values() if mutation.area != "latency"]
    known = dict.fromkeys((*(name for name in _FIRST if name in drifts), *drifts))
    first = [Case(name) for name in known if name in _FIRST]
    passing = [Case(name, passes=True) for name in _PASSING]
    dropped = [Case(name, passes=True, after_tool=True) for name in _AFTER_TOOL]
    return (*first, *passing, *dropped, *map(Case, _LASTING), *(Case(name) for name in known if name not in _FIRST))


def _chosen(only: Sequence[str]) -> list[Case]:
    named = {case.scenario.removeprefix(f"{APP}!"): case for case in cases()}
    for name in only:
        if name not in named:
            fix = suggest(name, list(named), listing=False) or "gate prove lists the drifts, docs/sdk.md the failures"
            raise ConfigError(f"there is no drift or failure {line(name, 80)}", where="--only", fix=fix)
    return [case for name, case in named.items() if not only or name in only]


def _checked(first: Run, again: Run) -> None:
    fix = "record what it asks: gate proxy -- COMMAND"
    if not first.answers:
        where = "it must take its base_url from OPENAI_BASE_URL"
        raise ConfigError("the command asked the replay server for nothing", where="--app", fix=where)
    if first.missed:
        raise ConfigError(f"the goldens don't hold what it asks: {first.missed[:400]}", where="--app", fix=fix)
    if first.transcript.outcome != "returned":
        how = first.transcript.detail or (first.transcript.error.message if first.transcript.error else "it hangs")
        raise ConfigError(f"it does not work on the goldens as they are: {how}", where="--app", fix=fix)
    if first.transcript.values != again.transcript.values:
        what = "two runs on the same bytes print different words, so that a loss can't be told"
        raise ConfigError(what, where="--app", fix="let it print what it read, without times and ids")


def _answered(run: Run, side: Side) -> list[Exchange]:
    """The recordings that answered it, each once."""
    places = dict.fromkeys((answer.scenario, answer.step) for answer in run.answers)
    return [e for name, step in places for e in first_samples(side.exchanges[name]) if e.step == step]


def _fitting(case: Case, answered: Sequence[Exchange]) -> Exchange | None:
    """The first recording that it fits."""
    fault = script_of(case.fault).fault(0)
    fitting = [exchange for exchange in answered if not case.after_tool or brings_results(exchange.request)]
    return next((exchange for exchange in fitting if fault.reply(exchange, 0, 0) is not None), None)


def _marked(run: Run, case: Case) -> Transcript:
    return replace(run.transcript, values={**run.transcript.values, "passes": case.passes})


def _side(scenarios: Mapping[str, Exchange], seen: Mapping[str, Transcript], facts: Mapping[str, str]) -> Side:
    return Side({name: [_bare(name, exchange, seen[name])] for name, exchange in scenarios.items()}, facts)


def _bare(name: str, exchange: Exchange, transcript: Transcript) -> Exchange:
    """The same bytes on both sides, without times and place: what differs is what the client made of them."""
    asked = replace(exchange.request, headers=())
    return replace(
        exchange, request=asked, location=Location(), scenario=name, step=0, sample=0, attempt=0, chunks=(),
        connect_ms=None, first_byte_ms=None, total_ms=None, transcripts=(transcript,),
    )  # fmt: skip
