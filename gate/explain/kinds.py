"""What the events of any endpoint do, in the few words that a reader tells apart. Pure."""

from __future__ import annotations

from gate.model import Endpoint, Event

KINDS = ("error", "tool", "text", "reasoning", "finish", "usage", "role", "done", "comment", "bytes", "other")
"""What an event does; of several the first in this order is drawn."""


def kind_of(event: Event, endpoint: Endpoint) -> str:
    """One of KINDS for an event of any endpoint."""
    return min((_kind(word, endpoint) for word, _ in event.kinds), key=KINDS.index, default="other")


# The endpoints' words for an event → the few that a reader of a timeline tells apart by colour.
_WORDS = {
    "error": "error", "failed": "error", "invalid": "error", "unknown": "error", "tool": "tool", "function": "tool",
    "content": "text", "refusal": "text", "finish": "finish", "usage": "usage", "role": "role", "created": "role",
    "output_item.added": "role", "content_part.added": "role", "done": "done", "comment": "comment",
}  # fmt: skip


def _kind(word: str, endpoint: Endpoint) -> str:
    if word in _WORDS:
        return _WORDS[word]
    if word.startswith("reasoning"):
        return "reasoning"
    if word.startswith("function_call_arguments"):
        return "tool"
    if word in endpoint.ends:
        return "finish"
    return "text" if word in endpoint.content else "other"
