"""Rankings: their indexes, their order and the scale of their scores (S72, S73, S74).

https://docs.cohere.com/reference/rerank and https://api.jina.ai/redoc#tag/rerank: `index` is the place of a document in
the request, the results come from the best to the worst, and scores are from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import answered, grammar, is_number
from gate.observe.request import asked
from gate.wire.shape import show

# Cohere, Jina and Voyage; TEI
_DOCUMENTS = ("documents", "texts")
_LISTS = ("results", "data")
_SCORES = ("relevance_score", "score")
# Chance sorts every second list of two, and one of six of three.
_SEVERAL = 3
# float16 rounds near 1 by 0.0005, and float32 makes 1.0000001 of the cosine of a text with itself
_SLACK = 0.001


def result_index_broken(comparison: Comparison) -> Iterator[Drift]:
    """An index that no document has, or one that comes twice."""
    for pair, (message, index) in unseen(comparison, _misplaced):
        yield pair.drift(
            path="results[].index", message=message, golden="the place of each document once", candidate=show(index, 40)
        )


def _misplaced(observation: Observation) -> tuple[str, Json] | None:
    entries, seen = _entries(observation), set[int]()
    # no other endpoint has entries, and then nobody counts its documents
    count = _documents(observation) if entries else 0
    for entry in entries:
        index = member(entry, "index")
        if type(index) is not int:
            continue
        if not 0 <= index < count:
            return f"a result has the index {index}, of {count} documents", index
        if index in seen:
            return f"the document {index} is in the results twice", index
        seen.add(index)
    return None


def results_unsorted(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden's results are sorted, and not by chance: their indexes are not."""
    golden = comparison.golden
    if all(len(_scores(sample)) >= _SEVERAL and _is_sorted(sample) and not _in_order(sample) for sample in golden):
        for pair in comparison.answers:
            if not _is_sorted(pair.candidate):
                yield pair.drift(
                    path="results",
                    message="the results are not sorted by their scores",
                    golden="from the best to the worst",
                    candidate=show(_scores(pair.candidate)[:8], 80),
                )


def _in_order(observation: Observation) -> bool:
    indexes = [index for entry in _entries(observation) if type(index := member(entry, "index")) is int]
    return indexes == sorted(indexes)


def _is_sorted(observation: Observation) -> bool:
    return all(first >= second for first, second in pairwise(_scores(observation)))


def scores_off_scale(comparison: Comparison) -> Iterator[Drift]:
    """Logits: below 0 or above 1, where no golden score is."""
    if all(map(_scores, comparison.golden)):
        for pair, score in unseen(comparison, _beyond):
            yield pair.drift(
                path="results[].score",
                message=f"a score is {show(score[0], 40)}, where the golden's are from 0 to 1",
                golden="from 0 to 1",
                candidate=show(score[0], 40),
            )


def _beyond(observation: Observation) -> list[float]:
    return [score for score in _scores(observation) if not -_SLACK <= score <= 1 + _SLACK]


def _documents(observation: Observation) -> int:
    """How many documents the request wants ranked."""
    return max(len(found) if isinstance(found := asked(observation, key), list) else 0 for key in _DOCUMENTS)


def _entries(observation: Observation) -> list[Json]:
    """The results of an endpoint without a schema: under `results` or `data`, or the body itself."""
    if grammar(observation).path or not answered(observation) or not _documents(observation):
        return []
    body = observation.body
    return body if isinstance(body, list) else next((found for k in _LISTS if (found := members(body, k))), [])


def _scores(observation: Observation) -> list[float]:
    scores = [next((s for k in _SCORES if is_number(s := member(e, k))), None) for e in _entries(observation)]
    return [score for score in scores if score is not None]


RULES = (
    Rule(
        id="result-index-broken",
        area="schema",
        # S72: the ranking points to other documents, or to none
        severity=Severity.RISKY,
        summary="a ranking names a document that was not sent, or one twice",
        who_breaks="code that looks documents up by `index`: IndexError, or the wrong text in the prompt",
        hint="count the indexes over the whole request, where the gateway splits it into batches",
        check=result_index_broken,
    ),
    Rule(
        id="results-unsorted",
        area="schema",
        # S73: code that keeps the first results keeps bad ones
        severity=Severity.RISKY,
        summary="a ranking is not sorted by its scores",
        who_breaks="pipelines that take the first k results as the best: answers rest on the wrong documents",
        hint="sort the results by score in the gateway",
        check=results_unsorted,
    ),
    Rule(
        id="scores-off-scale",
        area="schema",
        # S74: the order is right, thresholds are not
        severity=Severity.RISKY,
        summary="scores of a ranking are not between 0 and 1",
        who_breaks="thresholds on relevance_score: nothing passes, or everything does",
        hint="let the server apply its sigmoid, or the gateway",
        check=scores_off_scale,
    ),
)
