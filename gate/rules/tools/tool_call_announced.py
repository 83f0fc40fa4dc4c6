"""finish_reason announces tool calls in an answer that has none, where the golden answers in text (TL32)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import answered, choices
from gate.rules.tools._calls import called
from gate.wire.shape import show

_ANNOUNCE = ("tool_calls", "function_call")  # a tuple: a finish may be any JSON value, so it may have no hash


def check(comparison: Comparison) -> Iterator[Drift]:
    """A call that the golden has is tool-call-missing's; here nothing was to be called."""
    for pair, choice in () if called(comparison.golden) else unseen(comparison, _announced):
        yield pair.drift(
            path=choice.finish_path,
            message=f"finish_reason is {choice.finish}, but there is no tool call",
            golden="the end of a text",
            candidate=show(choice.finish),
        )


def _announced(observation: Observation) -> Choice | None:
    ended = choices(observation) if answered(observation) else ()
    found = (c for c in ended if c.finish in _ANNOUNCE and not c.tool_calls)
    return next(found, None)


RULE = Rule(
    id="tool-call-announced",
    area="tools",
    # TL32: agents go on to run calls that are not there, and drop the text
    severity=Severity.BREAKING,
    summary="finish_reason announces tool calls and the answer has none",
    who_breaks="agent loops read tool_calls[0] after this finish: IndexError, undefined, or a turn that never ends",
    hint="let the gateway say stop where the answer has no call",
    check=check,
)
