"""redirected: hops before the answer."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange, Hop, Request
from tests.rules_table import Row, completion, plain, refusal

SLASH = "/v1/chat/completions/"
LIST = {"object": "list", "data": [{"id": "m", "object": "model", "created": 1721172741, "owned_by": "o"}]}


def models(*hops: Hop) -> Exchange:
    return replace(plain(LIST), request=Request("GET", "https://host.test/v1/models"), hops=hops)


CASES = (
    Row(
        "T29: a trailing slash is added with 301 (tokio-rs/axum 681)",
        plain(completion()),
        plain(completion(), hops=(Hop(301, SLASH),)),
        ("breaking status",),
    ),
    Row(
        "T29: 307 to https costs a hop, and the key where the host differs (langchain-ai/langserve 304)",
        plain(completion()),
        plain(completion(), hops=(Hop(307, "https://other.test" + SLASH),)),
        ("breaking status",),
    ),
    Row(
        "T29: the redirect as another recorder stored it, unfollowed",
        plain(completion()),
        plain(b"", status=308, headers={"location": SLASH}),
        ("breaking status",),
    ),
    Row(
        "T29, benign twin: GET /v1/models ends in the same JSON",
        models(),
        models(Hop(301, "/v1/models/")),
        ("info status",),
    ),
    Row(
        "the golden is redirected too",
        plain(completion(), hops=(Hop(308, SLASH),)),
        plain(completion(), hops=(Hop(307, SLASH),)),
    ),
    Row("no hop", plain(completion()), plain(completion())),
    Row(
        "a refusal is no redirect",
        plain(completion()),
        refusal(401),
        also=("breaking success-lost status",),
    ),
)
