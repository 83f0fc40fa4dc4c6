"""JSON that was asked for comes in a Markdown fence (SO01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.structured._asked import faulty
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """A fence around the JSON, with or without words before it."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, output in faulty(golden, candidate, "fenced"):
        message = "the JSON answer is wrapped in a Markdown fence"
        yield Drift(
            path=output.path, message=message, golden="bare JSON", candidate=show(output.choice.text), sample=sample
        )


RULE = Rule(
    id="json-fenced",
    area="structured",
    severity=Severity.BREAKING,
    summary="the answer to a request for JSON is fenced Markdown",
    who_breaks="SDKs' parse() and json.loads fail on the first character, before any application code",
    hint="enforce response_format in the server (guided decoding); let the gateway strip fences at the least",
    check=check,
)
