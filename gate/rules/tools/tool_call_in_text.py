"""A tool call leaks into the text, in the markup of the model's chat template (TL18)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import numbered
from gate.rules.tools._text import leak
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Template markup, or the JSON of a call to one of the request's tools, in a text that tools were offered for."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        leaked = leak(golden, found)
        if leaked and not any(leak(golden, g) for g in golden):
            choice, piece = leaked
            # beside a call that was parsed, only the text is spoilt
            severity = Severity.RISKY if choice.tool_calls else Severity.BREAKING
            message = "a tool call stands in the text instead of in tool_calls"
            yield Drift(
                path=choice.content_path,
                message=message,
                golden="no markup of calls",
                candidate=show(piece),
                sample=sample,
                severity=severity,
            )


RULE = Rule(
    id="tool-call-in-text",
    area="tools",
    severity=Severity.BREAKING,
    summary="a tool call comes as text",
    who_breaks="agents print the markup to their user and never run the tool",
    hint="switch on the server's tool-call parser for this model, for streams too (vLLM: --tool-call-parser)",
    check=check,
)
