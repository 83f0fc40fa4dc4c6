"""A tool call without an id, or whose id comes after its first delta (TL04)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import answered, numbered
from gate.rules.tools._calls import lacking
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first call of each sample that lacks its id, unless calls of the golden lack it too."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        for path, value, at in list(lacking(found, "id"))[:1] if answered(found) else ():
            if not any(True for g in golden for _ in lacking(g, "id")):
                yield Drift(
                    path=path,
                    message="a tool call opens without an id",
                    golden="an id",
                    candidate=show(value),
                    sample=sample,
                    severity=None,
                    frame=at[0],
                    byte=at[1],
                )


RULE = Rule(
    id="tool-id-missing",
    area="tools",
    severity=Severity.BREAKING,
    summary="a tool call has no id, so that no result can answer it",
    who_breaks="clients answer with tool_call_id; AI SDK and LangChain reject or drop a call without one",
    hint="let the gateway mint an id where the provider sends none, in the first delta of each call",
    check=check,
)
