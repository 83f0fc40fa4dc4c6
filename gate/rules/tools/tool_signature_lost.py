"""Opaque state of a tool call that the next request must send back is missing (TL23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, is_tool_path, tool_calls
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import first_call


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls without the signature that the calls of every golden sample have."""
    signed = [_signatures(golden) for golden in comparison.golden if tool_calls(golden)]
    usual = min(set.intersection(*signed), default="") if signed else ""
    for pair in comparison.pairs if usual else ():
        observation = pair.candidate
        if answered(observation) and tool_calls(observation) and not _signatures(observation):
            yield pair.drift(
                path=usual.replace("[]", "[0]"),
                message=f"tool calls lack {usual.rpartition('.')[2]}, which the next request must send back",
                golden="a signature",
                candidate="absent",
                at=first_call(observation),
            )


def _signatures(observation: Observation) -> set[str]:
    """The paths below tool calls that hold signatures, as a client finds them in the final answer."""
    # by the ending: Gemini's is extra_content.google.thought_signature (TL23), others may nest it elsewhere
    return {path for path in observation.final_shape if path.endswith("signature") and is_tool_path(path)}


RULE = Rule(
    id="tool-signature-lost",
    area="tools",
    # TL23: the next turn is a 400
    severity=Severity.BREAKING,
    summary="the opaque signature of tool calls is missing",
    who_breaks="agents that send the assistant turn back: the next request is rejected without the signature",
    hint="let the gateway pass extra_content of tool calls through, both ways",
    check=check,
    where=has_calls,
)
