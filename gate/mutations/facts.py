"""What an operator asks of an exchange before it edits it."""

from __future__ import annotations

import functools

from gate.model import Ending, Exchange, Json, Observation
from gate.observe.exchange import observe

CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS = "chat.completions", "completions", "responses", "embeddings"


# Chosen; no source. Bounded, because an observation holds its whole body.
@functools.lru_cache(256)
def seen(exchange: Exchange) -> Observation:
    """The exchange in normal form, once for all mutations that ask."""
    return observe(exchange)


def asked(exchange: Exchange, key: str) -> Json:
    """A member of the request's JSON; None without it."""
    request = seen(exchange).request
    return request.get(key) if isinstance(request, dict) else None


def whole(exchange: Exchange) -> bool:
    """Everything that came is stored, and unencoded, so that its bytes can be edited."""
    unencoded = seen(exchange).encoding.lower() in ("", "identity")
    return bool(exchange.response and exchange.ending is Ending.COMPLETE and exchange.body_size is None and unencoded)


def served(exchange: Exchange, *of: str) -> bool:
    """A whole answer of success, of one of these endpoints (of any, without names)."""
    observation = seen(exchange)
    return whole(exchange) and observation.ok and (observation.endpoint in of or not of)


def streamed(exchange: Exchange, *of: str) -> bool:
    """A whole stream of one of these endpoints."""
    return served(exchange, *of) and seen(exchange).form == "stream"


def plain(exchange: Exchange, *of: str) -> bool:
    """A whole JSON body of success, of one of these endpoints."""
    return served(exchange, *of) and seen(exchange).form == "json"


def refused(exchange: Exchange) -> bool:
    """A whole answer of failure with a JSON object in it."""
    observation = seen(exchange)
    # a list as body (TL24's Gemini) has no members to edit
    return whole(exchange) and observation.status >= 400 and isinstance(observation.body, dict)


def explained(exchange: Exchange) -> bool:
    """A refusal with an `error` object."""
    return refused(exchange) and isinstance(seen(exchange).error, dict)


def timed(exchange: Exchange) -> bool:
    """Recorded with its times, so by ourselves: other recorders unpack bodies and drop headers."""
    return seen(exchange).timing.total is not None
