"""tool-arguments-invalid: texts that no client parses as an object."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, Row, call, completion, plain


def called(arguments: object, finish: str = "tool_calls") -> Exchange:
    return plain(completion({"content": None, "tool_calls": [call(arguments)]}, finish), ASK_TOOL)


GOOD = called('{"city": "Paris"}')
FIRES = ("breaking choices[0].message.tool_calls[0].function.arguments",)

CASES = (
    Row("TL02: the arguments of two calls in one", GOOD, called('{"city": "Paris"}{"city": "Rome"}'), FIRES),
    Row("T07: a cut call that ends as if it were complete", GOOD, called('{"city": "Par'), FIRES),
    Row("encoded twice", GOOD, called('"{\\"city\\": \\"Paris\\"}"'), FIRES),
    Row("SD07: quotes turned into Python's", GOOD, called("{'city': 'Paris'}"), FIRES),
    Row("NaN, which only Python reads", GOOD, called('{"city": NaN}'), FIRES),
    Row("a list instead of an object", GOOD, called('["Paris"]'), FIRES),
    Row("B10: key order and whitespace", GOOD, called('{"city" :\n "Paris"}')),
    Row(
        "cut by the limit, with finish_reason length",
        GOOD,
        called('{"city": "Par', "length"),
        also=("risky length-without-limit choices[0].finish_reason",),
    ),
    Row("the golden has the same", called('{"city": "Par'), called('{"city": "Lon')),
)
