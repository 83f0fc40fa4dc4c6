"""The JSON of an exchange changed: of a plain body, of the events of a stream, of an error.

What a change does not name stays as it was: the framing, the spacing of the JSON, and when each event arrived.
Endpoints narrow an edit down; without any it fits them all. None: the exchange is of another kind, or nothing fitted.
"""

from __future__ import annotations

from gate.model import Exchange
from gate.mutations.facts import explained, seen, served, whole
from gate.mutations.frames import in_events
from gate.mutations.replies import rewritten
from gate.mutations.values import Change, copied, written


def in_docs(exchange: Exchange, change: Change, *of: str) -> Exchange | None:
    """The JSON of a success changed: the body, or each event of a stream."""
    edit = in_stream if seen(exchange).form == "stream" else in_plain
    return edit(exchange, change, *of)


def in_stream(exchange: Exchange, change: Change, *of: str) -> Exchange | None:
    """The JSON of each event of a stream changed."""
    return in_events(exchange, lambda pieces: [piece.changed(change) for piece in pieces], *of)


def in_plain(exchange: Exchange, change: Change, *of: str) -> Exchange | None:
    """The JSON of a success that came as one body changed."""
    return in_body(exchange, change) if served(exchange, *of) else None


def in_body(exchange: Exchange, change: Change) -> Exchange | None:
    """The JSON of a plain body changed, of a success or a failure."""
    observation = seen(exchange)
    if not whole(exchange) or observation.form != "json" or exchange.response is None:
        return None
    value = copied(observation.body)
    return rewritten(exchange, written(value, exchange.response.body)) if change(value) else None


def in_error(exchange: Exchange, change: Change) -> Exchange | None:
    """The `error` object of a failure changed."""
    return in_body(exchange, lambda body: change(body["error"])) if explained(exchange) else None
