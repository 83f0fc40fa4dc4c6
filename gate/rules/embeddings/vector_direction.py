"""Vectors of the same width in other directions: another model is behind the name (EM03)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.vectors import Vector, cosine, figures, vectored
from gate.rules.embeddings._figures import golden_figures

_WIDTH = 16  # in a few dimensions any two vectors may be near, or far, by chance
_SAME = 0.9  # quantised and truncated vectors of one model stay above (B28: 0.999 between two runs)


def check(comparison: Comparison) -> Iterator[Drift]:
    """No text's vector is near its golden one, in any order; vectors that only changed places are vector-order's."""
    for pair in vectored(comparison):
        candidate = figures(pair.candidate)
        if candidate is None or not _comparable(candidate):
            continue
        golden = [vectors for vectors in comparison.once(golden_figures) if _size(vectors) == _size(candidate)]
        if golden and not any(_near(vectors, candidate) for vectors in golden):
            best = max(cosine(vectors[0], candidate[0]) for vectors in golden)
            yield pair.drift(
                path="data[0].embedding",
                message="the vectors of the same texts have other directions than the golden's",
                golden=f"cosine {_SAME} or more",
                candidate=f"cosine {best:.3f}",
            )


def _size(vectors: list[Vector]) -> tuple[int, int]:
    """The number of vectors, and their width."""
    return len(vectors), len(vectors[0])


def _comparable(vectors: list[Vector]) -> bool:
    """Wide enough, and without zeros, which are vector-zero's."""
    return len(vectors[0]) >= _WIDTH and all(map(any, vectors))


def _near(golden: list[Vector], candidate: list[Vector]) -> bool:
    """Some vector is one of the golden's."""
    return any(cosine(vector, known) >= _SAME for vector in candidate for known in golden)


RULE = Rule(
    id="vector-direction",
    area="embeddings",
    severity=Severity.RISKY,
    summary="the vectors of the same texts are not the golden's",
    who_breaks="an index that holds vectors of two models finds the wrong documents without an error",
    hint="point the route at the golden's embedding model, or embed all texts again",
    check=check,
)
