"""What the rules that compare directions share: the golden's vectors, decoded once."""

from __future__ import annotations

from gate.model import Comparison
from gate.observe.vectors import Vector, figures


def golden_figures(comparison: Comparison) -> list[list[Vector]]:
    """The vectors of each golden sample whose vectors can be compared (`gate.observe.vectors.figures`)."""
    # none at all where the golden's are faulty: vector-type's row "the golden has the same"
    return [decoded for golden in comparison.golden if (decoded := figures(golden)) is not None]
