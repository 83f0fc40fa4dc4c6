"""What opens, finishes or completes an item differs from the events between (RS15)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Problem, ProblemCode, Rule, Severity
from gate.observe.alignment import unseen_problems
from gate.observe.scopes import has_streams

_DRIFTS = {
    ProblemCode.DONE_DIFFERS_FROM_DELTAS: ("differs from the deltas before it", "the same text", None),
    # openai-python adds deltas to what output_item.added or content_part.added holds, for its snapshots
    # (src/openai/lib/streaming/responses/_responses.py)
    ProblemCode.OPENED_WHOLE: ("is whole when its item is opened, and comes in deltas again", "the text once", None),
    # clients look the item up by what was added: another call_id answers no call
    ProblemCode.ITEM_CHANGED: ("differs from the item that was added", "the same", Severity.BREAKING),
    # SDKs return response.output as the answer, which is then empty (chatgpt-codex-resp-s-257ab9b18b, a row)
    ProblemCode.COMPLETED_WITHOUT_ITEMS: (
        "is empty, although items were sent before",
        "all items again",
        Severity.BREAKING,
    ),
}
# Codex and the AI SDK run the call that output_item.done holds
_RUN = "response.output_item.done.item.arguments"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Of each sample the first place of each kind: done and completed events repeat each other."""
    for pair in comparison.answers:
        first = {problem.code: problem for problem in reversed(unseen_problems(pair, _DRIFTS))}
        for code, problem in first.items():
            fault, golden, severity = _DRIFTS[code]
            yield pair.drift(
                path=problem.path,
                message=f"{problem.path} {fault}",
                golden=golden,
                candidate=problem.detail,
                severity=Severity.BREAKING if problem.path == _RUN or _is_doubled(problem) else severity,
                frame=problem.frame,
            )


def _is_doubled(problem: Problem) -> bool:
    # langchain-openai joins the arguments of output_item.added and of the deltas to those of one call
    # (_convert_responses_chunk_to_generation_chunk in chat_models/base.py): no JSON any more
    return problem.code is ProblemCode.OPENED_WHOLE and problem.path.endswith(".arguments")


RULE = Rule(
    id="done-differs-from-deltas",
    area="responses",
    # RS15: screen and transcript differ, each of them is readable
    severity=Severity.RISKY,
    summary="events that open or end an item contradict its deltas",
    who_breaks="the screen and the stored transcript disagree; so do arguments that were parsed while they came",
    hint="apply stop trimming and guardrails to deltas and done events alike",
    check=check,
    where=has_streams,
)
