"""What an operator asks of an exchange before it edits it."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from gate.model import Ending, Exchange, Json, Observation
from gate.observe.answer import carries_error
from gate.observe.exchange import observe

T = TypeVar("T")

# Of exchanges: three samples of each scenario of *full*, and as many in the making. Bounded: each holds its body.
_REMEMBERED = 400
CHAT, COMPLETIONS, RESPONSES, EMBEDDINGS = "chat.completions", "completions", "responses", "embeddings"


def remembered(work: Callable[[Exchange], T]) -> Callable[[Exchange], T]:
    """`work`, done once for each exchange however many operators ask; nobody may change the result."""
    known: OrderedDict[int, tuple[Exchange, T]] = OrderedDict()

    @functools.wraps(work)
    def remembering(exchange: Exchange) -> T:
        # By identity: an exchange has a hash, but of all its chunks. The entry holds it, so no other one gets its id.
        entry = known.get(id(exchange))
        if entry is None:
            entry = known[id(exchange)] = exchange, work(exchange)
            if len(known) > _REMEMBERED:
                known.popitem(last=False)
        return entry[1]

    return remembering


@remembered
def seen(exchange: Exchange) -> Observation:
    """The exchange in normal form."""
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
    """A whole answer of success, which no error with status 200 is; of one of these endpoints (any, without names)."""
    observation = seen(exchange)
    good = observation.ok and not carries_error(observation)
    return whole(exchange) and good and (observation.endpoint in of or not of)


def streamed(exchange: Exchange, *of: str) -> bool:
    """A whole stream of one of these endpoints."""
    return served(exchange, *of) and seen(exchange).form == "stream"


def fails_within(exchange: Exchange) -> bool:
    """A whole stream that ends in an error."""
    observation = seen(exchange)
    return whole(exchange) and observation.ok and observation.form == "stream" and carries_error(observation)


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
