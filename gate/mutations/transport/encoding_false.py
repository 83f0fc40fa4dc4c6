"""A gateway unpacks the body and keeps the label `content-encoding: gzip`: a 200 that no client can read."""

from __future__ import annotations

import gzip

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import labelled, rewritten, seen, served, timed


def _apply(exchange: Exchange) -> Exchange | None:
    return labelled(exchange, content_encoding="gzip") if served(exchange) and timed(exchange) else None


def _twin(exchange: Exchange) -> Exchange | None:
    """A JSON body that really is compressed (B40)."""
    if not served(exchange) or seen(exchange).form != "json" or exchange.response is None:
        return None
    packed = gzip.compress(exchange.response.body, mtime=0)
    return rewritten(exchange, packed, headers={"content-encoding": "gzip"})


MUTATION = Mutation(
    id="encoding-false",
    drifts=("T24",),
    area="transport",
    severity=Severity.BREAKING,
    summary="Content-Encoding says gzip, the body is not",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "chat-stream", "embed"),
)
