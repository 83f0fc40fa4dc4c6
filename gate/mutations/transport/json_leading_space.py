"""A space keeps the connection alive before a JSON body, which then does not start with `{`."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import rewritten, seen, served


def _apply(exchange: Exchange) -> Exchange | None:
    return _around(exchange, b" ", b"")


def _twin(exchange: Exchange) -> Exchange | None:
    """A line break after the JSON."""
    return _around(exchange, b"", b"\n")


def _around(exchange: Exchange, before: bytes, after: bytes) -> Exchange | None:
    if not served(exchange) or seen(exchange).form != "json" or exchange.response is None:
        return None
    if exchange.response.body[:1].isspace():
        return None
    return rewritten(exchange, before + exchange.response.body + after)


MUTATION = Mutation(
    id="json-leading-space",
    drifts=("T32",),
    area="transport",
    severity=Severity.RISKY,
    summary="whitespace before the JSON body",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat", "embed"),
)
