"""What `include` asks for does not come: results, sources, outputs (RS28)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import MISSING, Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.items import output
from gate.wire.shape import show

# https://platform.openai.com/docs/api-reference/responses/create#responses-create-include
# reasoning-not-encrypted tells of this one; log probabilities, which are deeper, are logprobs-incomplete's
_SEALED = "reasoning.encrypted_content"
# Steps of a web search that open or read a page, and bring no list of sources (same page)
_READS = ("open_page", "find", "find_in_page")
_NOTHING: tuple[Json, ...] = (MISSING, None, "", [], {})


def check(comparison: Comparison) -> Iterator[Drift]:
    """`file_search_call.results` is `results` in the items of that type; where no such item is, nothing is missing."""
    for pair in comparison.answers:
        for wanted in members(pair.candidate.request, "include"):
            values = _values(pair.candidate, wanted)
            if values and not any(map(_is_there, values)) and all(_has(golden, wanted) for golden in pair.golden):
                yield pair.drift(
                    path=f"output[].{wanted.partition('.')[2]}",
                    message=f"the request includes {wanted}, and the answer has none",
                    golden="always there",
                    candidate="absent" if values[0] is MISSING else show(values[0], 80),
                )


def _has(observation: Observation, wanted: str) -> bool:
    return any(map(_is_there, _values(observation, wanted)))


def _is_there(value: Json) -> bool:
    return value not in _NOTHING


def _values(observation: Observation, wanted: Json) -> list[Json]:
    """What stands at the place that a value of `include` names, in each item of its type."""
    kind, *keys = wanted.split(".") if isinstance(wanted, str) and wanted != _SEALED else [""]
    values = [item for item in output(observation) if member(item, "type") == kind]
    for key in keys:
        values = [member(value, key) for value in values if member(value, "type") not in _READS]
    return values if keys else []


RULE = Rule(
    id="include-ignored",
    area="responses",
    # RS28: the tool ran, and what it found stays with the provider
    severity=Severity.RISKY,
    summary="what `include` asks for does not come",
    who_breaks="applications that show search results, sources or the output of code: null, or an empty list",
    hint="pass `include` on to the provider, and what it brings back",
    check=check,
)
