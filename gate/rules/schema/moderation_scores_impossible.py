"""Scores of a moderation that are no probabilities, or none at all (S66)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.scopes import is_moderation
from gate.wire.shape import show

_ROUNDED = 0.005  # what two digits make 0 of


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first score beyond 0 and 1, or null; and scores that are all 0, as stubs have them."""
    for pair, (place, name, score) in unseen(comparison, _impossible):
        yield pair.drift(
            path=f"results[{place}].category_scores",
            message=f"the score of {show(name, 40)} is {show(score, 40)}",
            golden="from 0 to 1",
            candidate=show(score, 40),
        )
    for pair, which in unseen(comparison, _unscored) if all(map(_scores_much, comparison.golden)) else ():
        yield pair.drift(
            path=f"results[{which}].category_scores",
            message="all scores are 0",
            golden="other scores than 0",
            candidate="0",
        )


def _unscored(observation: Observation) -> str:
    """The place of the first result whose scores are all 0; "" where none is such."""
    results = members(observation.body, "results") if observation.endpoint == "moderations" else []
    for place, result in enumerate(results):
        scores = _scores(result)
        if len(scores) > 1 and all(type(score) in (int, float) and score == 0 for score in scores):
            return str(place)
    return ""


def _scores_much(observation: Observation) -> bool:
    """Whether a score is left where a gateway rounds to two digits; harmless texts have 0.0001 for all."""
    scores = [score for result in members(observation.body, "results") for score in _scores(result)]
    return any(type(score) in (int, float) and score > _ROUNDED for score in scores)


def _scores(result: Json) -> list[Json]:
    scores = member(result, "category_scores")
    return list(scores.values()) if isinstance(scores, dict) else []


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
    summary="scores of a moderation are not between 0 and 1, or all 0",
    who_breaks="thresholds on category_scores: everything is blocked, or nothing ever is",
    hint="let the gateway bring the scores of its model to the scale of the API",
    check=check,
    where=is_moderation,
)
