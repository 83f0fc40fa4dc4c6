"""JSON that was asked for comes in a Markdown fence (SO01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Rule, Samples, Severity
from gate.rules.structured._asked import faulty
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """A fence around the JSON, with or without words before it."""
    for sample, output in faulty(golden, candidate, "fenced"):
        message = "the JSON answer is wrapped in a Markdown fence"
        yield Drift(output.path, message, "bare JSON", show(output.choice.text), sample)


RULE = Rule(
    id="json-fenced",
    area="structured",
    severity=Severity.BREAKING,
    summary="the answer to a request for JSON is fenced Markdown",
    who_breaks="SDKs' parse() and json.loads fail on the first character, before any application code",
    hint="enforce response_format in the server (guided decoding); let the gateway strip fences at the least",
    check=check,
)
