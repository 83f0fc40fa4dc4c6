"""Reasoning after the answer has begun, or interleaved with it (ST31)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Event, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import Stream, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where all reasoning of the golden comes before the text; after the finish it is finish-reason-early's."""
    for pair, stream, (late, *_) in unseen(comparison, _late):
        again = any(event.frame.number > late.frame.number for event in _texts(stream, "content"))
        yield pair.drift(
            path="choices[0].delta",
            message="reasoning and text alternate" if again else "reasoning comes after the text has begun",
            golden="reasoning first, then the text",
            candidate="text, reasoning, text" if again else "text, reasoning",
            at=late,
        )


def _late(stream: Stream) -> list[Event]:
    """The events of reasoning after one of text; text that is mirrored into reasoning comes with it."""
    reasoning = _texts(stream, "reasoning")
    # most streams have none
    texts = _texts(stream, "content") if reasoning else []
    alone = [event for event in reasoning if event not in texts]
    return [event for event in alone if texts and event.frame.number > texts[0].frame.number]


def _texts(stream: Stream, kind: str) -> list[Event]:
    """The events of a kind in the first choice, without those that bring white space alone."""
    lane = stream.lanes[:1]
    return [event for event in (stream.of(kind, lane[0]) if lane else ()) if kind != "content" or _is_visible(event)]


def _is_visible(event: Event) -> bool:
    """Whether a delta has text: servers send the line's end after </think> before more reasoning."""
    texts = (member(member(choice, "delta"), "content") for choice in members(event.doc, "choices"))
    return any(not isinstance(text, str) or text.strip() for text in texts)


RULE = Rule(
    id="reasoning-after-answer",
    area="stream",
    # ST31: nothing is lost; what is shown is out of order
    severity=Severity.RISKY,
    summary="reasoning comes after the answer has begun",
    who_breaks="clients that close the thinking at the first text: later reasoning is shown as answer, or splits it",
    hint="send all reasoning before the first text: the server's reasoning parser or a gateway reorders deltas",
    check=check,
    where=has_streams,
    of_order=True,
)
