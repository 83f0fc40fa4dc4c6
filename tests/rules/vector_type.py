"""vector-type: finite numbers, or something else."""

from __future__ import annotations

from tests.rules.vector_length import b64
from tests.rules_table import Row, embedded

GOOD = [0.6, 0.8]
FIRES = ("breaking data[0].embedding",)

CASES = (
    Row("EM01, more general: numbers as text", embedded(GOOD), embedded(["0.6", "0.8"]), FIRES),
    Row("NaN in base64", embedded(b64(0.6, 0.8)), embedded(b64(0.6, float("nan"))), FIRES),
    Row(
        "S21: NaN in a list is left to number-not-json",
        embedded(GOOD),
        embedded([0.6, float("nan")]),
        (),
        ("breaking number-not-json data[0].embedding[1]",),
    ),
    Row("null among the numbers", embedded(GOOD), embedded([0.6, None]), FIRES),
    Row("not a vector", embedded(GOOD), embedded(None), FIRES),
    Row("an object of encodings", embedded(GOOD), embedded({"float": GOOD}), FIRES),
    Row("an empty vector", embedded(GOOD), embedded([]), FIRES, ("breaking vector-length data[0].embedding",)),
    Row("a nested vector", embedded(GOOD), embedded([GOOD, GOOD]), FIRES),
    Row("a text that is not base64", embedded(b64(0.6, 0.8)), embedded("zero-six"), FIRES),
    Row(
        "quantised to bytes",
        embedded(GOOD),
        embedded([76, 102]),
        ("risky data[0].embedding",),
        ("risky vector-not-normalised data[0].embedding",),
    ),
    Row("a round number among floats", embedded(GOOD), embedded([1, 0.0])),
    Row("B28: other floats", embedded(GOOD), embedded([0.8, 0.6])),
    Row("the golden has the same", embedded([None]), embedded([None])),
)
