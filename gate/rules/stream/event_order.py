"""Events come in an order that the endpoint's grammar does not have: role after content, usage before the finish."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, ProblemCode, Rule, Severity
from gate.observe.answer import grammar
from gate.rules.stream._order import Break, unseen_breaks
from gate.rules.stream._streams import Stream, drift, event_at, unseen_problems


def check(comparison: Comparison) -> Iterator[Drift]:
    """What never comes is missing, not late; what follows a finish or [DONE] has rules of its own."""
    golden, candidate = comparison.golden, comparison.candidate
    shared = {
        s.sample: (s, problem) for s, problem in unseen_problems(golden, candidate, ProblemCode.ITEM_INDEX_SHARED)
    }
    for stream, problem in shared.values():
        message = "several items share one output_index"
        yield drift(stream, event_at(stream, problem.frame), problem.path, message, "one for each item", problem.detail)
    for stream, b in unseen_breaks(golden, candidate):
        if stream.sample in shared and b.lane is not None:
            continue
        severity = _of_choice(stream, b) if b.lane is not None else _of_stream(stream, b)
        if severity is not None:
            kind, after = _word(b.kind), _word(b.after)
            message = f"{after} comes after {kind}" if after else f"{kind} comes after the end"
            right = f"{after} before {kind}" if after else "nothing after the end"
            path, seen = f"events.{b.after or b.kind}", f"{kind} in frame {b.event.frame.number}"
            yield drift(stream, b.event, path, message, right, seen, severity)


def _of_choice(stream: Stream, b: Break) -> Severity | None:
    endpoint = grammar(stream.found)
    if "finish" in endpoint.ends and (not b.after or b.kind in endpoint.ends):
        return None  # finish-reason-early and finish-reason-repeated
    # whether a model thinks aloud is its own choice, and clients that do not know reasoning skip it
    return Severity.INFO if b.kind == "reasoning" and not _spoke(stream, b) else Severity.BREAKING


def _spoke(stream: Stream, b: Break) -> bool:
    """Whether more than reasoning came before the step that was missed."""
    late = stream.of(b.after, b.lane)[0].frame.number
    kinds = grammar(stream.found).content - {"reasoning"}
    return any(event.frame.number < late for kind in kinds for event in stream.of(kind, b.lane))


def _of_stream(stream: Stream, b: Break) -> Severity | None:
    if b.kind == "done" or b.state == "done":
        return None  # done-early
    if b.kind == "usage":
        last = stream.of("usage")[-1].frame.number
        finishes = [e.frame.number for lane in stream.lanes for e in stream.of("finish", lane)]
        return Severity.RISKY if finishes and last < max(finishes) else None
    return Severity.RISKY if b.after else Severity.BREAKING


def _word(kind: str) -> str:
    return {"finished": "finish_reason", "tool": "a tool call", "choice": "the answer"}.get(kind, kind[:60])


RULE = Rule(
    id="event-order",
    area="stream",
    severity=Severity.BREAKING,
    summary="the stream's events come in another order",
    who_breaks="state machines that open a message with its role drop what came before; usage is read too early",
    hint="send role, content, finish_reason, usage and the sentinel in this order",
    check=check,
)
