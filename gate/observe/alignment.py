"""The samples of both sides, aligned: the argument of every rule."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import TypeVar

from gate.model import Comparison, Observation, Pair, Problem, ProblemCode, Samples
from gate.observe.answer import comparable

T = TypeVar("T")


def aligned(golden: Samples, candidate: Samples) -> Comparison:
    """Each candidate sample with the golden samples that answered in the same form."""
    pairs = (
        Pair(number, observation, tuple(comparable(golden, observation)))
        for number, observation in enumerate(candidate)
    )
    return Comparison(golden, candidate, tuple(pairs))


def unseen(comparison: Comparison, trait: Callable[[Observation], T | None]) -> Iterator[tuple[Pair, T]]:
    """(pair, trait) of each candidate sample with a trait that no golden sample has; a falsy value is no trait."""
    # any golden sample: what the route shows now and then is nothing new to its clients
    # the candidate first: mostly it has none, and then nobody asks the golden
    found = [(pair, value) for pair in comparison.pairs if (value := trait(pair.candidate))]
    if found and not any(map(trait, comparison.golden)):
        yield from found


def unseen_problems(pair: Pair, codes: Container[ProblemCode]) -> list[Problem]:
    """The candidate's problems with one of these codes, in order, less the codes that a golden sample has too."""
    known = {problem.code for golden in pair.golden for problem in golden.problems}
    return [problem for problem in pair.candidate.problems if problem.code in codes and problem.code not in known]
