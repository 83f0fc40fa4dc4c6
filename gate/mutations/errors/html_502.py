"""An edge answers for itself: status 502 and a page of HTML, which no JSON parser takes."""

from __future__ import annotations

from gate.model import Exchange, Severity
from gate.mutations import Mutation
from gate.mutations._edit import replied, seen, whole
from gate.mutations._noise import other_prose

_PAGE = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>edge-17</body></html>\n"


def _apply(exchange: Exchange) -> Exchange | None:
    return replied(exchange, 502, _PAGE, "text/html") if whole(exchange) and seen(exchange).status < 500 else None


MUTATION = Mutation(
    id="html-502",
    drifts=("ER11",),
    area="errors",
    severity=Severity.BREAKING,
    summary="status 502 and an HTML page",
    apply=_apply,
    twin=other_prose,
    exercised_by=("chat", "chat-stream", "embed", "error-unknown-model"),
)
