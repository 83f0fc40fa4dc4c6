"""json-truncated: JSON without its end."""

from __future__ import annotations

from tests.rules.json_schema_violated import GOOD, said, wants
from tests.rules_table import Row

ALSO = ("risky length-without-limit choices[0].finish_reason",)
FIRES = ("breaking choices[0].message.content",)
LIMIT = {**wants(), "max_tokens": 3}

CASES = (
    Row(
        "SO04: truncated with finish_reason length (567-labs/instructor 276)",
        said(GOOD),
        said('{"verdict": "fam', finish="length"),
        FIRES,
        ALSO,
    ),
    Row("SO04: truncated with finish_reason stop", said(GOOD), said('{"verdict": "fam'), FIRES),
    Row("SO04: truncated inside a word", said(GOOD), said('{"verdict": "ok", "score": tru'), FIRES),
    Row(
        "S09: no text at all is left to answer-empty",
        said(GOOD),
        said("", finish="length"),
        (),
        ("breaking answer-empty choices[0].message.content",),
    ),
    Row("SO04, benign twin: longer valid JSON", said(GOOD), said('{"verdict": "ok, and more so", "score": 12}')),
    Row("B25: the golden comes close to the limit", said(GOOD, LIMIT), said('{"verdict": "fam', LIMIT, "length")),
    Row("the golden is truncated too", said('{"verdict": "o', finish="length"), said('{"verdict"', finish="length")),
)
