"""An answer without calls has `tool_calls: []` (TL31)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import answered

_PATHS = ("choices[].message.tool_calls", "choices[].delta.tool_calls")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden sample has an empty list; the API leaves the key out of an answer in text."""
    for pair, path in unseen(comparison, _empty):
        yield pair.drift(
            path=path.replace("[]", "[0]"),
            message="tool_calls is an empty list",
            golden="no such key",
            candidate="[]",
        )


def _empty(observation: Observation) -> str:
    whole = _PATHS if answered(observation) else ()
    return next((path for path in whole if path in observation.shape and observation.shape[path].empty), "")


RULE = Rule(
    id="tool-calls-empty",
    area="tools",
    # TL31: code that asks whether the key is there takes the text for a call
    severity=Severity.RISKY,
    summary="tool_calls is an empty list where the golden leaves it out",
    who_breaks="loops that test `tool_calls is not None` run no tool and never show the text",
    hint="leave tool_calls out of an answer that calls nothing",
    check=check,
)
