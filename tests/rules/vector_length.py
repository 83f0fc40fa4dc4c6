"""vector-length: another width."""

from __future__ import annotations

import base64
import struct

from tests.rules_table import Row, embedded

SHORT, LONG = [0.6, 0.8], [0.6, 0.8, 0.0]


def b64(*numbers: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


FIRES = ("breaking data[0].embedding",)

CASES = (
    Row("EM03: 3072 instead of 1536", embedded([0.0, 1.0] * 768), embedded([0.0, 1.0] + [0.0] * 3070), FIRES),
    Row("EM03 in base64", embedded(b64(0.6, 0.8)), embedded(b64(0.6, 0.0, 0.8)), FIRES),
    Row("EM03: one vector of a batch", embedded(SHORT, SHORT), embedded(SHORT, LONG), ("breaking data[1].embedding",)),
    Row("EM03, benign twin: the same width, other values", embedded(SHORT), embedded([0.8, -0.6])),
    Row("B28: the last digits", embedded(SHORT), embedded([0.6000001, 0.8])),
    Row("the golden's widths vary", embedded(SHORT, LONG), embedded(LONG, LONG)),
    Row(
        "S21: integers that no float holds are as many as before",
        embedded(SHORT),
        embedded([10**400, 1]),
        also=("risky vector-type data[0].embedding",),
    ),
    Row(
        "EM03, benign twin: a text that is no base64 has no width",
        embedded(b64(0.6, 0.8)),
        embedded("0.6, 0.8"),
        also=("breaking vector-type data[0].embedding",),
    ),
)
