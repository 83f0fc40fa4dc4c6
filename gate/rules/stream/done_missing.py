"""`data: [DONE]` does not come (T05)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import streams


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only of finished streams. A [DONE] that a gateway adds to the Responses API, which has none, is ignored (B37)."""
    for pair, stream, golden in streams(comparison):
        endpoint, kinds = stream.endpoint, pair.candidate.kinds
        if endpoint.ends and (not endpoint.sentinel or kinds.isdisjoint(endpoint.ends)):
            continue
        closed = stream.undamaged and pair.candidate.ending is Ending.COMPLETE
        if "done" not in kinds and closed and all("done" in g.observation.kinds for g in golden):
            sentinel = endpoint.sentinel or "[DONE]"
            yield pair.drift(
                path=sentinel,
                message=f"the stream ends without its sentinel {sentinel}",
                golden=f"data: {sentinel}",
                candidate="absent",
                at=pair.candidate.events[-1],
            )


RULE = Rule(
    id="done-missing",
    area="stream",
    # T05: many clients end at the close of the connection, those that wait for the sentinel hang
    severity=Severity.RISKY,
    summary="the sentinel [DONE] at the end of the stream is missing",
    who_breaks="clients that wait for data: [DONE] hang, or take the answer for a cut one",
    hint="let the gateway send data: [DONE] after the last chunk",
    check=check,
    where=has_streams,
    needs=("framing",),
    of_order=True,
)
