"""json-fenced: Markdown around the JSON."""

from __future__ import annotations

from tests.rules.json_schema_violated import GOOD, said
from tests.rules_table import Row

FIRES = ("breaking choices[0].message.content",)

CASES = (
    Row("SO01: a fence around the JSON (mealie-recipes/mealie 8133)", said(GOOD), said(f"```json\n{GOOD}\n```"), FIRES),
    Row("SO01: words and a fence", said(GOOD), said(f"Here is the JSON:\n```\n{GOOD}\n```\nEnjoy!"), FIRES),
    Row(
        "SO01, benign twin: whitespace and pretty-printing",
        said(GOOD),
        said('\n{\n  "verdict": "ok",\n  "score": 1\n}\n'),
    ),
    Row("a fence inside a value", said(GOOD), said('{"verdict": "```json```", "score": 1}')),
    Row("the golden is fenced too", said(f"```json\n{GOOD}\n```"), said(f"```json\n{GOOD}```")),
)
