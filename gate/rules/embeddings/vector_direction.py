"""Vectors of the same width in other directions: another model is behind the name (EM03)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_vectors
from gate.observe.vectors import Vector, cosine, figures, vectored
from gate.rules.embeddings._figures import golden_figures

# In 16 dimensions random directions have cosines of 0.25 about 0, so that _SAME is no chance; the row of two
# numbers lies outside.
_WIDTH = 16
# Between the rows: one model stays above 0.9999 when rounded to two places, two models are below 0.1.
# Quantised and truncated vectors of one model stay above, and B28 has 0.999 between two runs.
_SAME = 0.9


def check(comparison: Comparison) -> Iterator[Drift]:
    """No text's vector is near its golden one, in any order; vectors that only changed places are vector-order's."""
    for pair in vectored(comparison):
        candidate = figures(pair.candidate)
        if candidate is None or not _comparable(candidate):
            continue
        golden = [vectors for vectors in comparison.once(golden_figures) if _size(vectors) == _size(candidate)]
        if golden and not any(_near(vectors, candidate) for vectors in golden):
            # the first vectors are the evidence; any near pair, in any order, silences the rule (EM10 is
            # vector-order's)
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
    # EM03 is breaking by another width, which stores refuse at once. Here every insert works, and results get worse.
    severity=Severity.RISKY,
    summary="the vectors of the same texts are not the golden's",
    who_breaks="an index that holds vectors of two models finds the wrong documents without an error",
    hint="point the route at the golden's embedding model, or embed all texts again",
    check=check,
    where=has_vectors,
)
