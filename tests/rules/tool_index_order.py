"""tool-index-order: a later index first."""

from __future__ import annotations

from tests.rules_table import Row, call, calling

PARIS = {"index": 0, **call()}
BERLIN = {"index": 1, **call('{"city": "Berlin"}'), "id": "call_2"}

CASES = (
    Row(
        "TL02's benign twin: permuted, but each id keeps its own index",
        calling(PARIS, BERLIN),
        calling(BERLIN, PARIS),
        ("risky choices[0].delta.tool_calls[0].index",),
    ),
    Row("in order", calling(PARIS), calling(PARIS, BERLIN)),
    Row("the golden does the same", calling(BERLIN, PARIS), calling(BERLIN, PARIS)),
)
