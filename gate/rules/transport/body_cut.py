"""The connection closes before the body is complete (T27)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.answer import ended
from gate.rules.transport._endings import ending, unseen_endings


def check(comparison: Comparison) -> Iterator[Drift]:
    """Clients that stop reading at a stream's own end do not see a cut after it."""
    for pair in unseen_endings(comparison, Ending.CUT, Ending.RESET):
        form = pair.candidate.form
        late = form == "stream" and ended(pair.candidate)
        kind, where = "stream" if form == "stream" else "body", "after the stream's own end" if late else "half-way"
        if form != "none":
            yield pair.drift(
                path="body",
                message=f"the {kind} is cut {where}: the connection closed before the body was complete",
                golden="a complete body",
                candidate=ending(pair.candidate),
                severity=Severity.RISKY if late else None,
            )


RULE = Rule(
    id="body-cut",
    area="transport",
    # T27: httpx raises; a cut after the end (risky) reaches only those that read on
    severity=Severity.BREAKING,
    summary="the connection was closed before the whole body had come",
    who_breaks="httpx raises RemoteProtocolError, fetch a TypeError; half an answer is stored as a whole one",
    hint="raise the idle and total timeouts of load balancers and proxies between you and the model",
    check=check,
)
