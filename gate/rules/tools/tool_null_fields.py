"""Later deltas of a tool call say null where the golden leaves the key out (TL06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, numbered
from gate.rules.tools._calls import called, first_call

_KEYS = tuple(f"choices[].delta.tool_calls[].{key}" for key in ("id", "type", "function.name", "function.arguments"))


def check(comparison: Comparison) -> Iterator[Drift]:
    """One finding for each sample: most clients take null for absent."""
    golden, candidate = comparison.golden, comparison.candidate
    if not called(golden) or any(map(_nulls, golden)):
        return
    for sample, found in numbered(candidate):
        nulls = _nulls(found)
        if nulls and answered(found):
            names = " and ".join(path.rpartition("[].")[2] for path in nulls)
            message = f"deltas of tool calls carry null for {names}"
            path = nulls[0].replace("[]", "[0]")
            yield Drift(
                path=path,
                message=message,
                golden="absent",
                candidate="null",
                sample=sample,
                severity=None,
                frame=first_call(found)[0],
                byte=first_call(found)[1],
            )


def _nulls(found: Observation) -> list[str]:
    return [path for path in _KEYS if path in found.shape and "null" in found.shape[path].types]


RULE = Rule(
    id="tool-null-fields",
    area="tools",
    severity=Severity.INFO,
    summary="deltas of tool calls carry nulls for what they do not repeat",
    who_breaks="validators of typed clients that take a key as a string or absent, never null",
    hint="serialise chunks without nulls (pydantic: exclude_none)",
    check=check,
)
