"""dimensions-ignored: the requested width."""

from __future__ import annotations

from tests.rules_table import Row, embedded

CASES = (
    Row(
        "EM03: accepted and ignored (BerriAI/litellm 42421)",
        embedded([0.6, 0.8], dimensions=2),
        embedded([0.6, 0.8, 0.0, 0.0], dimensions=2),
        ("breaking data[0].embedding",),
    ),
    Row("EM03, benign twin: the same width", embedded([0.6, 0.8], dimensions=2), embedded([0.8, 0.6], dimensions=2)),
    Row(
        "the golden ignores dimensions too",
        embedded([0.6, 0.8, 0.0], dimensions=2),
        embedded([0.6, 0.8, 0.0], dimensions=2),
    ),
    Row(
        "without dimensions the width is vector-length's",
        embedded([0.6, 0.8]),
        embedded([0.6, 0.8, 0.0]),
        (),
        ("breaking vector-length data[0].embedding",),
    ),
)
