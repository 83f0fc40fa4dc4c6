"""Scores of a moderation that are no probabilities (S66)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.scopes import is_moderation
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first score beyond 0 and 1, or null."""
    for pair, (place, name, score) in unseen(comparison, _impossible):
        yield pair.drift(
            path=f"results[{place}].category_scores",
            message=f"the score of {show(name, 40)} is {show(score, 40)}",
            golden="from 0 to 1",
            candidate=show(score, 40),
        )


def _impossible(observation: Observation) -> tuple[int, str, Json] | None:
    results = members(observation.body, "results") if observation.endpoint == "moderations" else []
    for place, result in enumerate(results):
        scores = member(result, "category_scores")
        for name, score in scores.items() if isinstance(scores, dict) else ():
            # https://platform.openai.com/docs/api-reference/moderations/object: the model's confidence
            if score is None or (isinstance(score, int | float) and not 0 <= score <= 1):
                return place, name, score
    return None


RULE = Rule(
    id="moderation-scores-impossible",
    area="schema",
    # S66: `flagged` still works, a threshold of one's own does not
    severity=Severity.RISKY,
    summary="scores of a moderation are not between 0 and 1",
    who_breaks="thresholds on category_scores: everything is blocked, or nothing ever is",
    hint="let the gateway bring the scores of its model to the scale of the API",
    check=check,
    where=is_moderation,
)
