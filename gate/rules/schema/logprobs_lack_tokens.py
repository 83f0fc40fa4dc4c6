"""Log probabilities for some tokens of the text only (S62)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import finished
from gate.observe.logprobs import Scored, scored
from gate.observe.scopes import has_logprobs
from gate.rules.schema._entries import is_repeated
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden's tokens spell its text: those of reasoning beside it, or an end mark more, are no matter."""
    for pair in comparison.answers:
        golden = [text for sample in pair.golden for text in _filled(sample)]
        spelled, thought = all(map(_spells, golden)), all(map(_spells_thoughts, golden))
        for text in _filled(pair.candidate) if golden and spelled and finished(pair.candidate) else ():
            lost = not _spells(text) and not is_repeated(text)
            # the golden scores the thoughts as well
            if lost or (thought and text.before and not _spells_thoughts(text)):
                yield pair.drift(
                    path=text.path,
                    message=_lost(text) if lost else "logprobs lack the tokens of the reasoning",
                    golden="an entry for each token",
                    candidate=show(text.spelled, 60),
                    severity=None if lost else Severity.RISKY,
                )


def _lost(text: Scored) -> str:
    if text.text.strip() in text.read:
        return "the bytes of the logprobs do not spell the text, as their tokens do"
    return "logprobs lack tokens of the text"


def _filled(observation: Observation) -> list[Scored]:
    """The texts that have entries: that all of them are missing is logprobs-incomplete's."""
    return [text for text in scored(observation) if text.tokens and text.text.strip()]


def _spells(text: Scored) -> bool:
    return text.text.strip() in text.spelled


def _spells_thoughts(text: Scored) -> bool:
    return bool(text.before.strip()) and text.before.strip() in text.spelled


RULE = Rule(
    id="logprobs-lack-tokens",
    area="schema",
    # S62: what is there looks right, and sums and places are wrong
    severity=Severity.BREAKING,
    summary="log probabilities do not cover the text",
    who_breaks="scores that sum over the tokens, and viewers that align them with the text",
    hint="join the logprobs of all chunks: a gateway keeps the last one's, or drops those of merged deltas",
    check=check,
    where=has_logprobs,
)
