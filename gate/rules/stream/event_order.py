"""Events come in an order that the endpoint's grammar does not have: role after content, usage before the finish."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.alignment import unseen_problems
from gate.observe.scopes import has_streams
from gate.rules.stream._order import Break, unseen_breaks
from gate.rules.stream._streams import Stream, problem_drift

_WORDS = {"finished": "finish_reason", "tool": "a tool call", "choice": "the answer"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Events that never come, or that follow a finish or [DONE], are reported by rules of their own."""
    shared = set[int]()
    for pair in comparison.answers:
        for problem in unseen_problems(pair, {ProblemCode.ITEM_INDEX_SHARED})[-1:]:
            shared.add(pair.sample)
            yield problem_drift(pair, problem, "several items share one output_index", "one for each item")
    for (pair, stream, _), b in unseen_breaks(comparison):
        if pair.sample in shared and b.lane is not None:
            continue
        severity = _of_choice(stream, b) if b.lane is not None else _of_stream(stream, b)
        if severity is not None:
            kind, after = _word(b.kind), _word(b.after)
            yield pair.drift(
                path=f"events.{b.after or b.kind}",
                message=f"{after} comes after {kind}" if after else f"{kind} comes after the end",
                golden=f"{after} before {kind}" if after else "nothing after the end",
                candidate=f"{kind} in frame {b.event.frame.number}",
                severity=severity,
                at=b.event,
            )


def _of_choice(stream: Stream, b: Break) -> Severity | None:
    ends = stream.endpoint.ends
    if "finish" in ends and (not b.after or b.kind in ends):
        return None  # finish-reason-early and finish-reason-repeated report these
    # a model may send reasoning or not, and clients that do not know reasoning skip it
    return Severity.INFO if b.kind == "reasoning" and not _content_before(stream, b) else Severity.BREAKING


def _content_before(stream: Stream, b: Break) -> bool:
    """Whether more than reasoning came before the step that was missed."""
    late = stream.of(b.after, b.lane)[0].frame.number
    kinds = stream.endpoint.content - {"reasoning"}
    return any(event.frame.number < late for kind in kinds for event in stream.of(kind, b.lane))


def _of_stream(stream: Stream, b: Break) -> Severity | None:
    if b.kind == "done" or b.state == "done":
        return None  # done-early reports these
    if b.kind == "usage":
        last = stream.of("usage")[-1].frame.number
        finishes = [event.frame.number for lane in stream.lanes for event in stream.of("finish", lane)]
        # the last usage counts: routes that send it with every chunk end with the whole (US02; a row)
        return Severity.RISKY if finishes and last < max(finishes) else None
    # after the end nobody reads; an early metadata event is only read too soon
    return Severity.RISKY if b.after else Severity.BREAKING


def _word(kind: str) -> str:
    return _WORDS.get(kind, kind[:60])


RULE = Rule(
    id="event-order",
    area="stream",
    # issue 2's "role after content": what came before the role is lost to clients that open a message with it
    severity=Severity.BREAKING,
    summary="the stream's events come in another order",
    who_breaks="state machines that open a message with its role drop what came before; usage is read too early",
    hint="send role, content, finish_reason, usage and the sentinel in this order",
    check=check,
    where=has_streams,
)
