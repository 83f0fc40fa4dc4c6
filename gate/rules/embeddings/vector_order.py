"""Vectors in another order than their inputs (EM10)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Json, Observation, Pair, Rule, Severity
from gate.observe.scopes import has_vectors
from gate.observe.vectors import Vector, cosine, figures, repeats, vectored, vectors
from gate.rules.embeddings._figures import golden_figures
from gate.wire.shape import show

_EQUAL = 0.999  # cosine of two vectors of one model for one text (B28)
# A little below _EQUAL, so that a recording on other hardware still has the golden's vectors; two models are below 0.1
# (vector-direction).
_SAME_MODEL = 0.99
# Numbers that are enough to find the best match; the whole vectors then confirm it. It saves time: matching
# all pairs of 64 vectors of 3,072 numbers takes more than a second.
_PREFIX = 256


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the indexes, by texts that were sent twice, and by the golden's own vectors where the model is the same."""
    if any(map(_misnumbered, comparison.golden)):
        return
    for pair in vectored(comparison):
        numbers = _misnumbered(pair.candidate)
        if numbers:
            yield pair.drift(
                path="data[0].index",
                message="data[].index does not count the inputs from 0 in order",
                golden="0, 1, 2…",
                candidate=show(numbers[:16], 80),
            )
        elif len(vectors(pair.candidate)) > 1:
            yield from _shuffled(comparison, pair)


def _misnumbered(observation: Observation) -> list[Json]:
    """The indexes, where they are not 0, 1, 2… in order."""
    numbers = [member(item, "index") for item in members(observation.body, "data")]
    right = all(type(number) is int and number == i for i, number in enumerate(numbers))
    return [] if right or not vectors(observation) else numbers


def _shuffled(comparison: Comparison, pair: Pair) -> Iterator[Drift]:
    """The first sign of another order, the surest sign first."""
    candidate, usual = figures(pair.candidate), comparison.once(golden_figures)
    if candidate is None or not usual or len(candidate) != len(usual[0]):
        return
    # one golden sample is enough: those of one model differ by float noise alone (B28)
    golden, same = usual[0], repeats(pair.candidate)
    if places := _torn(golden, candidate, same):
        i, j = places
        message = f"inputs {i} and {j} are the same text, but their vectors are not the same"
        evidence = "cosine 1", f"cosine {cosine(candidate[i], candidate[j]):.3f}"
    elif places := _merged(golden, candidate, same):
        i, j = places
        message = f"inputs {i} and {j} are different texts, but have the same vector"
        evidence = f"cosine {cosine(golden[i], golden[j]):.3f}", "cosine 1"
    elif places := _moved(golden, candidate):
        i, j = places
        message = f"the vectors are in another order: the vector of input {i} is at position {j}"
        evidence = f"input {j}'s vector", f"input {i}'s vector"
    else:
        return
    yield pair.drift(path=f"data[{j}].embedding", message=message, golden=evidence[0], candidate=evidence[1])


Places = tuple[int, int]


def _torn(golden: list[Vector], candidate: list[Vector], same: list[Places]) -> Places | None:
    """Two inputs of the same text that have one vector in the golden and two in the candidate."""
    pairs = ((i, j) for i, j in same if j < len(candidate) and cosine(golden[i], golden[j]) >= _EQUAL)
    return next(((i, j) for i, j in pairs if cosine(candidate[i], candidate[j]) < _EQUAL), None)


def _merged(golden: list[Vector], candidate: list[Vector], same: list[Places]) -> Places | None:
    """Two inputs of different texts that have two vectors in the golden and one in the candidate."""
    # neighbours are enough: what gives a vector to two inputs gives it to the next one
    pairs = [(i, i + 1) for i in range(len(candidate) - 1) if (i, i + 1) not in same and any(candidate[i])]
    # equal, not near: a float that differs shows that the second text was embedded by itself
    equal = ((i, j) for i, j in pairs if candidate[i] == candidate[j])
    return next(((i, j) for i, j in equal if cosine(golden[i], golden[j]) < _SAME_MODEL), None)


def _moved(golden: list[Vector], candidate: list[Vector]) -> Places | None:
    """(golden place, candidate place) of the first vector that moved, if all of the golden's vectors are there."""
    if len(golden[0]) != len(candidate[0]) or all(map(_near, golden, candidate)):
        return None
    # a text that was sent twice has one vector: its first place stands for all
    first = [next(i for i, a in enumerate(golden) if a is b or cosine(a, b) >= _EQUAL) for b in golden]
    matches = [first[i] if i >= 0 else i for i in (_match(vector, golden) for vector in candidate)]
    moved = ((i, j) for j, i in enumerate(matches) if i != first[j])
    # a permutation and nothing else: a vector that the golden lacks means another model (vector-direction)
    return next(moved, None) if sorted(matches) == sorted(first) else None


def _near(golden: Vector, candidate: Vector) -> bool:
    return cosine(golden[:_PREFIX], candidate[:_PREFIX]) >= _SAME_MODEL


def _match(vector: Vector, golden: list[Vector]) -> int:
    """Where the golden has this vector; -1 where it does not."""
    start = vector[:_PREFIX]
    best = max(range(len(golden)), key=lambda i: cosine(golden[i][:_PREFIX], start))
    return best if cosine(golden[best], vector) >= _SAME_MODEL else -1


RULE = Rule(
    id="vector-order",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="vectors are not in the order of their inputs",
    who_breaks="texts silently get each other's vectors: search finds the wrong documents without an error",
    hint="let the gateway join split batches in order and renumber data[].index over the whole",
    check=check,
    where=has_vectors,
)
