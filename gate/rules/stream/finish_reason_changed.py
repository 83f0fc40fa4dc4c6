"""The value of finish_reason leaves what the goldens and the API's vocabulary allow (S15, TL16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Observation, Rule, Samples, Severity
from gate.questions import answered, choices, grammar, names_tool, numbered, shown
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """A word outside the API's vocabulary, or a turn with tool calls that does not say so."""
    known = shown(golden, lambda g: [str(c.finish) for c in choices(g) if c.finish])
    for sample, found in numbered(candidate):
        for choice in choices(found) if answered(found) else ():
            said = choice.finish
            if not isinstance(said, str) or not said or said in known:
                continue
            if said not in grammar(found).reasons:
                yield _drift(choice.finish_path, "is a word that no client of the API knows", known, said, sample)
            elif _denies_tools(found, said, bool(choice.tool_calls)) and "tool_calls" in known:
                yield _drift(choice.finish_path, "does not announce the tool calls beside it", known, said, sample)


def _denies_tools(found: Observation, said: str, called: bool) -> bool:
    return called and said == "stop" and not names_tool(found)


def _drift(path: str, message: str, known: frozenset[str], said: str, sample: int) -> Drift:
    return Drift(path, f"finish_reason {message}", " or ".join(map(show, sorted(known))) or "none", show(said), sample)


RULE = Rule(
    id="finish-reason-changed",
    area="stream",
    severity=Severity.BREAKING,
    summary="finish_reason says something that clients of the golden do not handle",
    who_breaks='loops that wait for finish_reason == "tool_calls" never run the tool; typed clients reject the word',
    hint="map the provider's stop reason to stop, length, tool_calls or content_filter in the gateway",
    check=check,
)
