"""Call sites: an SDK's methods and functions, and plain HTTP to an endpoint's URL. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from gate.endpoints import for_url
from gate.inventory.clients import BASE_URL, RETRIES, TIMEOUT, Clients, setting
from gate.inventory.model import Call, Place
from gate.inventory.names import names
from gate.inventory.parameters import CHAT_PARAMETERS, ONLY, Given, given
from gate.inventory.sdks import FUNCTIONS, IN_BETWEEN, METHODS, UNMISTAKABLE, Entry, package
from gate.inventory.source import Source, argument, assigned, dotted, nearest, spelled, text
from gate.inventory.syntax.node import NOTHING, Node
from gate.inventory.syntax.scopes import Found, Scope
from gate.inventory.values import literal, shown

# Objects whose methods of these names declare a route, or play a server in a test
_SERVERS = names(
    "app router server fastify blueprint bp api_router respx nock mock responses requests_mock httpx_mock httpserver "
    "page interceptor agent"
)
# `fetch`, `post`, and wrappers of a team's own: `fetchWithRetry`, `_fetch`, `post_json`
_SENDING = re.compile(
    r"_?(get|send|stream|urlopen|build_request)|_?(fetch|post|request)([A-Z_]\w*)?|\w*(Fetch|Request|Post)"
)
# Paths of an API operation that are long enough to be no other application's
_CERTAIN = frozenset({"chat.completions", "embeddings", "moderations", "audio.speech", "audio.transcriptions"})
_WHERE_IT_IS_SURE = ("/v1/", "openai")


def calls(source: Source, clients: Clients) -> dict[int, Call]:
    """Every call site of a file, by the identity of its node."""
    found = {}
    for scope in source.scopes:
        for one in scope.all("call"):
            if made := _call(one, scope, source, clients):
                found[id(one.node)] = made
    return found


def _call(found: Found, scope: Scope, source: Source, clients: Clients) -> Call | None:
    if any(above.kind == "decorator" for above, _ in found.ancestors()):
        return None
    for node in (found.node, *_renamed(found.node, scope)):
        made = _function(node, scope, source) or _method(node, scope, source, clients)
        if made := made or _request(node, scope, source, clients):
            return replace(made, name=spelled(found.node.parts[0])) if node is not found.node else made
    return None


def _renamed(node: Node, scope: Scope) -> Iterator[Node]:
    """The same call by what its name stands for: `create = client.chat.completions.create`."""
    function = node.parts[0]
    for value in nearest(assigned(function, scope), node.line) if function.kind == "name" else ():
        if value.kind == "member":
            yield node._replace(parts=(value, *node.parts[1:]))


def _function(node: Node, scope: Scope, source: Source) -> Call | None:
    name = dotted(node.parts[0], source)
    entry = FUNCTIONS.get(name)
    if not entry:
        return None
    made = _made(node, scope, source, entry, package(name, source.ecosystem), given(node, scope))
    return _by_ai_sdk(made, node, scope, source) if name.startswith("ai.") else made


def _by_ai_sdk(made: Call, node: Node, scope: Scope, source: Source) -> Call:
    """The AI SDK calls what its model says: `openai("gpt-4o")`, `openai.chat("gpt-4o")`, `provider("m")`."""
    model = argument(node, "model")
    words = spelled(model.parts[0]).split(".") if model.kind == "call" else []
    provider = dotted(model.parts[0], source) if words else ""
    # https://ai-sdk.dev/providers/ai-sdk-providers/openai: since version 5 the model of a bare call is of /responses
    responses = provider.startswith("@ai-sdk/openai.") and words[1:] in ([], ["responses"])
    named = literal(model.parts[1], scope) if model.kind == "call" and len(model.parts) > 1 else ""
    endpoint = "responses" if responses and made.endpoint == "chat.completions" else made.endpoint
    return _changed(made, endpoint=endpoint, model=named)


def _method(node: Node, scope: Scope, source: Source, clients: Clients) -> Call | None:
    base, words = chain(node.parts[0])
    plain = [word for word in words if word not in IN_BETWEEN]
    tail = next((tail for size in (3, 2, 1) if (tail := tuple(plain[-size:])) in METHODS), None)
    if tail is None:
        return None
    receiver = _receiver(node.parts[0], len(tail) + len(words) - len(plain))
    made_by = clients.behind(receiver, scope)
    sdk = package(made_by or dotted(receiver, source), source.ecosystem)
    if made_by and not sdk:  # an object of another package: `genai.Client().models.list()`
        return None
    if not sdk and tail[0] not in UNMISTAKABLE and not _plausible(base, words, clients):
        return None
    return _made(node, scope, source, METHODS[tail], sdk or next(iter(clients.sdks), ""), given(node, scope))


def _plausible(base: Node, words: list[str], clients: Clients) -> bool:
    """Whether an object that nothing is known of is a client of such an SDK, which the file imports."""
    names = " ".join([base.word, *words[:-2]]).lower()
    return bool(clients.sdks) and any(word in names for word in ("openai", "client", "llm", "groq", "together"))


def chain(node: Node) -> tuple[Node, list[str]]:
    """What stands before the first of the members, and the members: `self`, `[client, chat, completions, create]`."""
    words: list[str] = []
    while node.kind == "member":
        words.insert(0, node.word)
        node = node.parts[0]
    return node, words


def _receiver(node: Node, members: int) -> Node:
    for _ in range(members):
        node = node.parts[0] if node.kind == "member" else node
    return node


# -- plain HTTP ---------------------------------------------------------------------------------


def _request(node: Node, scope: Scope, source: Source, clients: Clients) -> Call | None:
    base, words = chain(node.parts[0])
    last = words[-1] if words else base.word
    if not _SENDING.fullmatch(last) and base.word not in ("axios", "got", "ky", "$fetch"):
        return None
    if {base.word.lower(), *(word.lower() for word in words[:-1])} & _SERVERS or _serves(node):
        return None
    url = _url(node, scope)
    body = given(node, scope, whole=True)
    endpoint = _endpoint(url, words) or _by_body(url, node, body)
    if not endpoint:
        return None
    made_by = clients.behind(_receiver(node.parts[0], 1), scope)
    name = package(made_by or dotted(node.parts[0], source), source.ecosystem)
    sdk = name or (f"{source.ecosystem}:fetch" if last == "fetch" else "")
    made = _made(node, scope, source, Entry(endpoint), sdk, body)
    return _changed(made, base_url=_base(url, endpoint), streaming="yes" if last == "stream" else made.streaming)


def _serves(node: Node) -> bool:
    """`app.post("/v1/chat/completions", (request, reply) => …)`: a route of a server."""
    return any(part.kind == "function" for part in node.parts[1:])


def _url(node: Node, scope: Scope) -> str:
    """The first argument that reads like the URL of an endpoint."""
    named = argument(node, "url", "path")
    candidates = [*node.parts[1:3], *([named] if named is not NOTHING else [])]
    texts = [text(part, scope) for part in candidates if part.kind not in ("keyword", "mapping", "spread")]
    return next((url for url in texts if "/" in url and " " not in url), "")


def _endpoint(url: str, words: list[str]) -> str:
    if not url:
        return ""
    method = "GET" if words[-1:] == ["get"] else "POST"
    path = urlsplit(url.replace("…", "x")).path if "://" in url else url.partition("?")[0]
    found = for_url(f"/{path.lstrip('/')}", method).name
    sure = found in _CERTAIN or any(mark in url for mark in _WHERE_IT_IS_SURE)
    return found if sure and found != "unknown" else ""


def _by_body(url: str, node: Node, body: Given) -> str:
    """A body with a model and messages is a chat, wherever its URL comes from."""
    computed = len(node.parts) > 1 and not url.strip("…/")
    sent = {parameter.name for parameter in body.parameters}
    # a body of another API has names of its own: Anthropic's `system`, say
    known = {"model", "messages"} <= sent <= CHAT_PARAMETERS | ONLY.keys()
    return "chat.completions" if computed and known else ""


def _base(url: str, endpoint: str) -> str:
    """The part of a URL that is a base_url; empty where it is computed as a whole."""
    base = url.partition("?")[0].removesuffix(f"/{endpoint.replace('.', '/')}")
    return "" if base.startswith("…") else base


# -- what a call says ---------------------------------------------------------------------------


def _made(node: Node, scope: Scope, source: Source, entry: Entry, sdk: str, known: Given) -> Call:
    values = known.values
    streaming = entry.streams
    if streaming == "asked":
        streaming = _streaming(values.get("stream"), scope, known.more)
    model = values.get("model", NOTHING)
    return Call(
        place=Place(source.path, node.line),
        endpoint=entry.endpoint,
        sdk=sdk,
        name=spelled(node.parts[0]) or ".".join(chain(node.parts[0])[1]),
        streaming=streaming,
        model=literal(model, scope) if model is not NOTHING else "",
        parameters=known.parameters,
        more=known.more,
        base_url=setting(known, BASE_URL, scope),
        timeout=shown(argument(node, *TIMEOUT), scope),
        retries=shown(argument(node, *RETRIES), scope),
        in_tests=source.in_tests,
    )


def _streaming(value: Node | None, scope: Scope, more: bool) -> str:
    if value is None:
        return "either" if more else "no"
    word = shown(value, scope).lower()
    return {"true": "yes", "false": "no", "none": "no", "null": "no"}.get(word, "either")


def _changed(call: Call, **values: str) -> Call:
    return replace(call, **{name: value for name, value in values.items() if value})  # type: ignore[arg-type]
