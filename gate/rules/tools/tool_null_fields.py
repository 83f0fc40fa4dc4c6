"""Later deltas of a tool call have null where the golden leaves the key out (TL06)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import Comparison, Drift, Observation, ProblemCode, Rule, Severity
from gate.observe.answer import answered
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import called, first_call, lacking

# https://platform.openai.com/docs/api-reference/chat/streaming#chat/streaming-choices: what a delta of a call may have
_BODIES = ("function.name", "function.arguments", "custom.name", "custom.input")
_KEYS = tuple(f"choices[].delta.tool_calls[].{key}" for key in ("id", "type", *_BODIES))


def check(comparison: Comparison) -> Iterator[Drift]:
    """One finding for each sample: most clients take null for absent, but not as the type."""
    if not called(comparison.golden):
        return
    known = {path for golden in comparison.golden for path in _nulls(golden)}
    for pair in comparison.pairs:
        nulls = [path for path in _nulls(pair.candidate) if path not in known]
        if nulls and answered(pair.candidate):
            keys = " and ".join(path.rpartition("[].")[2] for path in nulls)
            yield pair.drift(
                path=nulls[0].replace("[]", "[0]"),
                message=f"deltas of tool calls have null for {keys}",
                golden="absent",
                candidate="null",
                at=first_call(pair.candidate),
                # docs/clients.md: it replaces the type that openai-python's stream helper has, which then raises
                severity=Severity.BREAKING if _replaced(pair.candidate, nulls) else None,
            )


def _replaced(observation: Observation, nulls: Iterable[str]) -> bool:
    """Whether a type is null after it was told; one that never comes first is tool-type-missing's."""
    return any(path.endswith("type") for path in nulls) and not any(lacking(observation, "type"))


def _nulls(observation: Observation) -> list[str]:
    found = [path for path in _KEYS if path in observation.shape and "null" in observation.shape[path].types]
    # null in a later fragment of the arguments is a drift of its own (tool-arguments-null)
    later = any(problem.code is ProblemCode.TOOL_ARGUMENTS_NULL for problem in observation.problems)
    return [path for path in found if not (later and path.endswith((".arguments", ".input")))]


RULE = Rule(
    id="tool-null-fields",
    area="tools",
    # TL06: SGLang's nulls; most clients accept them
    severity=Severity.INFO,
    summary="deltas of tool calls have null for keys that they do not repeat",
    who_breaks="openai-python's stream helper, on a null type; typed clients that accept a text, but no null",
    hint="leave out keys of a tool call's delta without a value; null stays where the API has it (finish_reason)",
    check=check,
    where=has_calls,
)
