"""An answer cut at its limit is reported as complete (S16, RS10)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import WHOLE, answered, choices
from gate.observe.request import asked
from gate.observe.usage import NEAR, limit, written
from gate.rules.params._limits import ended_by_limit, finishes
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Every golden sample says that the limit ended it; the candidate reaches it too, and reports another end."""
    golden = [sample for sample in comparison.golden if answered(sample)]
    if not golden or not all(map(ended_by_limit, golden)):
        return
    usual = " or ".join(sorted({show(word) for sample in comparison.golden for word in finishes(sample)}))
    for pair in comparison.pairs:
        words = finishes(pair.candidate) if answered(pair.candidate) else []
        complete = [word for word in words if word in WHOLE]
        # a natural end just below the limit is no drift (B25)
        if complete and _reached(comparison.golden, pair.candidate):
            most, word = limit(pair.candidate), show(complete[0])
            yield pair.drift(
                path=choices(pair.candidate)[0].finish_path,
                message=f"the answer stops at its limit of {most} tokens and reports {word}",
                golden=usual,
                candidate=word,
            )
        elif "incomplete" in words:
            yield pair.drift(
                path="incomplete_details",
                message="the response is incomplete, but incomplete_details has no reason",
                golden=usual,
                candidate="no reason",
                # the status still says that it is incomplete (RS10's row); only the reason is lost
                severity=Severity.RISKY,
            )


def _reached(golden: Samples, candidate: Observation) -> bool:
    """As many tokens as those at which the golden was cut; more than the limit is limit-ignored."""
    most, tokens, count = limit(candidate), written(candidate), len(choices(candidate))
    if most is None:
        return False
    if not tokens:
        # a usage of 0, or none, says nothing of the length; an empty answer does (RS10), but where a stop sequence
        # came first: `ada` with n 2 and stop "." of 2023, whose usage then lacks completion_tokens
        return not (choices(candidate)[0].text or choices(candidate)[0].tool_calls or asked(candidate, "stop"))
    if count > 1:  # the tokens of all choices are counted together: only all of them at the limit are sure
        return tokens == most * count
    # some routes stop a little short of the limit; a count far below it leaves reasoning out
    cuts = [length for sample in golden if (length := written(sample)) and length >= most * NEAR]
    return min([most, *cuts]) <= tokens <= most


RULE = Rule(
    id="truncation-hidden",
    area="params",
    # S16 is breaking, RS10 risky: for a reader of the answer both are half an answer that claims to be whole
    severity=Severity.BREAKING,
    summary="an answer that was cut at its token limit claims to be complete",
    who_breaks="auto-continue never fires, and half answers are stored as whole ones",
    hint="let the gateway pass the provider's reason for the stop on",
    check=check,
)
