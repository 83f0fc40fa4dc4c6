"""Opaque state of a tool call that the next turn must bring back is gone (TL23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, is_tool_path, numbered, tool_calls
from gate.rules.tools._calls import first_call


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls without the signature that the calls of every golden sample carry."""
    golden, candidate = comparison.golden, comparison.candidate
    calling = [g for g in golden if tool_calls(g)]
    kept = set.intersection(*(set(_state(g)) for g in calling)) if calling else set()
    for sample, found in numbered(candidate) if kept else ():
        if answered(found) and tool_calls(found) and not _state(found):
            path = min(kept)
            message = f"tool calls carry no {path.rpartition('.')[2]} for the next turn to bring back"
            yield Drift(
                path=path.replace("[]", "[0]"),
                message=message,
                golden="a signature",
                candidate="absent",
                sample=sample,
                severity=None,
                frame=first_call(found)[0],
                byte=first_call(found)[1],
            )


def _state(found: Observation) -> list[str]:
    """The paths below tool calls that hold signatures, as a client finds them in the final answer."""
    return [path for path in found.final_shape if path.endswith("signature") and is_tool_path(path)]


RULE = Rule(
    id="tool-signature-lost",
    area="tools",
    severity=Severity.BREAKING,
    summary="the opaque signature of tool calls is lost",
    who_breaks="agents that send the assistant turn back: the next request is refused for its missing signature",
    hint="let the gateway pass extra_content of tool calls through, both ways",
    check=check,
)
