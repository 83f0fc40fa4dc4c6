"""Vectors that stand in another order than their inputs (EM10)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Observation, Rule, Samples, Severity
from gate.observe.vectors import Vector, cosine, figures, repeats, vectored, vectors
from gate.wire.shape import show

_EQUAL = 0.999  # cosine of what one model says of one text twice (B28)
_SAME_MODEL = 0.99
_PREFIX = 256  # numbers are enough to find the best match; the whole vectors then confirm it


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the indexes, by texts that were sent twice, and by the golden's own vectors where the model is the same."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(_misnumbered(g) for g in golden):
        return
    for sample, found in vectored(candidate):
        numbers = _misnumbered(found)
        if numbers:
            now = show(numbers[:16], 80)
            message = "data[].index does not count the inputs from 0 in order"
            yield Drift(path="data[0].index", message=message, golden="0, 1, 2…", candidate=now, sample=sample)
        elif len(vectors(found)) > 1:
            yield from _shuffled(golden, found, sample)


def _misnumbered(found: Observation) -> list[Json]:
    """The indexes, where they are not 0, 1, 2… in order."""
    numbers = [member(item, "index") for item in members(found.body, "data")]
    right = all(type(n) is int and n == i for i, n in enumerate(numbers))
    return [] if right or not vectors(found) else numbers


def _shuffled(golden: Samples, found: Observation, sample: int) -> Iterator[Drift]:
    mine = figures(found)
    gold = next((f for g in golden if (f := figures(g)) is not None), None)
    if mine is None or gold is None or len(mine) != len(gold):
        return
    for i, j in repeats(found):
        if j < len(mine) and cosine(gold[i], gold[j]) >= _EQUAL > (now := cosine(mine[i], mine[j])):
            message = f"inputs {i} and {j} are the same text, but their vectors are not the same"
            yield Drift(
                path=f"data[{j}].embedding",
                message=message,
                golden="cosine 1",
                candidate=f"cosine {now:.3f}",
                sample=sample,
            )
            return
    if alike := _alike(gold, mine, repeats(found)):
        i, j = alike
        message = f"inputs {i} and {j} are different texts, but have the same vector"
        yield Drift(
            path=f"data[{j}].embedding",
            message=message,
            golden=f"cosine {cosine(gold[i], gold[j]):.3f}",
            candidate="cosine 1",
            sample=sample,
        )
        return
    moved = _moved(gold, mine)
    if moved:
        i, j = moved[0]
        message = f"the vectors are in another order: that of input {i} stands at {j}"
        yield Drift(
            path=f"data[{j}].embedding",
            message=message,
            golden=f"input {j}'s vector",
            candidate=f"input {i}'s vector",
            sample=sample,
        )


def _alike(gold: list[Vector], mine: list[Vector], same: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Two inputs that the golden tells apart and the candidate does not: one vector was dealt to both."""
    # neighbours are enough: what deals a vector twice deals it to the next input
    pairs = [(i, i + 1) for i in range(len(mine) - 1) if (i, i + 1) not in same and any(mine[i])]
    return next((p for p in pairs if mine[p[0]] == mine[p[1]] and cosine(gold[p[0]], gold[p[1]]) < _SAME_MODEL), None)


def _moved(gold: list[Vector], mine: list[Vector]) -> list[tuple[int, int]]:
    """(golden place, candidate place) of each vector that moved, if all of the golden's vectors are there again."""
    if len(gold[0]) != len(mine[0]) or all(map(_near, gold, mine)):
        return []
    # a text that was sent twice has one vector: its first place stands for all
    usual = [next(i for i, a in enumerate(gold) if a is b or cosine(a, b) >= _EQUAL) for b in gold]
    places = [_match(b, gold) for b in mine]
    matches = [usual[i] if i >= 0 else i for i in places]
    return [(i, j) for j, i in enumerate(matches) if i != usual[j]] if sorted(matches) == sorted(usual) else []


def _near(one: Vector, other: Vector) -> bool:
    return cosine(one[:_PREFIX], other[:_PREFIX]) >= _SAME_MODEL


def _match(vector: Vector, gold: list[Vector]) -> int:
    """Where the golden has this vector; -1 where it does not."""
    start = vector[:_PREFIX]
    best = max(range(len(gold)), key=lambda i: cosine(gold[i][:_PREFIX], start))
    return best if cosine(gold[best], vector) >= _SAME_MODEL else -1


RULE = Rule(
    id="vector-order",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="vectors do not stand in the order of their inputs",
    who_breaks="texts silently get each other's vectors: search finds the wrong documents and nothing fails",
    hint="let the gateway join split batches in order and renumber data[].index over the whole",
    check=check,
)
