"""Path, query and headers of a request on their way through a gateway."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from gate.model import Exchange, Request, Severity
from gate.mutations import Row
from gate.mutations.facts import RESPONSES, asked, served
from gate.mutations.passages import asked_for, behind, carried, carries, passed
from gate.mutations.values import put

_VERSION = "api-version=2024-10-21"
_KEY = "Bearer ****"  # as it is stored
_TRACE = {
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "x-client-request-id": "gate-1",
    "idempotency-key": "gate-1",
}


def operation_bridged(exchange: Exchange) -> Exchange | None:
    """A response is asked for as a chat: reasoning items and built-in tools are lost."""
    if not served(exchange, RESPONSES) or not carries(exchange):
        return None
    messages = [{"role": "user", "content": str(asked(exchange, "input"))[:1000]}]
    bridged = passed(exchange, lambda body: put(body, "messages", messages))
    (call,) = bridged.upstream if bridged and bridged.upstream else ()
    return behind(exchange, _below(call.request, "responses", "chat/completions"))


def path_prefixed(exchange: Exchange) -> Exchange | None:
    """The same operation below another prefix: the gateway's to choose."""
    url = exchange.request.url
    return (
        behind(exchange, _below(exchange.request, "/v1/", "/openai/v1/"))
        if carries(exchange) and "/v1/" in url
        else None
    )


def _below(request: Request, before: str, after: str) -> Request:
    parts = urlsplit(request.url)
    return replace(request, url=parts._replace(path=parts.path.replace(before, after, 1)).geturl())


def query_lost(exchange: Exchange) -> Exchange | None:
    """`api-version` does not arrive: Azure answers 404, or as another version of its API."""
    return asked_for(exchange, _VERSION, "")


def key_of_query_lost(exchange: Exchange) -> Exchange | None:
    """A key in the query stays at the gateway."""
    return asked_for(exchange, f"{_VERSION}&api_key=****", _VERSION)


def trace_lost(exchange: Exchange) -> Exchange | None:
    """The headers of tracing and idempotency do not arrive: a trace ends here, and a retry is paid twice."""
    return carried(exchange, _TRACE, {})


def agent_replaced(exchange: Exchange) -> Exchange | None:
    """The upstream sees the software of the gateway."""
    return carried(exchange, {"user-agent": "app/1.0"}, {"user-agent": "gateway/2.0"})


def client_address_added(exchange: Exchange) -> Exchange | None:
    """The client's address reaches the provider."""
    return carried(exchange, {}, {"x-forwarded-for": "10.0.0.7"})


def via_added(exchange: Exchange) -> Exchange | None:
    """What every proxy adds (RFC 9110, 7.6.3)."""
    return carried(exchange, {}, {"via": "1.1 gateway"})


def key_invented(exchange: Exchange) -> Exchange | None:
    """A gateway without a key sends a word for nothing as one: an upstream that needs none refuses it."""
    return carried(exchange, {"authorization": _KEY}, {"authorization": "Bearer undefined"})


def key_replaced(exchange: Exchange) -> Exchange | None:
    """The gateway's own key stands in the place of the client's: what gateways are for."""
    return carried(exchange, {"authorization": _KEY}, {"authorization": f"{_KEY}****"})


def compression_asked(exchange: Exchange) -> Exchange | None:
    """The upstream is asked for gzip: a stream comes compressed, and gets stuck where nobody inflates it."""
    return carried(exchange, {"accept-encoding": "identity"}, {"accept-encoding": "gzip, deflate"})


def identity_unnamed(exchange: Exchange) -> Exchange | None:
    """No encoding is asked for, which means the same as `identity`."""
    return carried(exchange, {"accept-encoding": "identity"}, {})


_ANY_CHAT = ("chat", "chat-stream")

MUTATIONS = (
    Row(
        drifts=("RQ11",),
        severity=Severity.RISKY,
        summary="a gateway asks for a chat where a response was asked for",
        caught_by=("request-endpoint-changed",),
        apply=operation_bridged,
        twin=path_prefixed,
        exercised_by=("responses", "responses-stream"),
    ),
    Row(
        drifts=("RQ12",),
        severity=Severity.RISKY,
        summary="a gateway loses the query",
        caught_by=("request-query-lost",),
        apply=query_lost,
        twin=key_of_query_lost,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ13",),
        severity=Severity.RISKY,
        summary="a gateway loses the headers of tracing and idempotency",
        caught_by=("request-header-lost",),
        apply=trace_lost,
        twin=agent_replaced,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ14",),
        severity=Severity.INFO,
        summary="a gateway tells its upstream the client's address",
        caught_by=("request-header-added",),
        apply=client_address_added,
        twin=via_added,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ15",),
        severity=Severity.BREAKING,
        summary="a gateway sends a word for nothing as the key",
        caught_by=("request-credentials-changed",),
        apply=key_invented,
        twin=key_replaced,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ16",),
        severity=Severity.INFO,
        summary="a gateway asks its upstream to compress",
        caught_by=("request-encoding-asked",),
        apply=compression_asked,
        twin=identity_unnamed,
        exercised_by=_ANY_CHAT,
    ),
)
