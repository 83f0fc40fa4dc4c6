"""The answer is finished, but the connection stays open until the client gives up (T06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.answer import ended, grammar
from gate.rules.transport._endings import said, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Clients that stop at the sentinel get away with it; without one all of them hang."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in unseen(golden, candidate, Ending.TIMEOUT):
        if found.form == "stream" and ended(found):
            sentinel = "done" in found.kinds
            missing = "" if sentinel or not grammar(found).sentinel else f", and {grammar(found).sentinel} never came"
            message = f"the stream is finished but its connection is never closed{missing}"
            yield Drift(
                path="body",
                message=message,
                golden="closed at the end",
                candidate=said(found),
                sample=sample,
                severity=Severity.RISKY if sentinel else None,
            )


RULE = Rule(
    id="stream-not-closed",
    area="transport",
    severity=Severity.BREAKING,
    summary="the connection stays open after the stream's end",
    who_breaks="OpenAI SDKs, Open WebUI and OpenCode hang after a complete answer until their own timeout",
    hint="let the server end its response after the last event",
    check=check,
)
