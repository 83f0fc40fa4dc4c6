"""Each log probability twice, for a text that comes once (S69)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.logprobs import scored
from gate.observe.scopes import has_logprobs
from gate.rules.schema._entries import is_repeated


def check(comparison: Comparison) -> Iterator[Drift]:
    """Entries that repeat each other, or the whole list once more, where no golden has it so."""
    for pair in comparison.answers:
        found = [text for text in scored(pair.candidate) if is_repeated(text)]
        if found and not any(is_repeated(text) for golden in pair.golden for text in scored(golden)):
            yield pair.drift(
                path=found[0].path,
                message="each entry of logprobs comes twice, and its token once",
                golden="an entry for each token",
                candidate=f"{len(found[0].tokens)} entries",
            )


RULE = Rule(
    id="logprobs-repeated",
    area="schema",
    # S69: what is there looks right, and sums and places are wrong
    severity=Severity.BREAKING,
    summary="log probabilities come twice",
    who_breaks="scores that sum over the tokens are doubled, and viewers that align them with the text are off",
    hint="join the logprobs of deltas once, and add none of the finished message",
    check=check,
    where=has_logprobs,
)
