"""Which parameter an error refuses, and what it wants instead; read from the refusal's own words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gate import endpoints
from gate.model import MISSING, Exchange, Json, Response


def document(response: Response | None) -> Json:
    """The body's JSON value, MISSING where it is none."""
    try:
        return json.loads(response.body) if response else MISSING
    except (ValueError, RecursionError):
        return MISSING


@dataclass(frozen=True, slots=True)
class Rejection:
    """A parameter that the route refuses, and the name that it wants instead; None: it wants none at all."""

    parameter: str
    replacement: str | None
    exchange: Exchange


# Settings that many scenarios carry along. Leaving one out keeps the scenario's meaning; leaving out `tools` or
# `response_format` would only turn one clear finding (400 instead of 200) into several unclear ones.
_CARRIED = frozenset({
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
    """The carried parameter that a 400 or 422 refuses (PA01, PA03), None where the answer is about something else.

    `known` are the names that were mapped before: a replacement that is refused too is then left out.
    """
    sent = _sent(exchange)
    if exchange.response is None or exchange.response.status not in (400, 422) or not sent:
        return None
    text, param = _words(document(exchange.response))
    if not _REFUSES.search(text):
        return None
    parameter = param if param in sent else _named(text, sent)
    if parameter not in _CARRIED:
        return None
    instead = _INSTEAD.search(text)
    sibling = None if _legacy(exchange) and parameter == "max_tokens" else _SIBLINGS.get(parameter)
    replacement = instead[1] if instead and instead[1] in _CARRIED else sibling
    refused = replacement in sent or replacement in known or parameter in known.values()
    return Rejection(parameter, None if refused else replacement, exchange)


def _legacy(exchange: Exchange) -> bool:
    """Whether the request went to the completions of old, which have one limit and no other name for it."""
    return endpoints.for_url(exchange.request.url).name == "completions"


def refusals(attempts: Sequence[Exchange]) -> tuple[tuple[str, str | None], ...]:
    """(parameter, what the next attempt sent instead) for each parameter that an attempt had refused."""
    refused = []
    for one, after in pairwise(attempts):
        if refusal := learn(one, {}):
            new = [name for name in _sent(after) if name not in _sent(one) and name in _CARRIED]
            refused.append((refusal.parameter, new[0] if new else None))
    return tuple(refused)


def _sent(exchange: Exchange) -> dict[str, Json]:
    try:
        body = json.loads(exchange.request.body or b"")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _words(doc: Json) -> tuple[str, str]:
    """All that an error says in text, bounded, and the parameter that it names itself."""
    error = doc.get("error", doc) if isinstance(doc, dict) else doc
    fields = error if isinstance(error, dict) else {"message": error}
    parts = [fields.get(key) or "" for key in ("message", "code", "type", "detail")]
    text = "\n".join(part if isinstance(part, str) else repr(part)[:4000] for part in parts)
    param = fields.get("param")
    return text[:4000], param if isinstance(param, str) else ""


def _named(text: str, sent: Mapping[str, Json]) -> str:
    """The sent parameter that is named first: in quotes, before a colon, or after "supplied:"."""
    patterns = {key: rf"['\"`]{key}['\"`]|(?<!\w){key}:|supplied: {key}\b" for key in sent if key in _CARRIED}
    places = {key: re.search(pattern, text) for key, pattern in patterns.items()}
    starts = {key: place.start() for key, place in places.items() if place}
    return min(starts, key=lambda key: starts[key], default="")
