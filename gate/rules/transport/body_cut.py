"""The connection closes before the body is complete (T27)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.answer import ended
from gate.rules.transport._endings import said, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """After a stream's own end a cut is felt only by clients that read on."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in unseen(golden, candidate, Ending.CUT, Ending.RESET):
        if found.form == "none":
            continue
        late = found.form == "stream" and ended(found)
        where = "after the stream's own end" if late else "half-way"
        kind = "stream" if found.form == "stream" else "body"
        message = f"the {kind} is cut {where}: the connection closed before the body was complete"
        yield Drift(
            path="body",
            message=message,
            golden="a complete body",
            candidate=said(found),
            sample=sample,
            severity=Severity.RISKY if late else None,
        )


RULE = Rule(
    id="body-cut",
    area="transport",
    severity=Severity.BREAKING,
    summary="the connection was closed before the whole body had come",
    who_breaks="httpx raises RemoteProtocolError, fetch a TypeError; half an answer is stored as a whole one",
    hint="raise the idle and total timeouts of load balancers and proxies between you and the model",
    check=check,
)
