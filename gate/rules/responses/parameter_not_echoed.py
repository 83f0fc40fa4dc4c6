"""A response does not repeat a parameter of its request, which the golden does: metadata, limits (RS24)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import is_responses
from gate.rules.responses._echo import ignored

# https://platform.openai.com/docs/api-reference/responses/object: what a response repeats of its request, less what
# other rules judge
_KEYS = (
    "metadata", "max_tool_calls", "max_output_tokens", "truncation", "prompt_cache_key", "safety_identifier", "user",
    "parallel_tool_calls", "service_tier", "instructions", "temperature", "top_p", "top_logprobs", "text", "reasoning",
    "tool_choice", "background",
)  # fmt: skip


def check(comparison: Comparison) -> Iterator[Drift]:
    """Values that the request sets; a limit that is ignored in truth is limit-ignored's."""
    yield from ignored(comparison, _KEYS)


RULE = Rule(
    id="parameter-not-echoed",
    area="responses",
    # RS24: what is not repeated may still have been honoured
    severity=Severity.INFO,
    summary="the response no longer repeats a parameter that the request sets",
    who_breaks="dashboards and stores that find responses by their metadata",
    hint="pass the parameter on and repeat it",
    check=check,
    where=is_responses,
)
