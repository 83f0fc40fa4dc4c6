"""vector-count: one vector for each input."""

from __future__ import annotations

from tests.rules_table import Row, embedded

A, B = [0.6, 0.8], [0.8, 0.6]

CASES = (
    Row(
        "EM10's kin: equal texts become one",
        embedded(A, B, ask=["a", "b"]),
        embedded(A, ask=["a", "b"]),
        ("breaking data",),
    ),
    Row("one too many", embedded(A), embedded(A, B), ("breaking data",)),
    Row("EM10, benign twin: as many as before", embedded(A, B, ask=["a", "b"]), embedded(A, B, ask=["a", "b"])),
    Row("the golden joins equal texts too", embedded(A, ask=["a", "a"]), embedded(A, ask=["a", "a"])),
)
