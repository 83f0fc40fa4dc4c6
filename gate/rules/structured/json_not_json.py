"""Prose, or broken JSON, where the request asks for JSON (SO02, SO06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.structured._asked import faulty
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """A text that no JSON parser reads and that was not cut; fences and cut JSON have rules of their own."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, output in faulty(golden, candidate, "prose"):
        jsonish = output.choice.text.lstrip().startswith(("{", "["))
        message = f"the JSON answer is broken: {output.fault}" if jsonish else "the answer is no JSON but free text"
        yield Drift(path=output.path, message=message, golden="JSON", candidate=show(output.choice.text), sample=sample)


RULE = Rule(
    id="json-not-json",
    area="structured",
    severity=Severity.BREAKING,
    summary="the answer to a request for JSON is none",
    who_breaks="json.loads raises on every answer; validation in the application never starts",
    hint="check that the gateway passes response_format on, and that the server enforces it for this model",
    check=check,
)
