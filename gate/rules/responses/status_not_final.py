"""A response comes as the answer with a status that is not final: in_progress, queued, failed, cancelled."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import choices, grammar
from gate.observe.scopes import is_responses
from gate.wire.shape import show

# https://platform.openai.com/docs/api-reference/responses/object#responses/object-status
_NOT_FINAL = frozenset({"queued", "in_progress", "failed", "cancelled"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where no golden sample ends so; a stream with a failed event is stream-error's."""
    for pair in comparison.answers:
        known = {status for golden in pair.golden for status in _statuses(golden)}
        for status in _statuses(pair.candidate) if _ended(pair.candidate) else ():
            if status in _NOT_FINAL and status not in known:
                message, severity = f"the response is the answer, but its status is {show(status)}", None
            # truncation-hidden reports it where the golden was cut
            # with a reason the finish is max_output_tokens or content_filter, and B25's
            elif status == "incomplete" and known == {"completed"}:
                message = "the status is incomplete, and incomplete_details gives no reason"
                severity = Severity.RISKY
            else:
                continue
            yield pair.drift(
                path="status",
                message=message,
                golden=" or ".join(map(show, sorted(known))),
                candidate=show(status),
                severity=severity,
            )


def _ended(observation: Observation) -> bool:
    # a stream without its terminal event shows the status of its beginning
    open_stream = observation.form == "stream" and observation.kinds.isdisjoint(grammar(observation).ends)
    return not open_stream and "failed" not in observation.kinds


def _statuses(observation: Observation) -> list[str]:
    return [choice.finish for choice in choices(observation) if isinstance(choice.finish, str)]


RULE = Rule(
    id="status-not-final",
    area="responses",
    # clients poll until "completed", or raise; no id in the catalogue names it (after RS06, a row)
    severity=Severity.BREAKING,
    summary="a finished response has the status of one that is still running, or failed",
    who_breaks='clients that wait for status == "completed" poll for ever or raise',
    hint="let the gateway set status when it synthesizes the final response",
    check=check,
    where=is_responses,
)
