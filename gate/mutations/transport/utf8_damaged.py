"""A proxy cuts a character in two and forwards the halves apart: the bytes are no UTF-8 any more."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._chat import is_text, retold
from gate.mutations._edit import rewritten, streamed

_SNOWMAN = "\N{SNOWMAN}"


def _apply(exchange: Exchange) -> Exchange | None:
    twin = _twin(exchange)
    body = twin.response.body if twin and twin.response else b""
    damaged = body.replace(_SNOWMAN.encode(), _SNOWMAN.encode()[:2])
    return None if twin is None or damaged == body else rewritten(twin, damaged)


def _twin(exchange: Exchange) -> Exchange | None:
    """A text with such a character."""
    return retold(exchange, lambda said: f"{_SNOWMAN}{said}") if streamed(exchange) and is_text(exchange) else None


MUTATION = Mutation(
    id="utf8-damaged",
    drifts=("T31",),
    area="transport",
    severity=Severity.RISKY,
    summary="bytes that are no UTF-8 in the stream",
    apply=_apply,
    twin=_twin,
    exercised_by=("chat-stream",),
)
