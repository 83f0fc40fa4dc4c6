"""The event that ends a stream, or an item in it, says another status than the response (RS22)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import grammar, occurrences
from gate.observe.items import hosted_calls, output
from gate.observe.scopes import is_responses
from gate.wire.shape import show

# https://platform.openai.com/docs/api-reference/responses-streaming/response/completed, and its neighbours
_FINAL = ("completed", "incomplete", "failed")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Clients go by the event's type or by the status, and by the status of each item; all must say the same."""
    for pair, (path, said, status) in unseen(comparison, _contradiction):
        yield pair.drift(
            path=path,
            message=f"{said}, but status is {show(status, 40)}",
            golden="the same in both",
            candidate=show(status, 40),
        )


def _contradiction(observation: Observation) -> tuple[str, str, Json] | None:
    final = observation.answer.final if observation.answer else None
    status = member(final, "status")
    ended = [kind for event in observation.events for kind, _ in event.kinds if kind in _FINAL]
    # that a response is the answer while it still runs is status-not-final's, but for one that failed
    if not grammar(observation).answer_at or (status not in _FINAL and "failed" not in ended):
        return None
    if ended and ended[-1] != status:
        return "status", f"the stream ends with response.{ended[-1]}", status
    if status == "completed" and (reason := member(member(final, "incomplete_details"), "reason")):
        return "status", f"incomplete_details give the reason {show(reason, 40)}", status
    return _open_item(observation) if status == "completed" else None


def _open_item(observation: Observation) -> tuple[str, str, Json] | None:
    """The first item of a completed response that is not; a call that a limit cut may stay in progress."""
    done = {lane: member(event.doc, "item") for event, lane in occurrences(observation, "output_item.done")}
    hosted = tuple(hosted_calls(observation))  # a type may be any JSON value, so it may have no hash
    for place, item in enumerate(output(observation)):
        kind, status, before = member(item, "type"), member(item, "status"), member(done.get(place), "status")
        # a tool of the provider that did not end is hosted-call-failed's
        if status == "in_progress" or (status == "incomplete" and kind not in hosted):
            return f"output[{place}].status", "the response is completed", status
        same = member(done.get(place), "type") == kind and isinstance(before, str) and isinstance(status, str)
        if same and before != status:
            return f"output[{place}].status", f"response.output_item.done says {show(before, 40)}", status
    return None


RULE = Rule(
    id="terminal-event-differs",
    area="responses",
    # RS22: each client reads one of the two; those that read the other lose that an answer is cut
    severity=Severity.RISKY,
    summary="the terminal event and the statuses contradict each other",
    who_breaks="clients that go by the event take a cut answer for a whole one; an item stays open for ever",
    hint="let the gateway set the event's type and all statuses from one source",
    check=check,
    where=is_responses,
)
