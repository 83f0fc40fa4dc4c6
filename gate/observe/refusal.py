"""Which parameter an error response rejects, and which it asks for instead; read from every common form of error."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gate import endpoints
from gate.model import MISSING, Exchange, Json, Observation, Response
from gate.wire import form
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


# OpenAI's status for a request that it can't take, and FastAPI's (PA10, ER03). RFC 9110, 15.5.1 and 15.5.21.
REFUSES = frozenset({400, 422})
# Of the request itself; 413 is about its size (15.5.14), key, path and overload have statuses of their own.
REFUSALS = REFUSES | {413}

# Settings that many scenarios have besides what they test, all of them optional in the reference:
# https://platform.openai.com/docs/api-reference/chat/create (max_output_tokens is the Responses API's). A scenario can
# do without one; without `tools` or `response_format` one clear finding (400 instead of 200) would become several
# unclear ones.
_OPTIONAL = frozenset({
    "temperature", "top_p", "seed", "max_tokens", "max_completion_tokens", "max_output_tokens", "user", "store",
    "metadata", "presence_penalty", "frequency_penalty", "parallel_tool_calls", "stream_options", "service_tier",
})  # fmt: skip

# The two names of one limit (PA01): https://platform.openai.com/docs/api-reference/chat/create
_SIBLINGS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}

# Words of refusals that mutations/params/refused.py quotes: "Unsupported parameter" (PA01), "Extra inputs are not
# permitted" and extra_forbidden (PA03, PA10), "is not supported by ollama" (EM05), "Unknown name" (TL24).
_REFUSES = re.compile(
    r"unsupported|not support|unrecogni[sz]ed|unknown|not permitted|not allowed|extra.?(inputs|forbidden)|unexpected",
    re.IGNORECASE,
)

# OpenAI's "Use 'max_completion_tokens' instead." (PA01), with quotes of any kind; the bounds keep the search linear.
_INSTEAD = re.compile(r"[Uu]se\W{1,3}(\w{1,64})\W{1,3}instead")


def learn(exchange: Exchange, known: Mapping[str, str | None]) -> Rejection | None:
    """The optional parameter that a 400 or 422 rejects (PA01, PA03); None where the error is about something else.

    `known` are the names that were mapped before: where the replacement is rejected too, there is no other.
    """
    sent = _sent(exchange)
    # 413 is about size, 401 and 403 about the key: dropping a parameter would help none of them
    if exchange.response is None or exchange.response.status not in REFUSES or not sent:
        return None
    doc = document(exchange.response)
    text = _words(doc)
    if not _REFUSES.search(text):
        return None
    parameter = place(doc, sent, [name for name in sent if name in _OPTIONAL])
    if parameter not in _OPTIONAL:
        return None
    instead = _INSTEAD.search(text)
    sibling = None if _legacy(exchange) and parameter == "max_tokens" else _SIBLINGS.get(parameter)
    replacement = instead[1] if instead and instead[1] in _OPTIONAL else sibling
    # a route that rejects both names would be asked in turns for ever
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
    request = exchange.request
    if (fields := form.document(request.body, request.headers)) is not None:
        return fields
    try:
        body = json.loads(request.body or b"")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _words(doc: Json) -> str:
    """The texts of an error, at most 4,000 characters."""
    error = doc.get("error", doc) if isinstance(doc, dict) else doc
    fields = error if isinstance(error, dict) else {"message": error}
    # OpenAI's message and code, FastAPI's detail
    parts = [fields.get(key) or "" for key in ("message", "code", "detail")]
    return "\n".join(part if isinstance(part, str) else repr(part)[:4000] for part in parts)[:4000]


# -- the place of a refused parameter -----------------------------------------------------------

_PATH = re.compile(r"[A-Za-z_]\w{0,63}(?:\.\w{1,64}|\[\w{0,64}\]){0,12}")
# `loc` in the text of an error: pydantic's own notation, or JSON inside a string
_LOC = re.compile(r"""['"]loc['"]:\s*[(\[]([^)\]]{1,400})[)\]]""")
_PART = re.compile(r"""['"]([^'"]*)['"]|(\d+)""")
_POINTER = re.compile(r"(?<![\w/:.])(/[A-Za-z_]\w*(?:/\w+)*|(?<=\$)\.[A-Za-z_]\w*(?:\.\w+|\[\w+\])*)")
# A name in quotes, before a colon, alone, or behind what errors call it: "Unrecognized request argument supplied: x"
# (PA01), "Unsupported parameter: x", FastAPI's field, JSON Schema's property
_NAMED = (
    r"""['"`]PATH['"`]|(?<![\w.'"`/])PATH\s?:|^PATH$"""
    r"""|\b(?:supplied|param|parameter|property|argument|field)s?:?\s+PATH(?![\w'"`])"""
)
_BODY = "body"  # first part of FastAPI's `loc`: where the parameter stands in the request


def place(document: Json, sent: Collection[str], quoted: Collection[str] | None = None) -> str:
    """The parameter that an error blames as a path of the request, `messages[1].refusal`; "" where none is named.

    `document` is the body of the error, a text where it is not JSON; `sent` are the request's parameters, `quoted`
    those that are looked for in the words of the message (default: all that were sent). Read are, in this order,
    `param` (OpenAI, Azure, Groq), `loc` (FastAPI, vLLM, pydantic inside a message), a JSON pointer, the message.
    """
    error = document.get("error", document) if isinstance(document, dict) else document
    text = f"{_words(document)}\n{_words(error)}"
    for named in (*_params(document, error), *_locs(document, text), *_pointers(document, error, text)):
        if _PATH.fullmatch(named) and root(named) in sent:
            return named
    return _worded(text, sent if quoted is None else quoted)


def blamed(observation: Observation) -> str:
    """The path of the request that an error response blames; "" where it names none."""
    body = observation.text[:4000] if observation.body is MISSING else observation.body
    return place(body, observation.request) if isinstance(observation.request, dict) else ""


def root(path: str) -> str:
    """`messages[1].refusal` → `messages`."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _params(*documents: Json) -> Iterator[str]:
    params = (document.get("param") for document in documents if isinstance(document, dict))
    yield from (_indexed(param.split(".")) for param in params if isinstance(param, str))


def _locs(document: Json, text: str) -> Iterator[str]:
    """https://docs.pydantic.dev/latest/errors/errors/: `loc` is the path; FastAPI puts `body` first."""
    details = document.get("detail") if isinstance(document, dict) else None
    for detail in details if isinstance(details, list) else ():
        loc = detail.get("loc") if isinstance(detail, dict) else None
        if isinstance(loc, list):
            yield _located([str(part) for part in loc])
    for match in _LOC.finditer(text):
        yield _located([word or number for word, number in _PART.findall(match[1])])


def _located(parts: list[str]) -> str:
    return _indexed(parts[1:] if parts[:1] == [_BODY] else parts)


def _pointers(document: Json, error: Json, text: str) -> Iterator[str]:
    """https://www.rfc-editor.org/rfc/rfc6901 pointers, and the paths of JSONPath, in `pointer` or in the text.

    https://jsonapi.org/format/#error-objects has it in `source`, https://www.rfc-editor.org/rfc/rfc9457 in the error.
    """
    holders = [holder for holder in (document, error) if isinstance(holder, dict)]
    holders += [source for holder in holders if isinstance(source := holder.get("source"), dict)]
    given = [holder.get("pointer") for holder in holders]
    for named in _POINTER.findall("\n".join([*(str(value) for value in given if value), text])):
        yield _indexed(named[1:].split("/" if named[0] == "/" else "."))


def _indexed(parts: Sequence[str]) -> str:
    """["messages", "1", "refusal"] → `messages[1].refusal`."""
    return "".join(f"[{part}]" if part.isdecimal() else f".{part}" for part in parts).removeprefix(".")


def _worded(text: str, names: Collection[str]) -> str:
    """The parameter that a text names first: in quotes, before a colon, after "supplied:" and the like, or alone."""
    places = []
    for name in names:
        path = rf"({re.escape(name)}(?:\.\w{{1,64}}|\[\w{{0,64}}\]){{0,12}})"
        if match := re.search(_NAMED.replace("PATH", path), text, re.MULTILINE):
            named = next(filter(None, match.groups()))
            places.append((match.start(), _indexed([part for part in re.split(r"[.\[\]]+", named) if part])))
    return min(places, default=(0, ""))[1]
