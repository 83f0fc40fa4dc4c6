"""Fields of a request on their way through a gateway: dropped, renamed, added, changed, written otherwise."""

from __future__ import annotations

import json
from dataclasses import replace

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.facts import CHAT, COMPLETIONS, asked, seen, streamed
from gate.mutations.passages import behind, carries, passed
from gate.mutations.values import drop, every, put, rename


def metadata_dropped(exchange: Exchange) -> Exchange | None:
    """`metadata` does not arrive: whoever keeps books by it finds nothing."""
    return passed(exchange, lambda body: drop(body, "metadata"), {"metadata": {"team": "search"}})


def user_dropped(exchange: Exchange) -> Exchange | None:
    """A name for the provider's bookkeeping is lost."""
    return passed(exchange, lambda body: drop(body, "user"), {"user": "user-1234"})


def limit_dropped(exchange: Exchange) -> Exchange | None:
    """`max_tokens` does not arrive: the answer has no end, nor has the bill."""
    return passed(exchange, lambda body: drop(body, "max_tokens"))


def format_dropped(exchange: Exchange) -> Exchange | None:
    """`response_format` does not arrive: prose comes where JSON is parsed."""
    return passed(exchange, lambda body: drop(body, "response_format"))


def limit_renamed(exchange: Exchange) -> Exchange | None:
    """`max_tokens` becomes `max_completion_tokens`, which older upstreams do not know."""
    return passed(exchange, lambda body: rename(body, "max_tokens", "max_completion_tokens"))


def members_reordered(exchange: Exchange) -> Exchange | None:
    """The same members in another order: a prompt cache that compares bytes misses."""

    def turn(body: Json) -> bool:
        names = [*body]
        for name in reversed(names):
            body[name] = body.pop(name)
        return len(names) > 1

    return passed(exchange, turn)


def respaced_request(exchange: Exchange) -> Exchange | None:
    """The same JSON with other whitespace."""
    if not carries(exchange):
        return None
    # 3 is chosen: no request has that indent
    body = json.dumps(seen(exchange).request, indent=3).encode()
    return behind(exchange, replace(exchange.request, body=body))


def engine_fields_added(exchange: Exchange) -> Exchange | None:
    """A router adds samplers of its engines: an upstream that checks requests refuses them."""
    return passed(exchange, lambda body: put(body, "skip_special_tokens", True) | put(body, "top_k", -1))


def default_added(exchange: Exchange) -> Exchange | None:
    """A parameter with its default, which its absence means as well."""
    known = seen(exchange).endpoint in (CHAT, COMPLETIONS)
    return passed(exchange, lambda body: "n" not in body and put(body, "n", 1)) if known else None


def temperature_clamped(exchange: Exchange) -> Exchange | None:
    """A temperature that the gateway does not like becomes another: evaluations no longer repeat."""
    return passed(exchange, lambda body: put(body, "temperature", 0.01), {"temperature": 0})


def zero_as_float(exchange: Exchange) -> Exchange | None:
    """The same number in another form."""
    return passed(exchange, lambda body: put(body, "temperature", 0.0), {"temperature": 0})


def model_replaced(exchange: Exchange) -> Exchange | None:
    """A fallback stands in the place of the model that was asked for."""
    return passed(exchange, lambda body: "model" in body and put(body, "model", "fallback-mini"))


def model_prefixed(exchange: Exchange) -> Exchange | None:
    """The gateway's address of the same model."""
    return passed(exchange, lambda body: "model" in body and put(body, "model", f"openai/{body['model']}"))


def usage_asked_for(exchange: Exchange) -> Exchange | None:
    """An explicit `include_usage: false` is overwritten: a chunk without choices comes, and loops over them fail."""
    if not streamed(exchange, CHAT, COMPLETIONS):
        return None
    asked = {"stream_options": {"include_usage": False}}
    return passed(exchange, lambda body: put(body["stream_options"], "include_usage", True), asked)


def obfuscation_not_asked_for(exchange: Exchange) -> Exchange | None:
    """An option of a stream that clients do not read is lost."""
    if not streamed(exchange, CHAT, COMPLETIONS):
        return None
    asked = {"stream_options": {"include_usage": False, "include_obfuscation": False}}
    return passed(exchange, lambda body: drop(body["stream_options"], "include_obfuscation"), asked)


def stream_asked_whole(exchange: Exchange) -> Exchange | None:
    """The gateway asks for the whole answer and streams it itself: nothing comes before the end."""
    # speech names the form of its stream, and has no `stream`
    wanted = streamed(exchange) and asked(exchange, "stream") is True
    return passed(exchange, lambda body: put(body, "stream", False)) if wanted else None


def stream_false_added(exchange: Exchange) -> Exchange | None:
    """`stream: false`, which its absence means as well."""
    return passed(exchange, lambda body: "stream" not in body and put(body, "stream", False))


def strict_dropped(exchange: Exchange) -> Exchange | None:
    """The `strict` of a tool does not arrive: arguments may leave its schema."""
    return _with_strict(exchange, strict=True)


def null_strict_dropped(exchange: Exchange) -> Exchange | None:
    """`strict: null` is left out, which says the same."""
    return _with_strict(exchange, strict=None)


def _with_strict(exchange: Exchange, *, strict: bool | None) -> Exchange | None:
    tools = functions(seen(exchange).request)
    asked = {"tools": [{**tool, "function": {**tool["function"], "strict": strict}} for tool in tools]}
    return passed(exchange, lambda body: every(tools_of(body), lambda f: drop(f, "strict")), asked) if tools else None


def functions(body: Json) -> list[dict[str, Json]]:
    """The tools of a chat request, where all of them are functions."""
    tools = body.get("tools") if isinstance(body, dict) else None
    every_one = isinstance(tools, list) and all(
        isinstance(tool, dict) and isinstance(tool.get("function"), dict) for tool in tools
    )
    return list(tools) if every_one and isinstance(tools, list) else []


def tools_of(body: Json) -> list[dict[str, Json]]:
    """The functions that a chat request offers."""
    return [tool["function"] for tool in functions(body)]


_ANY_CHAT = ("chat", "chat-stream")
_LIMITED = ("chat", "max-tokens")

MUTATIONS = (
    Row(
        drifts=("RQ01",),
        severity=Severity.RISKY,
        summary="a gateway drops metadata",
        caught_by=("request-field-dropped",),
        apply=metadata_dropped,
        twin=user_dropped,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ01",),
        severity=Severity.RISKY,
        summary="a gateway drops the strict of tools",
        caught_by=("request-field-dropped",),
        apply=strict_dropped,
        twin=null_strict_dropped,
        exercised_by=("tool-forced", "tool-choose"),
    ),
    Row(
        drifts=("RQ01",),
        severity=Severity.BREAKING,
        summary="a gateway drops max_tokens",
        caught_by=("request-field-dropped",),
        apply=limit_dropped,
        twin=user_dropped,
        exercised_by=_LIMITED,
    ),
    Row(
        drifts=("RQ01",),
        severity=Severity.BREAKING,
        summary="a gateway drops response_format",
        caught_by=("request-field-dropped",),
        apply=format_dropped,
        twin=user_dropped,
        exercised_by=("json-schema", "json-object"),
    ),
    Row(
        drifts=("RQ02",),
        severity=Severity.RISKY,
        summary="a gateway sends max_completion_tokens for max_tokens",
        caught_by=("request-field-renamed",),
        apply=limit_renamed,
        twin=respaced_request,
        exercised_by=_LIMITED,
    ),
    Row(
        drifts=("RQ03",),
        severity=Severity.RISKY,
        summary="a gateway adds parameters that the API does not know",
        caught_by=("request-field-added",),
        apply=engine_fields_added,
        twin=default_added,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ04",),
        severity=Severity.RISKY,
        summary="a gateway clamps the temperature",
        caught_by=("request-value-changed",),
        apply=temperature_clamped,
        twin=zero_as_float,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ05",),
        # nobody fails, and a prompt cache misses
        severity=Severity.INFO,
        summary="a gateway writes the members of a request in another order",
        caught_by=("request-json-rewritten",),
        apply=members_reordered,
        twin=respaced_request,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ06",),
        severity=Severity.RISKY,
        summary="a gateway asks for another model",
        caught_by=("request-model-changed",),
        apply=model_replaced,
        twin=model_prefixed,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ10",),
        severity=Severity.RISKY,
        summary="a gateway asks for usage that the client refused",
        caught_by=("request-stream-changed",),
        apply=usage_asked_for,
        twin=obfuscation_not_asked_for,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("RQ10",),
        severity=Severity.RISKY,
        summary="a gateway asks for no stream, and makes one itself",
        caught_by=("request-stream-changed",),
        apply=stream_asked_whole,
        twin=stream_false_added,
        exercised_by=("chat-stream",),
    ),
)
