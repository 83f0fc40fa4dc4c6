"""json-not-json: prose and invalid JSON."""

from __future__ import annotations

from tests.rules.json_schema_violated import GOOD, responded, said, streamed
from tests.rules_table import ASK, Row

FIRES = ("breaking choices[0].message.content",)
TEXT = '{"verdict": "N * 2", "score": 1}'

CASES = (
    Row("SO02: response_format is dropped (drumih/turbo-fieldfare 168)", said(GOOD), said("The verdict is ok."), FIRES),
    Row("SO02 in a stream", streamed(GOOD), streamed("The verdict", " is ok."), FIRES),
    Row("SO02 in the Responses API", responded(GOOD), responded("The verdict is ok."), ("breaking output",)),
    Row("SO06: an escape of Markdown (probelabs/probe 441)", said(TEXT), said(TEXT.replace("*", "\\*")), FIRES),
    Row("a number that JSON does not have", said(GOOD), said('{"verdict": "ok", "score": NaN}'), FIRES),
    Row("words after the JSON", said(GOOD), said(f"{GOOD}\nHope this helps!"), FIRES),
    Row("SO06, benign twin: valid escapes", said(TEXT), said(TEXT.replace("*", "\\/ \\u002a"))),
    Row("SO02, benign twin: the request does not ask for JSON", said(GOOD, ASK), said("The verdict is ok.", ASK)),
    Row("the golden answers in prose as well", [said(GOOD), said("Well.")], said("The verdict is ok.")),
    Row("a refusal is an outcome of its own", said(GOOD), said(None, refusal="No.")),
    Row(
        "SO02: one golden sample refuses, which is an outcome of its own",
        [said(GOOD), said(None, refusal="No.")],
        said("The verdict is ok."),
        FIRES,
    ),
    Row("a list that holds a fence", said(GOOD), said('["```json {} ```" 1]'), FIRES),
    Row("an object that does", said(GOOD), said('{"a": "```json {} ```" 1}'), FIRES),
)
