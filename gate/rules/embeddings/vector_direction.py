"""Vectors of the same width that point elsewhere: another model stands behind the name (EM03)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.vectors import Vector, cosine, figures, vectored

_WIDTH = 16  # in a few dimensions any two vectors may be near, or far, by chance
_SAME = 0.9  # quantised and truncated vectors of one model stay above (B28: 0.999 between two runs)


def check(comparison: Comparison) -> Iterator[Drift]:
    """No text's vector is near its golden one, in any order: vector-order tells where they only changed places."""
    golden, candidate = comparison.golden, comparison.candidate
    gold = [f for g in golden if (f := figures(g)) is not None]
    for sample, found in vectored(candidate):
        mine = figures(found)
        like = [g for g in gold if mine and (len(g), len(g[0])) == (len(mine), len(mine[0]))]
        if mine and like and _tells(mine) and not any(_near(g, mine) for g in like):
            best = max(cosine(g[0], mine[0]) for g in like)
            message = "the vectors point elsewhere than the golden's of the same texts"
            yield Drift(
                path="data[0].embedding",
                message=message,
                golden=f"cosine {_SAME} or more",
                candidate=f"cosine {best:.3f}",
                sample=sample,
            )


def _tells(mine: list[Vector]) -> bool:
    """Wide enough, and not zeros, which vector-zero tells."""
    return len(mine[0]) >= _WIDTH and all(map(any, mine))


def _near(gold: list[Vector], mine: list[Vector]) -> bool:
    """Some vector is one of the golden's."""
    return any(cosine(one, other) >= _SAME for one in mine for other in gold)


RULE = Rule(
    id="vector-direction",
    area="embeddings",
    severity=Severity.RISKY,
    summary="the vectors of the same texts are not the golden's",
    who_breaks="an index that holds vectors of two models finds the wrong documents, and nothing fails",
    hint="point the route at the golden's embedding model, or embed all texts anew",
    check=check,
)
