"""A text that stops in the middle of the golden's, with a finish that says that it is whole (T07)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Pair, Rule, Severity
from gate.observe.answer import WHOLE, answered, choices
from gate.observe.request import output as demand
from gate.wire.shape import show

_WORD = re.compile(r"\w")
# The commonest ends of sentences (STerm), and what closes one: https://www.unicode.org/reports/tr29/#Sentence_Boundaries
_SENTENCE = re.compile(r"[.!?。！？][\s\"')\]*]*\Z")
_AROUND = 40  # characters on each side of the cut, for one line


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where at least two golden samples, streamed or plain, say the same, and the candidate only its beginning."""
    for pair in comparison.answers:
        # cut JSON is reported by json-truncated
        if demand(pair.candidate) is None:
            for choice in choices(pair.candidate):
                whole = _agreed(comparison, pair, choice)
                if whole is not None and choice.finish in WHOLE and _is_cut(choice.text, whole.text):
                    yield _drift(pair, choice, whole.text)


def _agreed(comparison: Comparison, pair: Pair, choice: Choice) -> Choice | None:
    """The golden's choice of that index; None where its samples differ, or where only one of them shows it."""
    twins = filter(answered, comparison.golden.twin)
    golden = [c for sample in (*pair.golden, *twins) for c in choices(sample) if c.index == choice.index]
    # one sample does not show that the text is always the same
    same = len(golden) > 1 and len({c.text for c in golden}) == 1
    return golden[0] if same and golden[0].finish in WHOLE else None


def _is_cut(text: str, whole: str) -> bool:
    # a full stop or blank more or less is the model's wording
    return bool(text.strip()) and whole.startswith(text) and bool(_WORD.search(whole[len(text) :]))


def _drift(pair: Pair, choice: Choice, whole: str) -> Drift:
    end = len(choice.text)
    before = whole[max(0, end - _AROUND) : end]
    # a model may stop after a whole sentence by itself
    sentence = bool(_SENTENCE.search(choice.text))
    return pair.drift(
        path=choice.content_path,
        message=f"the text ends after {end} of {len(whole)} characters, and finish is {show(choice.finish, 40)}",
        golden=show(f"…{before}{whole[end : end + _AROUND]}", 2 * _AROUND + 10),
        candidate=show(f"…{before}", 2 * _AROUND + 10),
        severity=Severity.INFO if sentence else None,
    )


RULE = Rule(
    id="text-ends-early",
    area="schema",
    severity=Severity.RISKY,
    summary="the text is only the beginning of the golden's, though its finish says that it is whole",
    who_breaks="everything that stores or shows the answer: half of it passes for the whole, and nothing is retried",
    hint="a proxy that lost its upstream made up the end: it should abort the connection or send an error",
    check=check,
)
