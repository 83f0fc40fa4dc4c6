"""Prose, or invalid JSON, where the request asks for JSON (SO02, SO06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.breaches import read
from gate.observe.defects import defect
from gate.rules.structured._asked import Output, faulty
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """A text that no JSON parser reads and that was not cut; fences and cut JSON have rules of their own."""
    for pair, output in faulty(comparison, "prose"):
        yield pair.drift(
            path=output.path,
            message=_message(output),
            golden="JSON",
            candidate=show(output.choice.text),
        )


def _message(output: Output) -> str:
    text, reasoning = output.choice.text, output.choice.reasoning
    start = max(reasoning.rfind("{"), 0)
    whole = (read(f"{reasoning[at:]}{text}".strip()).value for at in {0, start, max(reasoning.find("{"), 0)})
    if reasoning and any(isinstance(value, dict) for value in whole):
        return "the beginning of the JSON answer went to the reasoning field"
    if text.lstrip().startswith(("{", "[")):
        return f"the JSON answer is invalid: {defect(text) or output.fault}"
    return "the answer is free text, not JSON"


RULE = Rule(
    id="json-not-json",
    area="structured",
    # SO06 is risky in the catalogue; an answer with a bad escape is as lost as prose (SO02): JSON.parse throws on both
    severity=Severity.BREAKING,
    summary="the answer to a request for JSON is not JSON",
    who_breaks="json.loads raises on every answer; the application cannot even validate it",
    hint="check that the gateway passes response_format on, and that the server enforces it for this model",
    check=check,
)
