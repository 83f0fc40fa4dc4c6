"""A compressed event stream: flushed late, and ended too early by old HTTP stacks."""

from __future__ import annotations

import gzip

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import rewritten, seen, served, streamed


def _apply(exchange: Exchange) -> Exchange | None:
    if not streamed(exchange) or exchange.response is None:
        return None
    return rewritten(exchange, gzip.compress(exchange.response.body, mtime=0), headers={"content-encoding": "gzip"})


def _twin(exchange: Exchange) -> Exchange | None:
    """A compressed JSON body (B40)."""
    if not served(exchange) or seen(exchange).form != "json" or exchange.response is None:
        return None
    return rewritten(exchange, gzip.compress(exchange.response.body, mtime=0), headers={"content-encoding": "gzip"})


MUTATION = Mutation(
    id="stream-gzipped",
    drifts=("T25",),
    area="transport",
    severity=Severity.RISKY,
    summary="the stream is compressed",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream", "responses-stream"),
)
