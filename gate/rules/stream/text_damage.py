"""The streamed text has gaps, repeats or a wrong order that no golden has (ST33)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from gate.model import Comparison, Drift, Observation, Pair, Problem, ProblemCode, Rule, Severity
from gate.observe.alignment import unseen_problems
from gate.observe.answer import answered, choices
from gate.observe.scopes import has_streams
from gate.rules.families import Told, of
from gate.rules.stream._streams import problem_drift, streams
from gate.wire.shape import show

_RULES = {
    ProblemCode.TEXT_CUMULATIVE: "deltas-cumulative",
    ProblemCode.TEXT_REPEATED: "deltas-repeated",
    ProblemCode.TEXT_RESTARTED: "stream-restarted",
}
_MESSAGES = {
    ProblemCode.TEXT_CUMULATIVE: "each delta repeats all the text so far: joined, the text is repeated many times",
    ProblemCode.TEXT_REPEATED: "deltas repeat text that was already sent: joined, the text is there twice",
    ProblemCode.TEXT_RESTARTED: "the answer starts again in the middle of the stream",
}
# A text of numbers with up to three characters between them (", " or a line feed): the count scenarios of the suite
# ask for one. Nine digits stay below every limit of `int`.
_NUMBERS = re.compile(r"(?:\d{1,9}(?:\D{1,3}|$))+")
# Numbers in a row that show a text that counts: of 2,668 recorded texts four count to ten, none further; the count
# scenarios of the suite have 60.
_LONG = 10


def _judged(comparison: Comparison) -> Iterator[Told]:
    """Only where the text shows the damage itself: deltas that repeat each other, errors in counting."""
    for pair in comparison.answers:
        for problem in unseen_problems(pair, _MESSAGES):
            yield _RULES[problem.code], problem_drift(pair, problem, _message(pair, problem), "each delta goes on")
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


def _miscounted(pair: Pair) -> Iterator[Told]:
    for path, number, following, present in _gaps(pair.candidate):
        lost = number + 1 not in present
        fault = "lacks numbers" if lost else "repeats or reorders numbers"
        yield (
            "numbers-lost" if lost else "numbers-disordered",
            pair.drift(
                path=path,
                message=f"the streamed text {fault} where the golden counts without an error",
                golden=f"{number}, {number + 1}",
                candidate=f"{number}, {following}",
            ),
        )


def _gaps(observation: Observation) -> list[tuple[str, int, int, frozenset[int]]]:
    """(path, number, the number that follows it, all numbers) of the first error in each choice that counts."""
    return [
        (choice.content_path, number, following, frozenset(numbers))
        for choice in choices(observation)
        for numbers in [_numbers(choice.text)]
        for number, following in [p for p in pairwise(numbers) if p[1] != p[0] + 1][:1]
    ]


def _counts(observation: Observation) -> bool:
    return any(len(_numbers(choice.text)) >= _LONG for choice in choices(observation))


def _numbers(text: str) -> list[int]:
    """The numbers of a text that holds little else; none of prose, which may name any."""
    return [int(number) for number in re.findall(r"\d+", text)] if _NUMBERS.fullmatch(text.strip()) else []


def deltas_cumulative(comparison: Comparison) -> Iterator[Drift]:
    """Each delta has all the text so far (ST33)."""
    return of(comparison, _judged, "deltas-cumulative")


def deltas_repeated(comparison: Comparison) -> Iterator[Drift]:
    """Deltas come twice, or all of the text again at the end (ST33)."""
    return of(comparison, _judged, "deltas-repeated")


def stream_restarted(comparison: Comparison) -> Iterator[Drift]:
    """The answer starts again in the middle (ST33)."""
    return of(comparison, _judged, "stream-restarted")


def numbers_lost(comparison: Comparison) -> Iterator[Drift]:
    """Pieces are missing: it is seen where a model counts (ST33)."""
    return of(comparison, _judged, "numbers-lost")


def numbers_disordered(comparison: Comparison) -> Iterator[Drift]:
    """Pieces are repeated or in another order: it is seen where a model counts (ST33)."""
    return of(comparison, _judged, "numbers-disordered")


RULES = (
    Rule(
        id="deltas-cumulative",
        area="stream",
        severity=Severity.BREAKING,
        summary="each delta repeats all the text so far",
        who_breaks="clients that join deltas show each word many times",
        hint="let the gateway send what is new, not the text so far",
        check=deltas_cumulative,
        where=has_streams,
    ),
    Rule(
        id="deltas-repeated",
        area="stream",
        severity=Severity.BREAKING,
        summary="text comes twice in the stream",
        who_breaks="clients that join deltas show it twice; what parses the answer fails",
        hint="look for a gateway that sends chunks twice, or the whole text after its deltas",
        check=deltas_repeated,
        where=has_streams,
    ),
    Rule(
        id="stream-restarted",
        area="stream",
        severity=Severity.BREAKING,
        summary="the answer starts again in mid-stream",
        who_breaks="everyone who reads the answer: half of it is followed by all of it",
        hint="look for a gateway that retries after the first chunk was sent on",
        check=stream_restarted,
        where=has_streams,
    ),
    Rule(
        id="numbers-lost",
        area="stream",
        severity=Severity.BREAKING,
        summary="the streamed text lacks pieces",
        who_breaks="everyone who reads the answer: parts of it are gone",
        hint="look for a gateway that drops, repeats or reorders chunks",
        check=numbers_lost,
        where=has_streams,
    ),
    Rule(
        id="numbers-disordered",
        area="stream",
        severity=Severity.BREAKING,
        summary="the streamed text has pieces twice or in another order",
        who_breaks="everyone who reads the answer",
        hint="look for a gateway that drops, repeats or reorders chunks",
        check=numbers_disordered,
        where=has_streams,
    ),
)
