"""field-type-changed: another JSON type than the golden's, or than the API's."""

from __future__ import annotations

from typing import Any

from tests.rules import _responses as r
from tests.rules.done_differs_from_deltas import calling
from tests.rules_table import HELLO, ROLE, Row, chunk, completion, plain, stream

THOUGHT = {"type": "thinking", "thinking": [{"type": "text", "text": "Let me"}]}
PARTS = [THOUGHT, {"type": "text", "text": "Hello."}]


def stopped(reason: Any) -> dict[str, Any]:
    """A completion of vLLM, with its own stop_reason."""
    return completion(choices=[{**completion()["choices"][0], "stop_reason": reason}])


CASES = (
    Row(
        "S10: Magistral answers with a list of parts (vercel/ai 8072)",
        plain(completion()),
        plain(completion({"content": PARTS})),
        ("breaking choices[0].message.content",),
    ),
    Row(
        "S10 in a stream",
        stream(*HELLO),
        stream(ROLE, chunk({"content": PARTS}), chunk({}, "stop")),
        ("breaking choices[0].delta.content",),
    ),
    Row(
        "S19: vLLM gives the stop token's number (foundation-model-stack/fms-guardrails-orchestrator 452)",
        plain(stopped(None)),
        plain(stopped(13)),
        ("risky choices[0].stop_reason",),
    ),
    Row(
        "openrouter once sent logprobs as a number: AttributeError in the official client",
        plain(completion()),
        plain(completion(choices=[{**completion()["choices"][0], "logprobs": -1.5}])),
        ("breaking choices[0].logprobs",),
    ),
    Row(
        "a field that only this vendor sends",
        plain(completion(citations=["https://a"])),
        plain(completion(citations="https://a")),
        ("risky citations",),
    ),
    Row(
        "S43: created with a fraction (mlc-ai/web-llm 829)",
        plain(completion()),
        plain(completion(created=1721172741.5)),
        ("breaking created",),
    ),
    Row(
        "S43: created as a text",
        plain(completion()),
        plain(completion(created="2026-09-14T09:12:40Z")),
        ("breaking created",),
    ),
    Row("S43, benign twin: another second", plain(completion()), plain(completion(created=1721172742))),
    Row(
        "S19, benign twin: stop_reason null or absent",
        plain(stopped(None)),
        plain(completion()),
    ),
    Row(
        "a vendor's own stop_reason, which the golden does not have, is an added field",
        plain(completion()),
        plain(stopped(13)),
    ),
    Row(
        "a cost of 0 and one of 0.5 are both numbers",
        plain(completion(cost=0)),
        plain(completion(cost=0.5)),
    ),
    Row(
        "a golden that already answers in parts",
        plain(completion({"content": PARTS})),
        plain(completion({"content": PARTS})),
    ),
    Row(
        "TL01 in a typed stream: the deltas of arguments are objects",
        r.told(calling()),
        r.told([{**e, "delta": {"city": "Paris"}} if e["type"].endswith("arguments.delta") else e for e in calling()]),
        ("breaking delta",),
    ),
    Row(
        "S44's kin: an object in place of a list",
        plain([{"label": "a", "score": 0.9}], {"inputs": "x"}, url="/classify"),
        plain({"data": [{"label": "a", "score": 0.9}]}, {"inputs": "x"}, url="/classify"),
        ("risky body",),
    ),
    Row(
        "a list as before",
        plain([{"label": "a", "score": 0.9}], {"inputs": "x"}, url="/classify"),
        plain([{"label": "b", "score": 0.8}], {"inputs": "x"}, url="/classify"),
    ),
    Row(
        "tools of a response as an object",
        r.whole(r.response(tools=[])),
        r.whole(r.response(tools={})),
        ("risky tools",),
    ),
)
