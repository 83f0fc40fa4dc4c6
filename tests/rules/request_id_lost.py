"""request-id-lost: gone, renamed, or the client's own."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange
from tests.rules_table import HELLO, Row, completion, plain, refusal, stream

SENT = "gate-3f2a"


def sent(exchange: Exchange) -> Exchange:
    """The exchange with the id that the client sent along."""
    return replace(exchange, request=replace(exchange.request, headers=(("X-Request-Id", SENT),)), total_ms=12.0)


def answer(**headers: str) -> Exchange:
    return sent(plain(completion(), headers={name.replace("_", "-"): value for name, value in headers.items()}))


def failure(**headers: str) -> Exchange:
    return sent(refusal(404, headers={name.replace("_", "-"): value for name, value in headers.items()}))


OWN = answer(x_request_id="req_9f")
AZURE = answer(apim_request_id="6c1e", x_ms_client_request_id=SENT)

CASES = (
    Row(
        "T36: the client's own id comes back (vllm-project/vllm 9593)",
        OWN,
        answer(x_request_id=SENT),
        ("info headers.x-request-id",),
    ),
    Row("T36: gone", OWN, answer(), ("info headers.x-request-id",)),
    Row(
        "T36: LiteLLM's prefix (BerriAI/litellm 16534)",
        OWN,
        answer(**{"llm_provider-x-request-id": "req_9f"}),
        ("info headers.x-request-id",),
    ),
    Row("T36: Azure's, gone on the Responses API (38090)", AZURE, answer(), ("info headers.apim-request-id",)),
    Row("another provider's name for it", OWN, answer(request_id="req_9f"), ("info headers.x-request-id",)),
    Row("on a failure", failure(x_request_id="req_9f"), failure(), ("info headers.x-request-id",)),
    Row(
        "on a stream",
        sent(stream(*HELLO, headers={"x-request-id": "req_9f"})),
        sent(stream(*HELLO)),
        ("info headers.x-request-id",),
    ),
    *(
        Row(f"T36: {void!r} in place of an id", OWN, answer(x_request_id=void), ("info headers.x-request-id",))
        for void in (
            "null",
            "-",
            "undefined",
            "None",
            "0",
            "00000000-0000-0000-0000-000000000000",
            "${request_id}",
            "$req",
            "%REQ(X-REQUEST-ID)%",
            "(null)",
            "NULL",
            "<nil>",
            "n/a",
            "unknown",
            "{{id}}",
        )
    ),
    *(
        Row(f"T36, benign twin: {real!r} is an id", OWN, answer(x_request_id=real))
        for real in ("0f0", "req-", "a{b}", "nullable", "$5a-1", "5%")
    ),
    Row("T36: sent twice, by two proxies", OWN, answer(x_request_id="req_9f, 8f14"), ("info headers.x-request-id",)),
    Row("T36: the golden's is void as well", answer(x_request_id="-"), answer(x_request_id="null")),
    Row("T36: the golden sends two", answer(x_request_id="a, b"), answer(x_request_id="c, d")),
    Row("T36, benign twin, B30: another id", OWN, answer(x_request_id="req_a0")),
    Row("both of Azure's, one of them left", answer(apim_request_id="6", request_id="7"), answer(request_id="8")),
    Row("the golden's is an echo as well", answer(x_request_id=SENT), answer()),
    Row("the golden has an own one in one sample alone", [OWN, answer(x_request_id=SENT)], answer()),
    Row("the golden has none", answer(), answer(x_request_id=SENT)),
    Row("an id that the client named is no provider's", answer(x_ms_client_request_id="1"), answer()),
    Row("a recorder that filters headers proves nothing", OWN, plain(completion())),
    Row(
        "a failure has no success to be compared with",
        OWN,
        failure(),
        (),
        ("breaking success-lost status",),
    ),
)
