"""Rankings of documents: https://docs.cohere.com/reference/rerank."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gate.endpoints import GENERAL, members
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.edit import in_plain
from gate.mutations.facts import asked, served
from gate.mutations.values import every, put

_SCORES = ("relevance_score", "score")
# results-unsorted takes fewer for sorted by chance
_SEVERAL = 3


def result_named_twice(exchange: Exchange) -> Exchange | None:
    """Batches are joined without counting on: two results point to one document."""

    def change(results: list[Any]) -> bool:
        return len(results) > 1 and "index" in results[-1] and put(results[-1], "index", results[0].get("index"))

    return _ranked(exchange, change)


def ranking_in_order_of_documents(exchange: Exchange) -> Exchange | None:
    """The results come in the order in which the documents were sent: the first is not the best."""

    def change(results: list[Any]) -> bool:
        if len(results) < _SEVERAL or any(type(result.get("index")) is not int for result in results):
            return False
        scored = [_score(result) for result in results]
        before = [result["index"] for result in results]
        results.sort(key=lambda result: int(result["index"]))
        # where the best came first in the request as well nothing tells the one order from the other
        return None not in scored and before != sorted(before) and scored != [_score(result) for result in results]

    return _ranked(exchange, change)


def scores_as_logits(exchange: Exchange) -> Exchange | None:
    """The server's own numbers, of which no sigmoid was taken."""
    return _scored(exchange, lambda score: round(20 * score - 10, 3))


def scores_slightly_lower(exchange: Exchange) -> Exchange | None:
    """Another version of the model: each score a hundredth lower, and the order as it was."""
    return _scored(exchange, lambda score: round(0.99 * score, 6))


def _scored(exchange: Exchange, other: Callable[[float], float]) -> Exchange | None:
    def change(result: dict[str, Any]) -> bool:
        key = next((key for key in _SCORES if key in result), "")
        score = _score(result)
        return score is not None and put(result, key, other(score))

    return _ranked(exchange, lambda results: every(results, change))


def _score(result: dict[str, Any]) -> float | None:
    score: Json = next((result[key] for key in _SCORES if key in result), None)
    return float(score) if isinstance(score, int | float) and 0 < score <= 1 else None


def _ranked(exchange: Exchange, change: Callable[[list[Any]], bool]) -> Exchange | None:
    fits = served(exchange, GENERAL.name) and isinstance(asked(exchange, "documents"), list)
    return in_plain(exchange, lambda body: every(_results(body), change), GENERAL.name) if fits else None


def _results(body: Json) -> Iterator[list[Any]]:
    """The list of results, Cohere's or Voyage's: that of the body, so that it can be sorted in place."""
    lists = (body[key] for key in ("results", "data") if members(body, key)) if isinstance(body, dict) else ()
    return (results for results in lists if all(isinstance(result, dict) for result in results))


_RERANK = ("rerank",)

MUTATIONS = (
    Row(
        drifts=("S72",),
        severity=Severity.RISKY,
        summary="two results of a ranking point to one document",
        caught_by=("result-index-broken",),
        apply=result_named_twice,
        twin=scores_slightly_lower,
        exercised_by=_RERANK,
    ),
    Row(
        drifts=("S73",),
        severity=Severity.RISKY,
        summary="a ranking comes in the order of the documents",
        caught_by=("results-unsorted",),
        apply=ranking_in_order_of_documents,
        twin=scores_slightly_lower,
        exercised_by=_RERANK,
    ),
    Row(
        drifts=("S74",),
        severity=Severity.RISKY,
        summary="the scores of a ranking are logits",
        caught_by=("scores-off-scale",),
        apply=scores_as_logits,
        twin=scores_slightly_lower,
        exercised_by=_RERANK,
    ),
)
