"""What a gate.yaml could say of it: scenarios that send what the code sends, and paths that it reads. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from gate.endpoints import member, members
from gate.inventory.model import Call, Place
from gate.inventory.names import names
from gate.inventory.paths import by_untyped
from gate.model import Scenario, Step

# What most requests have, or what a scenario needs to be cheap: it says nothing of what code uses
_BASICS = names("model messages input prompt temperature max_tokens max_output_tokens stream tool_choice voice size")
# Parameters that scenarios of other groups show at work, so that they need no probe
_AT_WORK = frozenset({"response_format", "stream_options", "tool_choice"})
_STANDARD = {"minimal", "standard"}


def suite(calls: Sequence[Call], scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """`standard` where chats are called, and every further built-in scenario that sends what a call sends.

    A scenario fits where each of its steps asks an endpoint that is called, in the same form (streamed or not), and its
    particular parameters are sent there as well.
    """
    calls = [call for call in calls if not call.in_tests]
    named = [scenario for scenario in scenarios if _fits(scenario, calls)]
    chats = any(call.endpoint == "chat.completions" for call in calls)
    ids = [s.id for s in named if not (chats and _STANDARD & set(s.tags))]
    return (*(("standard",) if chats else ()), *ids)


def _fits(scenario: Scenario, calls: Sequence[Call]) -> bool:
    lasting = scenario.min_seconds or any(
        step.cancel_after_chunks or step.give_up_after or step.repeat > 2 for step in scenario.steps
    )
    if lasting or (scenario.group == "errors" and not _STANDARD & set(scenario.tags)):
        return False
    # of which kind the tools of a call are is not seen: most are functions, and a provider bills those that it runs
    if not all(_functions(step) for step in scenario.steps):
        return False
    exact = scenario.group == "params"
    if exact and any(_particular(step, exact) & _AT_WORK for step in scenario.steps):
        return False
    particular = any(_particular(step, exact) for step in scenario.steps)
    ordinary = all(step.endpoint in ("chat.completions", "embeddings", "models") for step in scenario.steps)
    # further plain questions find what `standard` finds
    if ordinary and not particular and not _STANDARD & set(scenario.tags):
        return False
    if scenario.group == "slow":  # the only one of its endpoint
        return {step.endpoint for step in scenario.steps} <= {call.endpoint for call in calls}
    return all(any(_sends(step, call, exact) for call in calls) for step in scenario.steps)


def _sends(step: Step, call: Call, exact: bool) -> bool:
    streamed = bool(isinstance(step.body, dict) and step.body.get("stream"))
    if (
        step.endpoint != call.endpoint
        or (streamed and call.streaming == "no")
        or (not streamed and call.streaming == "yes")
    ):
        return False
    sent = {parameter.name.rpartition(".")[2] for parameter in call.parameters}
    if call.name.endswith(".parse"):  # which makes a schema of the type that it is given
        sent |= {"response_format", "text"}
    if call.sdk.endswith(":openai") and call.endpoint == "embeddings":  # it asks for base64 by itself (SD01)
        sent.add("encoding_format")
    return _particular(step, exact) <= sent


def _functions(step: Step) -> bool:
    return all(member(tool, "type") == "function" for tool in members(step.body, "tools"))


def _particular(step: Step, exact: bool) -> set[str]:
    body = set(step.body) if isinstance(step.body, dict) else set()
    if isinstance(step.body, dict) and step.body.get("encoding_format") == "float":  # the API's default
        body.discard("encoding_format")
    return body - (_BASICS - {"tool_choice"} if exact else _BASICS)


def depends_on(reads: Iterable[tuple[str, Place]], shown: Collection[str]) -> tuple[str, ...]:
    """The paths that code reads and goldens show: a path that none shows would be an error in gate.yaml."""
    known = by_untyped(shown)
    return tuple(sorted({spelled for path, _ in reads for spelled in known.get(path, ())}))


def shown_paths(contracts: Mapping[str, Sequence[Mapping[str, object]]], ids: Collection[str]) -> frozenset[str]:
    """The paths in the contracts of some scenarios; of all, where none of them has one."""
    chosen = {name: steps for name, steps in contracts.items() if name in ids} or contracts
    fields = [step.get("fields") for steps in chosen.values() for step in steps]
    return frozenset(path for one in fields if isinstance(one, dict) for path in one)


def allowlist(contracts: Mapping[str, Sequence[Mapping[str, object]]]) -> dict[str, str]:
    """Parameter → `ignored` or `rejected`, with the evidence, as the contracts of probes have it."""
    found: dict[str, str] = {}
    for steps in contracts.values():
        for step in steps:
            params = step.get("params")
            for name, said in params.items() if isinstance(params, dict) else ():
                if str(said).startswith(("ignored", "rejected")):
                    found.setdefault(str(name).partition(" ")[0], str(said))
    return found
