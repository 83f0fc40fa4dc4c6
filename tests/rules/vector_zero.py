"""vector-zero: vectors without a direction."""

from __future__ import annotations

from tests.rules.vector_length import b64
from tests.rules_table import Row, embedded

GOOD, ZERO = [0.6, 0.8], [0.0, 0.0]

CASES = (
    Row("EM10's kin: a skipped text", embedded(GOOD), embedded(ZERO), ("breaking data[0].embedding",)),
    Row("in base64", embedded(b64(*GOOD)), embedded(b64(*ZERO)), ("breaking data[0].embedding",)),
    Row("one of a batch", embedded(GOOD, GOOD), embedded(GOOD, ZERO), ("breaking data[1].embedding",)),
    Row("B28: a zero among numbers", embedded(GOOD), embedded([0.0, 1.0])),
    Row("the golden's vector of this text is zero too", embedded(GOOD, ZERO), embedded(GOOD, ZERO)),
    Row("a single number in base64", embedded(b64(0.6)), embedded(b64(0.0)), ("breaking data[0].embedding",)),
)
