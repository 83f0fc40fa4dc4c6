"""The JSON answer is in a Markdown fence (SO01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.structured._asked import faulty
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """A fence around the JSON, with or without words before it."""
    for pair, output in faulty(comparison, "fenced"):
        yield pair.drift(
            path=output.path,
            message="the JSON answer is wrapped in a Markdown fence",
            golden="bare JSON",
            candidate=show(output.choice.text),
        )


RULE = Rule(
    id="json-fenced",
    area="structured",
    # SO01: parse() of the SDKs raises before the application can remove the fence
    severity=Severity.BREAKING,
    summary="the answer to a request for JSON is in a Markdown fence",
    who_breaks="SDKs' parse() and json.loads fail on the first character, before any application code",
    hint="enforce response_format in the server (guided decoding); let the gateway strip fences at least",
    check=check,
)
