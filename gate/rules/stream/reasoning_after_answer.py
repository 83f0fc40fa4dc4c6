"""Reasoning after the answer has begun, or interleaved with it (ST31)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Event, Observation, Rule, Severity
from gate.observe.alignment import unseen as unseen_in
from gate.observe.answer import WHOLE, answered, choices
from gate.observe.items import last_thought
from gate.rules.stream._streams import Stream, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where all reasoning of the golden comes before the text; after the finish it is finish-reason-early's."""
    for pair, _, late in unseen(comparison, _late):
        yield pair.drift(
            path=f"choices[{late.lane}].delta",
            message=late.message,
            golden=f"reasoning first, then the {late.what}",
            candidate=late.order,
            at=late.event,
        )
    for pair, path in unseen_in(comparison, _ends_in_thought):
        yield pair.drift(
            path=path,
            message="the last item of the response is reasoning: it comes after what it leads to",
            golden="reasoning first, then a message or a call",
            candidate="reasoning last",
        )


def _ends_in_thought(observation: Observation) -> str:
    """The path of a response's last item, where that is reasoning: OpenAI refuses it in the next request, `provided
    without its required following item`. A model may think again between two items, though.
    """
    whole = answered(observation) and any(choice.finish in WHOLE for choice in choices(observation))
    return last_thought(observation) if whole else ""


@dataclass(frozen=True, slots=True)
class _Late:
    """The first event of reasoning after the text, or after the calls, of its choice has begun."""

    lane: int
    event: Event
    what: str
    again: bool  # more of the answer follows

    @property
    def message(self) -> str:
        if self.again:
            return f"reasoning and {self.what} alternate"
        return f"reasoning comes after the {self.what} has begun"

    @property
    def order(self) -> str:
        return ", ".join((self.what, "reasoning", self.what)[: 3 if self.again else 2])


def _late(stream: Stream) -> _Late | None:
    found = (late for lane in stream.lanes for late in (_late_in(stream, lane),) if late)
    return next(found, None)


def _late_in(stream: Stream, lane: int) -> _Late | None:
    """Text that is mirrored into reasoning comes with it, and is no reasoning of its own."""
    thoughts = stream.of("reasoning", lane)
    for kind, what in (("content", "text"), ("tool", "call")) if thoughts else ():
        answer = [event.frame.number for event in stream.of(kind, lane) if kind != "content" or _is_visible(event)]
        begun = set(answer)
        alone = (event for event in thoughts if answer and event.frame.number > answer[0])
        late = next((event for event in alone if event.frame.number not in begun), None)
        if late:
            return _Late(lane, late, what, answer[-1] > late.frame.number)
    return None


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
    of_order=True,
)
