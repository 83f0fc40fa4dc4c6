"""sdk-request-changed: another request for the same call."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Post
from tests.rules_table import Row, post, seen

CHAT = "/v1/chat/completions"
BASE = post(CHAT, {"model": "m"}, authorization="Bearer x", accept="application/json")


def with_header(name: str, value: str) -> Post:
    return replace(post(CHAT, {}), headers={name.replace("_", "-"): value})


CASES = (
    Row(
        "the AI SDK moves to the Responses API (vercel/ai#6925)",
        seen(posts=(BASE,)),
        seen(posts=(post("/v1/responses", {"model": "m"}),)),
        ("breaking request.path",),
    ),
    Row(
        "a parameter is dropped",
        seen(posts=(post(CHAT, {"model": "m", "seed": 1}),)),
        seen(posts=(post(CHAT, {"model": "m"}),)),
        ("risky request.seed",),
    ),
    Row(
        "the AI SDK 6 asks for `strict`",
        seen(posts=(post(CHAT, {"response_format": {"json_schema": {"schema": {}}}}),)),
        seen(posts=(post(CHAT, {"response_format": {"json_schema": {"schema": {}, "strict": True}}}),)),
        ("risky request.response_format",),
    ),
    Row(
        "LangChain 1.7 says the type of each message",
        seen(posts=(post("/v1/responses", {"input": [{"role": "user"}, {"role": "user"}]}),)),
        seen(posts=(post("/v1/responses", {"input": [{"role": "user", "type": "message"}] * 2}),)),
        ("risky request.input",),
    ),
    Row(
        "a message is left out",
        seen(posts=(post(CHAT, {"messages": [{"role": "system"}, {"role": "user"}]}),)),
        seen(posts=(post(CHAT, {"messages": [{"role": "user"}]}),)),
        ("risky request.messages",),
    ),
    Row(
        "SD01: a newer SDK asks for base64",
        seen(posts=(post("/v1/embeddings", {"input": "a"}),)),
        seen(posts=(post("/v1/embeddings", {"input": "a", "encoding_format": "base64"}),)),
        ("info request.encoding_format",),
    ),
    Row(
        "the key is no longer sent",
        seen(posts=(BASE,)),
        seen(posts=(post(CHAT, {"model": "m"}, accept="application/json"),)),
        ("risky request.headers.authorization",),
    ),
    Row(
        "another form of answer is asked for",
        seen(posts=(BASE,)),
        seen(posts=(post(CHAT, {"model": "m"}, authorization="Bearer x", accept="text/event-stream"),)),
        ("info request.headers.accept",),
    ),
    Row(
        "a new idempotency key for each request",
        seen(posts=(post(CHAT, {}, idempotency_key="a"),)),
        seen(posts=(post(CHAT, {}, idempotency_key="b"),)),
    ),
    Row("a body that is no object", seen(posts=(post(CHAT, None),)), seen(posts=(post(CHAT, None),))),
    Row("no request", seen(), seen(posts=(BASE,))),
    *(
        Row(
            f"{name} is no longer sent",
            seen(posts=(with_header(name, "a"),)),
            seen(posts=(post(CHAT, {}),)),
            (f"risky request.headers.{name.replace('_', '-')}",),
        )
        for name in ("api_key", "openai_organization", "openai_project", "idempotency_key", "x_request_id")
    ),
    *(
        Row(
            f"{name} is another",
            seen(posts=(with_header(name, "a"),)),
            seen(posts=(with_header(name, "b"),)),
            (f"info request.headers.{name.replace('_', '-')}",),
        )
        for name in ("content_type", "accept_encoding")
    ),
)
