"""One JSON object a line, as Ollama's own API streams, on an OpenAI path: clients see no events."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import Piece, in_events, written
from gate.mutations._noise import respaced


def _apply(exchange: Exchange) -> Exchange | None:
    return in_events(exchange, _lines, headers={"content-type": "application/x-ndjson"})


def _lines(found: list[Piece]) -> list[Piece]:
    docs = [piece for piece in found if isinstance(piece.doc, dict)]
    return [replace(piece, raw=written(piece.doc, b'{"":0') + b"\n") for piece in docs]


MUTATION = Mutation(
    id="ndjson-stream",
    drifts=("T23",),
    area="transport",
    severity=Severity.BREAKING,
    summary="JSON lines in place of an event stream",
    apply=_apply,
    twin=respaced,
    exercised_by=("chat-stream", "responses-stream"),
)
