"""Which parameter an error response rejects, and which it asks for instead; read from its message."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gate import endpoints
from gate.model import MISSING, Exchange, Json, Response
from gate.wire.encoding import content


def document(response: Response | None) -> Json:
    """The JSON value of the decoded body; MISSING where it is not JSON, or there is no response."""
    try:
        return json.loads(content(response)) if response else MISSING
    except (ValueError, RecursionError):
        return MISSING


@dataclass(frozen=True, slots=True)
class Rejection:
    """A parameter that the route rejects, and the name that it asks for instead; None: leave it out."""

    parameter: str
    replacement: str | None
    exchange: Exchange


# Settings that many scenarios have besides what they test. A scenario can do without one; without `tools` or
# `response_format` one clear finding (400 instead of 200) would become several unclear ones.
_OPTIONAL = frozenset({
    "temperature", "top_p", "seed", "max_tokens", "max_completion_tokens", "max_output_tokens", "user", "store",
    "metadata", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "stream_options", "service_tier",
})  # fmt: skip

_SIBLINGS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}

_REFUSES = re.compile(
    r"unsupported|not support|unrecogni[sz]ed|unknown|not permitted|not allowed|extra.?(inputs|forbidden)|unexpected",
    re.IGNORECASE,
)

_INSTEAD = re.compile(r"[Uu]se\W{1,3}(\w{1,64})\W{1,3}instead")


def learn(exchange: Exchange, known: Mapping[str, str | None]) -> Rejection | None:
    """The optional parameter that a 400 or 422 rejects (PA01, PA03); None where the error is about something else.

    `known` are the names that were mapped before: where the replacement is rejected too, there is no other.
    """
    sent = _sent(exchange)
    if exchange.response is None or exchange.response.status not in (400, 422) or not sent:
        return None
    text, param = _words(document(exchange.response))
    if not _REFUSES.search(text):
        return None
    parameter = param if param in sent else _first_named(text, sent)
    if parameter not in _OPTIONAL:
        return None
    instead = _INSTEAD.search(text)
    sibling = None if _legacy(exchange) and parameter == "max_tokens" else _SIBLINGS.get(parameter)
    replacement = instead[1] if instead and instead[1] in _OPTIONAL else sibling
    refused = replacement in sent or replacement in known or parameter in known.values()
    return Rejection(parameter, None if refused else replacement, exchange)


def _legacy(exchange: Exchange) -> bool:
    """Whether the request went to legacy completions, where the token limit has no other name."""
    return endpoints.for_url(exchange.request.url).name == "completions"


def refusals(attempts: Sequence[Exchange]) -> tuple[tuple[str, str | None], ...]:
    """(parameter, what the next attempt sent instead, None for nothing) for each parameter that was rejected."""
    refused = []
    for attempt, following in pairwise(attempts):
        if rejection := learn(attempt, {}):
            new = [name for name in _sent(following) if name not in _sent(attempt) and name in _OPTIONAL]
            refused.append((rejection.parameter, new[0] if new else None))
    return tuple(refused)


def _sent(exchange: Exchange) -> dict[str, Json]:
    try:
        body = json.loads(exchange.request.body or b"")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _words(doc: Json) -> tuple[str, str]:
    """The texts of an error, at most 4,000 characters, and its `param`."""
    error = doc.get("error", doc) if isinstance(doc, dict) else doc
    fields = error if isinstance(error, dict) else {"message": error}
    parts = [fields.get(key) or "" for key in ("message", "code", "type", "detail")]
    text = "\n".join(part if isinstance(part, str) else repr(part)[:4000] for part in parts)
    param = fields.get("param")
    return text[:4000], param if isinstance(param, str) else ""


def _first_named(text: str, sent: Mapping[str, Json]) -> str:
    """The sent parameter that the text names first: in quotes, before a colon, or after "supplied:"."""
    patterns = {key: rf"['\"`]{key}['\"`]|(?<!\w){key}:|supplied: {key}\b" for key in sent if key in _OPTIONAL}
    places = {key: re.search(pattern, text) for key, pattern in patterns.items()}
    starts = {key: place.start() for key, place in places.items() if place}
    return min(starts, key=lambda key: starts[key], default="")
