"""One delta with two kinds of content: the last thought and the first word of the answer, or text and a call (ST30)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Kinds, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import Stream, unseen

_KINDS = frozenset({"content", "reasoning", "tool"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where each delta of the golden has one kind alone."""
    for pair, _, (event, *_) in unseen(comparison, _joined):
        kinds = " and ".join(kind for kind, _ in event.kinds if kind in _KINDS)
        yield pair.drift(
            path="choices[0].delta",
            message=f"{kinds} come in one delta",
            golden="one after the other",
            candidate=kinds,
            at=event,
        )


def _joined(stream: Stream) -> list[Event]:
    """The events that bring two kinds of content for one choice."""
    return [event for event in stream.observation.events if len(event.kinds) > 1 and _mixed(event.kinds)]


def _mixed(kinds: Kinds) -> bool:
    lanes = [lane for kind, lane in kinds if kind in _KINDS]
    return len(lanes) > len(set(lanes))


RULE = Rule(
    id="deltas-joined",
    area="stream",
    # ST30: chunk borders decide, so that one route shows it on one day and not on another
    severity=Severity.INFO,
    summary="one delta has two kinds of content",
    who_breaks="clients that read a delta as one kind drop the other: an answer starts in the middle of a word",
    hint="send the end of the reasoning, text and calls in deltas of their own",
    check=check,
    where=has_streams,
)
