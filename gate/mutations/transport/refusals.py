"""Every call refused before anybody reads it: at another path, by a firewall, for a key in the wrong header."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import is_text
from gate.mutations.facts import CHAT
from gate.mutations.harmless import other_headers
from gate.mutations.replies import replied

# what Go's default router answers
_NO_PATH = b"404 page not found\n"
_BLOCKED = b"<!DOCTYPE html>\n<html><head><title>Attention Required!</title></head><body>Blocked</body></html>\n"
# the words of Azure's API management
_NO_KEY = {"statusCode": 401, "message": "Access denied due to missing subscription key."}


def path_unknown(exchange: Exchange) -> Exchange | None:
    """The route has another base path: what SDKs append to theirs leads nowhere."""
    return _refused(exchange, 404, _NO_PATH, "text/plain; charset=utf-8")


def blocked_by_firewall(exchange: Exchange) -> Exchange | None:
    """A firewall refuses the headers of SDKs; by hand the same request is served."""
    return _refused(exchange, 403, _BLOCKED, "text/html; charset=UTF-8")


def key_not_found(exchange: Exchange) -> Exchange | None:
    """The route wants the key in another header: clients that send a Bearer token are strangers to it."""
    return _refused(exchange, 401, _NO_KEY, "application/json")


def _refused(exchange: Exchange, status: int, body: Json | bytes, media: str) -> Exchange | None:
    # each call fails alike: a text shows it as well as any
    return replied(exchange, status, body, media) if is_text(exchange, CHAT) else None


_ANY_CHAT = ("chat", "chat-stream")

MUTATIONS = (
    Row(
        drifts=("T28",),
        severity=Severity.BREAKING,
        summary="no route at this path",
        caught_by=("success-lost",),
        apply=path_unknown,
        twin=other_headers,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("T30",),
        severity=Severity.BREAKING,
        summary="a firewall refuses the SDK",
        caught_by=("success-lost",),
        apply=blocked_by_firewall,
        twin=other_headers,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("T35",),
        severity=Severity.BREAKING,
        summary="the key is expected in another header",
        caught_by=("success-lost",),
        apply=key_not_found,
        twin=other_headers,
        exercised_by=_ANY_CHAT,
    ),
)
