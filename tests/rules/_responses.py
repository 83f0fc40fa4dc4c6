"""Right answers of the Responses API, plain and streamed, for the tables that change one thing in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gate.model import Exchange
from tests.rules_table import plain, stream

URL = "/v1/responses"
ASK: Mapping[str, Any] = {"model": "m", "input": "Hi"}
USAGE = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12}


def part(text: str = "Hello.", **changes: Any) -> dict[str, Any]:
    """A part of a message that says something."""
    return {"type": "output_text", "text": text, "annotations": [], **changes}


def message(text: str = "Hello.", **changes: Any) -> dict[str, Any]:
    """A message that is complete."""
    head = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
    return {**head, "content": [part(text)], **changes}


def function_call(**changes: Any) -> dict[str, Any]:
    """A call of get_weather."""
    head = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "status": "completed"}
    return {**head, "name": "get_weather", "arguments": '{"city": "Paris"}', **changes}


def response(*output: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A response that is complete; with a message unless it is told otherwise."""
    head = {"id": "resp_1", "object": "response", "created_at": 1721172741, "model": "m-2024", "status": "completed"}
    return {
        **head,
        "error": None,
        "incomplete_details": None,
        "output": [*(output or [message()])],
        "usage": USAGE,
        **changes,
    }


def events(text: str = "Hello.", *, output: Iterable[Mapping[str, Any]] = (), **final: Any) -> list[dict[str, Any]]:
    """The whole life of a response with one message, numbered from 0; `final` changes the completed response."""
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    open_ = response(status="in_progress", output=[], usage=None)
    half = len(text) // 2
    found: list[dict[str, Any]] = [
        {"type": "response.created", "response": open_},
        {"type": "response.in_progress", "response": open_},
        {"type": "response.output_item.added", "output_index": 0, "item": message(status="in_progress", content=[])},
        {"type": "response.content_part.added", **place, "part": part("")},
        {"type": "response.output_text.delta", **place, "delta": text[:half]},
        {"type": "response.output_text.delta", **place, "delta": text[half:]},
        {"type": "response.output_text.done", **place, "text": text},
        {"type": "response.content_part.done", **place, "part": part(text)},
        {"type": "response.output_item.done", "output_index": 0, "item": message(text)},
        {"type": "response.completed", "response": response(*(output or [message(text)]), **final)},
    ]
    return renumbered(found)


def renumbered(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The events with sequence numbers from 0."""
    return [{**event, "sequence_number": number} for number, event in enumerate(found)]


def without(kinds: Iterable[str], found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The events but those of some kinds, numbered anew."""
    gone = {f"response.{kind}" for kind in kinds}
    return renumbered(event for event in found if event["type"] not in gone)


def told(found: Iterable[Mapping[str, Any]], request: Mapping[str, Any] = ASK) -> Exchange:
    """The events as a stream; every frame names its event, and there is no [DONE]."""
    return stream(*found, request=request, done=False, url=URL)


def whole(body: Mapping[str, Any], request: Mapping[str, Any] = ASK) -> Exchange:
    """The response as a plain body."""
    return plain(body, request, url=URL)
