"""client-differs: an SDK in use was given both answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate.model import Exchange, Transcript
from tests.rules_table import ASK, ASK_TOOL, Row, completion, plain, raises, seen

OPENAI, AI = "openai 3.57.0", "npm:ai 7.0.173"
USAGE = {"prompt_tokens": 9, "completion_tokens": 3}
CALL = {"id": "call_1", "name": "get_weather", "arguments": {"city": "Paris"}}


def read(client: str = OPENAI, *calls: str, request: Any = ASK, **values: Any) -> Exchange:
    """An answer, and what the client read of it."""
    return _by(client, plain(completion(), request), seen(*calls, values=values).transcripts)


def failed(*classes: str, client: str = OPENAI, call: str = "create") -> Exchange:
    """An answer on which the client raised."""
    return _by(client, plain(completion()), raises(*classes, call=call).transcripts)


def _by(client: str, exchange: Exchange, made: tuple[Transcript, ...]) -> Exchange:
    return replace(exchange, transcripts=tuple(replace(transcript, client=client) for transcript in made))


def both(one: Exchange, other: Exchange) -> Exchange:
    """One answer, read by two clients."""
    return replace(one, transcripts=(*one.transcripts, *other.transcripts))


def ended(outcome: Any) -> Exchange:
    """An answer with which the call did not end."""
    return _by(OPENAI, plain(completion()), seen(outcome=outcome).transcripts)


def thinking(exchange: Exchange) -> Exchange:
    """An answer with reasoning."""
    answer = plain(completion({"reasoning_content": "2 and 2."}))
    return replace(answer, transcripts=exchange.transcripts)


def held(exchange: Exchange) -> Exchange:
    """An answer that says when to come back."""
    assert exchange.response is not None
    headers = (*exchange.response.headers, ("Retry-After", "30"))
    return replace(exchange, response=replace(exchange.response, headers=headers))


CASES = (
    Row(
        "no choices in a chunk: the application's loop raises IndexError (ST01)",
        read(text=["Hello."]),
        failed("IndexError", "LookupError"),
        ("breaking openai",),
    ),
    Row(
        "one of two clients loses the tool call (TL16)",
        both(read(tool_calls=[CALL]), read(AI, tool_calls=[CALL])),
        both(read(tool_calls=[CALL]), read(AI, tool_calls=[])),
        ("breaking npm:ai",),
    ),
    Row("the text is gone", read(text=["Hello."]), read(text=[""]), ("breaking openai",)),
    Row(
        "arguments are no JSON",
        read(tool_calls=[CALL]),
        read(tool_calls=[{**CALL, "arguments": "{"}]),
        ("breaking openai",),
    ),
    Row(
        "a call without an id can't be answered",
        read(tool_calls=[CALL]),
        read(tool_calls=[{**CALL, "id": None}]),
        ("risky openai",),
    ),
    Row(
        "vectors of another type",
        read(vectors=[{"type": "list", "width": 12}]),
        read(vectors=[{"type": "str", "width": 64}]),
        ("breaking openai",),
    ),
    Row(
        "LiteLLM 1.61.16 loses streamed reasoning that is there (BerriAI/litellm#8939)",
        thinking(read(reasoning=["2 and 2."])),
        thinking(read(reasoning=[None])),
        ("risky openai",),
    ),
    Row("structured output is gone", read(parsed=[{"id": 1}]), read(parsed=[None]), ("breaking openai",)),
    Row("usage is gone", read(usage=USAGE), read(usage=None), ("risky openai",)),
    Row("one count is gone", read(usage=USAGE), read(usage={"prompt_tokens": 9}), ("risky openai",)),
    Row(
        "the AI SDK calls an unknown reason `other`",
        read(finish_reason="stop"),
        read(finish_reason="other"),
        ("risky openai",),
    ),
    Row(
        "the reason no longer says that a tool is called (TL16)",
        read(tool_calls=[CALL], finish_reason=["tool_calls"]),
        read(tool_calls=[CALL], finish_reason=["stop"]),
        ("risky openai",),
    ),
    Row("it waits for ever", read(text=["Hello."]), ended("waiting"), ("breaking openai",)),
    Row("it ends the process", read(text=["Hello."]), ended("exited"), ("breaking openai",)),
    Row("another exception", failed("NotFoundError"), failed("BadRequestError"), ("breaking openai",)),
    Row("a refusal is an answer now", failed("BadRequestError"), read(text=["Hello."]), ("risky openai",)),
    Row(
        "a text where a call was forced",
        read(tool_calls=[CALL], request=ASK_TOOL),
        read(text=["It rains."], tool_calls=[], request=ASK_TOOL),
        ("breaking openai",),
    ),
    # silent
    Row(
        "the model chose a text where it was free to", read(tool_calls=[CALL]), read(text=["It rains."], tool_calls=[])
    ),
    Row("a call where a text was", read(text=["It rains."]), read(text=[None], tool_calls=[CALL])),
    Row(
        "other words, other counts",
        read(text=["Hello."], usage=USAGE),
        read(text=["Hi."], usage={**USAGE, "prompt_tokens": 8}),
    ),
    Row(
        "no token came from the cache",
        read(usage={**USAGE, "cached_tokens": 4}),
        read(usage={**USAGE, "cached_tokens": 0}),
    ),
    Row("a golden sample raised too", (read(text=["a"]), failed("ValueError")), (failed("ValueError"),)),
    Row("the same exception", failed("NotFoundError"), failed("NotFoundError")),
    Row("the golden never ended", ended("waiting"), failed("ValueError")),
    Row("the SDK has no such operation", read(text=["a"]), ended("unusable")),
    Row(
        "LangChain joins the reasons of two finish chunks",
        read(tool_calls=[CALL], finish_reason="tool_callstool_calls"),
        read(tool_calls=[CALL], finish_reason="tool_calls"),
    ),
    Row("an adaptive model did not reason", thinking(read(reasoning=["2 and 2."])), read(reasoning=[None])),
    Row("a vendor's own price of the answer", read(usage={**USAGE, "cost": 0.01}), read(usage=USAGE)),
    Row("it waits as the route says", failed("RateLimitError"), held(ended("waiting"))),
    Row("another way of calling", read(OPENAI, "create", text=["a"]), read(OPENAI, "stream", text=[""])),
)
