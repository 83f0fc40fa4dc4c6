"""sdk-connection-kept: what becomes of the connection of a call that is over."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from gate.model.transcript import Outcome, Post
from tests.rules_table import Row, seen


def ends(ending: str, cancelled: bool = False, outcome: Outcome = "returned", **read: Any) -> Exchange:
    """A streamed call whose connection ended so."""
    posts = (Post("POST", "/v1/chat/completions", {}, {}, 0.0, ending, 12.0),)
    return seen("stream", outcome=outcome, posts=posts, cancelled=cancelled, **read)


CASES = (
    Row(
        "a stream that the application leaves is read to its end, as LiteLLM 1.110 and the AI SDK 6 do",
        ends("left", cancelled=True),
        ends("complete", cancelled=True),
        ("risky request.connection",),
    ),
    Row(
        "it stays open",
        ends("left", cancelled=True),
        ends("open", cancelled=True),
        ("risky request.connection",),
    ),
    Row("a timeout leaves the connection open", ends("left"), ends("open"), ("risky request.connection",)),
    Row(
        "it is closed now", ends("complete", cancelled=True), ends("left", cancelled=True), ("info request.connection",)
    ),
    Row("closed in both", ends("left", cancelled=True), ends("left", cancelled=True)),
    Row("a client may close after [DONE], before the last byte", ends("left"), ends("complete")),
    Row("only one left its stream", ends("left", cancelled=True), ends("complete")),
    Row("the server ended it", ends("left", cancelled=True), ends("cut", cancelled=True)),
    Row("behind a gateway nothing is known of it", ends("left", cancelled=True), ends("", cancelled=True)),
    Row("both wait", ends("left", outcome="waiting"), ends("open", outcome="waiting")),
    Row(
        "it waits now",
        ends("left"),
        ends("open", outcome="waiting"),
        (),
        ("breaking sdk-hangs end",),
    ),
    Row("no request", seen("stream"), seen("stream")),
)
