"""Answers around one text: as content, reasoning, refusal, arguments, and in the other endpoints."""

from __future__ import annotations

import json
from typing import Any

from gate.model import Exchange
from tests.rules._responses import events, told
from tests.rules_table import ASK, ROLE, call, called, calling, chunk, completion, plain, stream


def said(text: str, **message: Any) -> Exchange:
    """A plain answer with this text."""
    return plain(completion({"content": text, **message}))


def quoted(text: str, asks: str) -> Exchange:
    """A plain answer to a request that holds a text itself."""
    return plain(completion({"content": text}), {**ASK, "messages": [{"role": "user", "content": asks}]})


def flowing(*pieces: str, key: str = "content", finish: str = "stop") -> Exchange:
    """A stream whose text comes in these deltas, as content or under another key."""
    return stream(ROLE, *(chunk({key: piece}) for piece in pieces), chunk({}, finish))


def thought(text: str, answer: str = "Yes.", key: str = "reasoning_content") -> Exchange:
    """A plain answer with its reasoning."""
    return plain(completion({"content": answer, key: text}))


def with_arguments(*values: str, city: str = "city") -> Exchange:
    """A plain answer whose calls have these texts in their arguments."""
    return called(*(call(json.dumps({city: value}, ensure_ascii=False)) for value in values))


def fragments(*pieces: str) -> Exchange:
    """A streamed call whose arguments come in these deltas."""
    head = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": ""}}
    return calling(head, *({"index": 0, "function": {"arguments": piece}} for piece in pieces))


def custom(*pieces: str) -> Exchange:
    """A streamed call of a custom tool whose input comes in these deltas."""
    head = {"index": 0, "id": "call_1", "type": "custom", "custom": {"name": "run", "input": ""}}
    request = {**ASK, "tools": [{"type": "custom", "custom": {"name": "run"}}]}
    return calling(head, *({"index": 0, "custom": {"input": piece}} for piece in pieces), request=request)


def legacy_call(*pieces: str) -> Exchange:
    """A streamed function_call whose arguments come in these deltas."""
    deltas = ({"function_call": {"arguments": piece}} for piece in pieces)
    opened = chunk({"function_call": {"name": "get_weather", "arguments": ""}})
    return stream(ROLE, opened, *map(chunk, deltas), chunk({}, "function_call"))


def transcribed(body: bytes, label: str = "text/plain") -> Exchange:
    """A transcription as text."""
    ask = {"model": "m", "response_format": "text"}
    return plain(body, ask, url="/v1/audio/transcriptions", headers={"content-type": label})


def dictated(*pieces: str) -> Exchange:
    """A streamed transcription."""
    deltas = [{"type": "transcript.text.delta", "delta": piece} for piece in pieces]
    done = {"type": "transcript.text.done", "text": "".join(pieces)}
    return stream(*deltas, done, done=False, request={"model": "m"}, url="/v1/audio/transcriptions")


def legacy(text: str) -> Exchange:
    """A legacy completion."""
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": "stop"}
    head = {"id": "cmpl-1", "object": "text_completion", "created": 1721172741, "model": "m"}
    return plain({**head, "choices": [choice], "usage": None}, {"model": "m", "prompt": "Hi"}, url="/v1/completions")


def responded(text: str) -> Exchange:
    """A streamed response."""
    return told(events(text))
