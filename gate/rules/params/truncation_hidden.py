"""An answer cut at its limit is reported as complete (S16, RS10)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, choices, numbered
from gate.rules.params._limits import cut, ends, limit, written
from gate.wire.shape import show

NEAR = 0.95


def check(comparison: Comparison) -> Iterator[Drift]:
    """Every golden sample says that the limit ended it; the candidate reaches the limit too, and denies it."""
    golden, candidate = comparison.golden, comparison.candidate
    if not all(cut(g) for g in golden if answered(g)) or not any(map(answered, golden)):
        return
    for sample, found in numbered(candidate):
        finishes = ends(found) if answered(found) else []
        done = [end for end in finishes if end in ("stop", "completed")]
        # a natural end just below the limit is no drift (B25)
        if done and _reached(golden, found):
            path = choices(found)[0].finish_path
            message = f"the answer stops at its limit of {limit(found)} tokens and says {show(done[0])}"
            yield Drift(path=path, message=message, golden=_usual(golden), candidate=show(done[0]), sample=sample)
        elif "incomplete" in finishes:
            message = "the response is incomplete and does not say why: incomplete_details has no reason"
            yield Drift(
                path="incomplete_details",
                message=message,
                golden=_usual(golden),
                candidate="no reason",
                sample=sample,
                severity=Severity.RISKY,
            )


def _usual(golden: Samples) -> str:
    return " or ".join(sorted({show(end) for g in golden for end in ends(g)}))


def _reached(golden: Samples, found: Observation) -> bool:
    """As many tokens as those at which the golden was cut; more than the limit is limit-ignored."""
    most, came = limit(found), written(found)
    if most is None:
        return False
    if not came:
        # a usage of 0, or none, says nothing of the length; an empty answer does (RS10)
        return not choices(found)[0].text and not choices(found)[0].tool_calls
    # some routes stop a little short of the limit; a count far below it leaves reasoning out
    many = len(choices(found))
    if many > 1:  # the counts of all choices come as one: only all of them at the limit are sure
        return came == most * many
    cuts = [w for g in golden if (w := written(g)) and w >= most * NEAR]
    return min([most, *cuts]) <= came <= most


RULE = Rule(
    id="truncation-hidden",
    area="params",
    severity=Severity.BREAKING,
    summary="an answer that was cut at its token limit claims to be complete",
    who_breaks="auto-continue never fires, and half answers are stored as whole ones",
    hint="let the gateway pass the provider's reason for the stop on",
    check=check,
)
