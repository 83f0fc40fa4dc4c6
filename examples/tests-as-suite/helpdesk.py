"""What a support desk asks a model. The SDK takes base_url and key from OPENAI_BASE_URL and OPENAI_API_KEY."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import openai
from openai.types.chat import ChatCompletion

CHAT = os.environ.get("HELPDESK_MODEL", "gpt-4o-mini")
EMBEDDING = os.environ.get("HELPDESK_EMBEDDING", "text-embedding-3-small")
TICKET = {
    "type": "object",
    "properties": {"topic": {"type": "string", "maxLength": 20}, "urgent": {"type": "boolean"}},
    "required": ["topic", "urgent"],
    "additionalProperties": False,
}

_client = openai.OpenAI()


def answer(question: str) -> str:
    """One answer, as a whole."""
    messages = [{"role": "system", "content": "Answer in one short sentence."}, {"role": "user", "content": question}]
    reply = _client.chat.completions.create(model=CHAT, messages=messages, max_tokens=32, temperature=0)
    return _text(reply)


def typed(question: str) -> Iterator[str]:
    """The same, word by word."""
    messages = [{"role": "user", "content": question}]
    for chunk in _client.chat.completions.create(
        model=CHAT, messages=messages, max_tokens=32, temperature=0, stream=True, stream_options={"include_usage": True}
    ):
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


def ticket(complaint: str) -> dict[str, object]:
    """A complaint as a ticket."""
    reply = _client.chat.completions.create(
        model=CHAT,
        messages=[{"role": "user", "content": f"Make a ticket of: {complaint}"}],
        response_format={"type": "json_schema", "json_schema": {"name": "ticket", "strict": True, "schema": TICKET}},
        max_tokens=128,
        temperature=0,
    )
    made: dict[str, object] = json.loads(_text(reply))
    return made


def _text(reply: ChatCompletion) -> str:
    """Some routes answer without a choice, where a filter held the text back."""
    return (reply.choices[0].message.content or "") if reply.choices else ""


def vectors(texts: list[str]) -> list[list[float]]:
    """What the search index holds of some texts."""
    return [item.embedding for item in _client.embeddings.create(model=EMBEDDING, input=texts).data]
