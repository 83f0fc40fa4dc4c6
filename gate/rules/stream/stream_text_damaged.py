"""The streamed text has holes, repeats or a wrong order that no golden showed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from gate.model import Comparison, Drift, Observation, ProblemCode, Rule, Severity
from gate.observe.answer import answered, choices
from gate.rules.stream._streams import Stream, drift, event_at, judged, unseen_problems
from gate.wire.shape import show

_SAYS = {
    ProblemCode.TEXT_CUMULATIVE: "each delta repeats all the text so far: joined, everything is said many times",
    ProblemCode.TEXT_REPEATED: "deltas say again what was said: joined, the text is there twice",
    ProblemCode.TEXT_RESTARTED: "the answer starts again in the middle of the stream",
}
_NUMBERS = re.compile(r"(?:\d{1,9}(?:\D{1,3}|$))+")
# of a script that has blanks; what holds signs of code or of an address is no prose
_LETTER, _NO_PROSE = re.compile(r"[A-Za-zÀ-ž]"), re.compile(r"[\s/_\\{}<>=|#]")
_PROSE = 40  # characters in a row that are no word
_BLANK = re.compile(r"[A-Za-zÀ-ž]{2} [A-Za-zÀ-ž]{2}")
_LONG = 10  # numbers in a row that no answer holds by chance


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where the text checks itself: deltas that repeat each other, and counting that goldens do without flaw."""
    golden, candidate = comparison.golden, comparison.candidate
    for stream, problem in unseen_problems(golden, candidate, *_SAYS):
        message = _SAYS[problem.code]
        yield drift(
            stream, event_at(stream, problem.frame), problem.path, message, "each delta goes on", problem.detail
        )
    for like, stream in judged(golden, candidate):
        yield from _blanks(like, stream)
    # a model that can't count in its plain answer either is no damage
    if any(_flaws(found) for found in candidate.twin if answered(found)):
        return
    for like, stream in judged(golden, candidate):
        if all(_counts(g.found) and not _flaws(g.found) for g in like):
            yield from _holes(stream)


def _blanks(like: Iterable[Stream], stream: Stream) -> Iterator[Drift]:
    """Words that run together, because each token was trimmed on its way."""
    texts = [choice.text for g in like for choice in choices(g.found)]
    for choice in choices(stream.found):
        if texts and all(map(_BLANK.search, texts)) and _runs_together(choice.text.strip()):
            message = "the deltas lose the blanks between words"
            yield drift(stream, None, choice.content_path, message, show(texts[0], 60), show(choice.text, 60))


def _runs_together(text: str) -> bool:
    return len(text) >= _PROSE and not _NO_PROSE.search(text) and len(_LETTER.findall(text)) > 0.8 * len(text)


def _holes(stream: Stream) -> Iterator[Drift]:
    for path, before, after in _flaws(stream.found):
        how = "lacks numbers" if after > before + 1 else "repeats or reorders numbers"
        message = f"the streamed text {how} where the golden counts without a flaw"
        yield drift(stream, None, path, message, f"{before}, {before + 1}", f"{before}, {after}")


def _flaws(found: Observation) -> list[tuple[str, int, int]]:
    """(path, number, what follows it) of the first flaw in each choice that counts."""
    return [
        (choice.content_path, before, after)
        for choice in choices(found)
        for before, after in [p for p in pairwise(_numbers(choice.text)) if p[1] != p[0] + 1][:1]
    ]


def _counts(found: Observation) -> bool:
    return any(len(_numbers(choice.text)) >= _LONG for choice in choices(found))


def _numbers(text: str) -> list[int]:
    """The numbers of a text that holds little else; none of prose, which may name any."""
    return [int(n) for n in re.findall(r"\d+", text)] if _NUMBERS.fullmatch(text.strip()) else []


RULE = Rule(
    id="stream-text-damaged",
    area="stream",
    severity=Severity.BREAKING,
    summary="the text of the stream is not what was said: pieces are missing, doubled or in another order",
    who_breaks="everyone who reads the answer; clients that join deltas show each word many times",
    hint="look for a gateway that drops, repeats or reorders chunks, or sends the text so far instead of what is new",
    check=check,
)
