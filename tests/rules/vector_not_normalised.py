"""vector-not-normalised: vectors of length 1."""

from __future__ import annotations

from tests.rules.vector_length import b64
from tests.rules_table import Row, embedded

GOOD = [0.6, 0.8]

CASES = (
    Row(
        "EM03's kin: shortened, but not normalised again",
        embedded(GOOD),
        embedded([3.0, 4.0]),
        ("risky data[0].embedding",),
    ),
    Row("in base64", embedded(b64(*GOOD)), embedded(b64(0.06, 0.08)), ("risky data[0].embedding",)),
    Row("B28: rounded to float16", embedded(GOOD), embedded([0.6001, 0.7998])),
    Row("the golden is not normalised", embedded([3.0, 4.0]), embedded([1.0, 5.0])),
    Row(
        "one of a batch",
        embedded(GOOD, GOOD, ask=["a", "b"]),
        embedded(GOOD, [3.0, 4.0], ask=["a", "b"]),
        ("risky data[1].embedding",),
    ),
    Row("just of length 1", embedded(GOOD), embedded([0.6 * 1.019, 0.8 * 1.019])),
    Row("just not of length 1", embedded(GOOD), embedded([0.6 * 1.021, 0.8 * 1.021]), ("risky data[0].embedding",)),
)
