"""A tool call is in the text, in the markup of the model's chat template (TL18)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import shown
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import names
from gate.rules.tools._text import leak, leaks
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Template markup, or the JSON of a call to one of the request's tools, in a text that tools were offered for."""
    called = shown(comparison.golden, names)
    for pair, leaked in zip(comparison.pairs, comparison.once(leaks), strict=True):
        if leaked and not any(leak(golden, called) for golden in comparison.golden):
            choice, piece = leaked
            yield pair.drift(
                path=choice.content_path,
                message="markup or arguments of a call are in the text, beside tool_calls"
                if choice.tool_calls
                else "a tool call is in the text instead of in tool_calls",
                golden="no markup of calls",
                candidate=show(piece),
                # beside a call that was parsed, the markup only spoils the text
                severity=Severity.RISKY if choice.tool_calls else Severity.BREAKING,
            )


RULE = Rule(
    id="tool-call-in-text",
    area="tools",
    severity=Severity.BREAKING,
    summary="a tool call is in the text",
    who_breaks="agents show the markup to their user and never run the tool",
    hint="switch on the server's tool-call parser for this model, for streams too (vLLM: --tool-call-parser)",
    check=check,
    where=has_calls,
)
