"""Later deltas of a tool call have null where the golden leaves the key out (TL06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, ProblemCode, Rule, Severity
from gate.observe.answer import answered
from gate.rules.tools._calls import called, first_call

_KEYS = tuple(f"choices[].delta.tool_calls[].{key}" for key in ("id", "type", "function.name", "function.arguments"))


def check(comparison: Comparison) -> Iterator[Drift]:
    """One finding for each sample: most clients take null for absent."""
    if not called(comparison.golden) or any(map(_nulls, comparison.golden)):
        return
    for pair in comparison.pairs:
        nulls = _nulls(pair.candidate)
        if nulls and answered(pair.candidate):
            keys = " and ".join(path.rpartition("[].")[2] for path in nulls)
            yield pair.drift(
                path=nulls[0].replace("[]", "[0]"),
                message=f"deltas of tool calls have null for {keys}",
                golden="absent",
                candidate="null",
                at=first_call(pair.candidate),
            )


def _nulls(observation: Observation) -> list[str]:
    found = [path for path in _KEYS if path in observation.shape and "null" in observation.shape[path].types]
    # null in a later fragment of the arguments is a drift of its own (tool-arguments-null)
    later = any(problem.code is ProblemCode.TOOL_ARGUMENTS_NULL for problem in observation.problems)
    return [path for path in found if not (later and path.endswith("arguments"))]


RULE = Rule(
    id="tool-null-fields",
    area="tools",
    # TL06: SGLang's nulls; most clients accept them
    severity=Severity.INFO,
    summary="deltas of tool calls have null for keys that they do not repeat",
    who_breaks="validators of typed clients that accept a key as a string or absent, but not null",
    hint="leave out keys of a tool call's delta without a value; null stays where the API has it (finish_reason)",
    check=check,
)
