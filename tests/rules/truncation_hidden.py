"""truncation-hidden: cut, and said to be whole."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import ASK, Row, completion, plain


def wrote_usage(tokens: int) -> dict[str, int]:
    return {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}


def wrote(tokens: int, finish: str) -> Exchange:
    """An answer of that many tokens to a request for at most 16."""
    return plain(completion(finish=finish, usage=wrote_usage(tokens)), {**ASK, "max_tokens": 16})


def responded(tokens: int, *output: Any, limit: int = 16, **changes: Any) -> Exchange:
    """A response of that many tokens to a request with a limit."""
    usage = {"input_tokens": 9, "output_tokens": tokens, "total_tokens": 9 + tokens}
    body = {**r.response(), "output": list(output), "usage": usage, **changes}
    return r.whole(body, {**r.ASK, "max_output_tokens": limit})


CUT: dict[str, Any] = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}


def both(tokens: int, finish: str) -> Exchange:
    """Two choices of 16 tokens at most."""
    usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}
    one = completion(finish=finish)["choices"][0]
    body = completion(usage=usage, choices=[one, {**one, "index": 1}])
    return plain(body, {**ASK, "max_tokens": 16, "n": 2})


def hello(tokens: int | None, finish: str, **more: Any) -> Exchange:
    """An answer of that many tokens; empty, and a usage without their number, where there are none."""
    usage = {"prompt_tokens": 9, "total_tokens": 9} if tokens is None else wrote_usage(tokens)
    text = "" if tokens is None else "Hello."
    return plain(completion({"content": text}, finish=finish, usage=usage), {**ASK, "max_tokens": 16, **more})


CASES = (
    Row(
        "S16: the gateway always says stop (project-arbr/arbr-control-plane 34)",
        wrote(16, "length"),
        wrote(16, "stop"),
        ("breaking choices[0].finish_reason",),
    ),
    Row(
        "RS10: the response is completed and empty, its usage 0 (vllm-project/vllm 24184)",
        responded(16, r.message(), **CUT),
        responded(0),
        ("breaking status",),
        also=("breaking answer-empty output",),
    ),
    Row(
        "the golden is cut a token short of the limit",
        responded(31, r.message(), limit=32, **CUT),
        responded(31, r.message(), limit=32),
        ("breaking status",),
    ),
    Row(
        "OpenAI's ada of 2023: a stop sequence came first, and usage has no completion_tokens",
        hello(16, "length"),
        hello(None, "stop", stop="."),
        also=("breaking answer-empty choices[0].message.content", "breaking usage-incomplete usage.completion_tokens"),
    ),
    Row(
        "the same without a stop sequence",
        hello(16, "length"),
        hello(None, "stop"),
        ("breaking choices[0].finish_reason",),
        also=("breaking answer-empty choices[0].message.content", "breaking usage-incomplete usage.completion_tokens"),
    ),
    Row(
        "RS10: incomplete, but incomplete_details is null",
        responded(16, r.message(), **CUT),
        responded(16, r.message(), status="incomplete"),
        ("risky incomplete_details",),
    ),
    Row("S16, benign twin: it ends by itself just before the limit", wrote(16, "length"), wrote(15, "stop")),
    Row("golden samples that end either way", [wrote(16, "length"), wrote(16, "stop")], wrote(16, "stop")),
    Row(
        "no limit was asked for: nobody knows where it would be",
        plain(completion(finish="length")),
        plain(completion(finish="stop")),
    ),
    Row("RS10, benign twin: both say it", responded(16, r.message(), **CUT), responded(16, r.message(), **CUT)),
    Row("S16 with n=2", both(32, "length"), both(32, "stop"), ("breaking choices[0].finish_reason",)),
    Row("n=2, and one of them is shorter", both(32, "length"), both(29, "stop")),
    Row(
        "the golden is cut just near the limit",
        responded(29, r.message(), limit=32, **CUT),
        responded(29, r.message(), limit=32),
        ("breaking status",),
    ),
    Row(
        "the golden is cut too far from the limit to tell where",
        responded(28, r.message(), limit=32, **CUT),
        responded(28, r.message(), limit=32),
    ),
)
