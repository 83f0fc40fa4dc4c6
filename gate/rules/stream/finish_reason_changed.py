"""The value of finish_reason leaves what the goldens and the API's vocabulary allow (S15, TL16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Observation, Rule, Samples, Severity, Violation
from gate.questions import answered, choices, names_tool, numbered, shown
from gate.rules.stream._streams import in_finish
from gate.wire.shape import show

_CALLS = frozenset({"tool_calls", "function_call"})


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """A value outside the API's vocabulary, or a turn with tool calls that does not say so."""
    known = shown(golden, _finishes)
    excused = shown(golden, lambda g: [show(v.value) for v in _foreign(g)])
    for sample, found in numbered(candidate):
        for v in _foreign(found) if known else ():
            if show(v.value) not in excused:
                yield _drift(v.path, "is a value that no client of the API knows", known, v.value, sample, v.frame)
        for choice in choices(found) if answered(found) and known & _CALLS else ():
            if choice.finish == "stop" and choice.tool_calls and not ("stop" in known or names_tool(found)):
                message = "does not announce the tool calls beside it"
                yield _drift(choice.finish_path, message, known, choice.finish, sample)


def _finishes(found: Observation) -> list[str]:
    return [c.finish for c in choices(found) if isinstance(c.finish, str) and c.finish]


def _foreign(found: Observation) -> list[Violation]:
    """Values that the schema forbids on any chunk, the empty string among them; null and absent are missing's."""
    mine = found.violations if answered(found) else ()
    return [v for v in mine if in_finish(v.path) and v.keyword not in ("null", "required")]


def _drift(
    path: str, message: str, known: frozenset[str], said: object, sample: int, frame: int | None = None
) -> Drift:
    golden = " or ".join(map(show, sorted(known)))
    return Drift(path, f"finish_reason {message}", golden, show(said), sample, frame=frame)


RULE = Rule(
    id="finish-reason-changed",
    area="stream",
    severity=Severity.BREAKING,
    summary="finish_reason says something that clients of the golden do not handle",
    who_breaks='loops that wait for finish_reason == "tool_calls" never run the tool; typed clients reject the word',
    hint="map the provider's stop reason to stop, length, tool_calls or content_filter in the gateway",
    check=check,
)
