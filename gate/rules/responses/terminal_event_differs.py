"""The event that ends a stream, or an item in it, says another status than the response (RS22)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import grammar
from gate.observe.items import output
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
    if not grammar(observation).answer_at or status not in _FINAL:
        return None
    ended = [kind for event in observation.events for kind, _ in event.kinds if kind in _FINAL]
    if ended and ended[-1] != status:
        return "status", f"the stream ends with response.{ended[-1]}", status
    if status == "completed" and (reason := member(member(final, "incomplete_details"), "reason")):
        return "status", f"incomplete_details give the reason {show(reason, 40)}", status
    # a call that a limit cut may stay in progress; a response that is completed has nothing open
    open_ = [member(item, "status") for item in output(observation)] if status == "completed" else []
    if "in_progress" in open_:
        return f"output[{open_.index('in_progress')}].status", "the response is completed", "in_progress"
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
