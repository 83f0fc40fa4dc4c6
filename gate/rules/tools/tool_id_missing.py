"""A tool call without an id, or whose id is not in its first delta (TL04)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Rule, Severity
from gate.observe.answer import answered, word
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import counted, lacking
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first call of each sample that lacks its id, unless calls of the golden lack it too."""
    if any(list(lacking(golden, "id")) for golden in comparison.golden):
        return
    for pair in comparison.pairs:
        for path, value, event in list(lacking(pair.candidate, "id"))[:1] if answered(pair.candidate) else ():
            fault = "a tool call starts without an id"
            if not isinstance(value, str) and value not in (None, MISSING):
                fault = f"the id of a tool call is {word(value)}, not a text"
            message = f"{fault}{counted(pair.candidate)}"
            yield pair.drift(path=path, message=message, golden="an id", candidate=show(value), at=event)


RULE = Rule(
    id="tool-id-missing",
    area="tools",
    # TL04: the result must name the id: https://platform.openai.com/docs/guides/function-calling
    severity=Severity.BREAKING,
    summary="a tool call has no id, so that no result can answer it",
    who_breaks="clients answer with tool_call_id; AI SDK and LangChain reject or drop a call without one",
    hint="let the gateway create an id where the provider sends none, in the first delta of each call",
    check=check,
    where=has_calls,
)
