"""The streamed text has gaps, repeats or a wrong order that no golden has (ST33)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from gate.model import Comparison, Drift, Observation, Pair, Problem, ProblemCode, Rule, Severity
from gate.observe.alignment import unseen_problems
from gate.observe.answer import answered, choices
from gate.rules.stream._streams import problem_drift, streams
from gate.wire.shape import show

_MESSAGES = {
    ProblemCode.TEXT_CUMULATIVE: "each delta repeats all the text so far: joined, the text is repeated many times",
    ProblemCode.TEXT_REPEATED: "deltas repeat text that was already sent: joined, the text is there twice",
    ProblemCode.TEXT_RESTARTED: "the answer starts again in the middle of the stream",
}
# A text of numbers with up to three characters between them (", " or a line feed): the count scenarios of the suite
# ask for one. Nine digits stay below every limit of `int`.
_NUMBERS = re.compile(r"(?:\d{1,9}(?:\D{1,3}|$))+")
# Numbers in a row that no answer has by chance. Chosen: the row of prose has "1 2 3", the count scenarios 60.
_LONG = 10


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where the text shows the damage itself: deltas that repeat each other, errors in counting."""
    for pair in comparison.answers:
        for problem in unseen_problems(pair, _MESSAGES):
            yield problem_drift(pair, problem, _message(pair, problem), "each delta goes on")
    # a model that miscounts in its plain answer too does not show that the stream is damaged
    miscounts = any(_gaps(plain) for plain in comparison.candidate.twin if answered(plain))
    for pair, _, _ in streams(comparison):
        if not miscounts and all(_counts(golden) and not _gaps(golden) for golden in pair.golden):
            yield from _miscounted(pair)


def _message(pair: Pair, problem: Problem) -> str:
    """What repeats the text: each delta, one at the end that brings all of it again, or another choice."""
    texts = [text for choice in choices(pair.candidate) for text in (choice.text, choice.reasoning) if text]
    doubled = [text[: len(text) // 2] * 2 == text for text in texts if show(text, 80) == problem.detail]
    if problem.code is not ProblemCode.TEXT_REPEATED or not doubled:
        return _MESSAGES[problem.code]
    what = "the last delta brings the whole text again" if doubled[0] else "each delta is sent twice"
    if any(choice.index and not choice.text for choice in choices(pair.candidate)):
        what = "the deltas of several choices come under one index"
    return f"{what}: joined, the text is there twice"


def _miscounted(pair: Pair) -> Iterator[Drift]:
    for path, number, following in _gaps(pair.candidate):
        fault = "lacks numbers" if following > number + 1 else "repeats or reorders numbers"
        yield pair.drift(
            path=path,
            message=f"the streamed text {fault} where the golden counts without an error",
            golden=f"{number}, {number + 1}",
            candidate=f"{number}, {following}",
        )


def _gaps(observation: Observation) -> list[tuple[str, int, int]]:
    """(path, number, the number that follows it) of the first error in each choice that counts."""
    return [
        (choice.content_path, number, following)
        for choice in choices(observation)
        for number, following in [p for p in pairwise(_numbers(choice.text)) if p[1] != p[0] + 1][:1]
    ]


def _counts(observation: Observation) -> bool:
    return any(len(_numbers(choice.text)) >= _LONG for choice in choices(observation))


def _numbers(text: str) -> list[int]:
    """The numbers of a text that holds little else; none of prose, which may name any."""
    return [int(number) for number in re.findall(r"\d+", text)] if _NUMBERS.fullmatch(text.strip()) else []


RULE = Rule(
    id="stream-text-damaged",
    area="stream",
    # the reader gets another text than the model wrote; repeats of deltas are TEXT_* problems of the fold
    severity=Severity.BREAKING,
    summary="the streamed text has missing, repeated or reordered pieces",
    who_breaks="everyone who reads the answer; clients that join deltas show each word many times",
    hint="look for a gateway that drops, repeats or reorders chunks, or sends the text so far instead of what is new",
    check=check,
)
