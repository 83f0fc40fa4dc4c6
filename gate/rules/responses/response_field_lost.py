"""A top-level field that a response must have is gone or null: tools, tool_choice, parallel_tool_calls (RS18)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import MISSING, Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import grammar
from gate.observe.scopes import is_responses

# neither optional nor nullable: https://platform.openai.com/docs/api-reference/responses/object
_REQUIRED = ("tools", "tool_choice", "parallel_tool_calls")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Fields that repeat the request; what they say is not the route's, that they are there is."""
    for pair in comparison.answers if grammar(comparison.golden[0]).answer_at else ():
        lost = [key for key in _REQUIRED if _absent(pair.candidate, key)]
        lost = [key for key in lost if not any(_absent(golden, key) for golden in pair.golden)]
        if lost:
            values = {key: member(_final(pair.candidate), key) for key in lost}
            yield pair.drift(
                path=lost[0],
                message=f"the response lacks {', '.join(lost)}, which the API requires",
                golden="always there",
                candidate="null" if None in values.values() else "absent",
            )


def _absent(observation: Observation, key: str) -> bool:
    return member(_final(observation), key) in (None, MISSING)


def _final(observation: Observation) -> Json:
    return observation.answer.final if observation.answer else None


RULE = Rule(
    id="response-field-lost",
    area="responses",
    # RS18: typed clients fail to decode the response, others seldom read what they sent
    severity=Severity.RISKY,
    summary="a response lacks a top-level field that the API requires",
    who_breaks="typed SDKs (Rust, Go, Kotlin): missing field `tools`; loops over response.tools raise on null",
    hint="repeat the request's tools, tool_choice and parallel_tool_calls in the response, or their defaults",
    check=check,
    where=is_responses,
)
