"""tool-text-dropped: calls without the text beside them."""

from __future__ import annotations

from gate.model import Exchange
from tests.rules_table import ASK_TOOL, Row, call, completion, plain

AUTO = {**ASK_TOOL, "tool_choice": "auto"}


def called(text: str | None = "Let me check.") -> Exchange:
    return plain(completion({"content": text, "tool_calls": [call()]}, "tool_calls"), AUTO)


FIRES = ("risky choices[0].message.content",)

CASES = (
    Row(
        "TL21: the golden always explains itself, the candidate never (vllm-project/vllm 56263)",
        [called(), called()],
        [called(None), called(None)],
        FIRES,
    ),
    Row("B26: one sample may be chance", called(), called(None)),
    Row("TL21, benign twin: no preamble this time", [called(), called(None)], [called(None), called(None)]),
    Row("B26: text where the golden has none", called(None), called()),
    Row("B26: one call of the candidate still comes with text", [called(), called()], [called(None), called("Hm.")]),
    Row("B26: one golden sample may be chance", called(), [called(None), called(None)]),
    Row("B26: one candidate sample may be", [called(), called()], called(None)),
    Row("TL21: two of each are no chance", [called(), called()], [called(None), called(None)], FIRES),
)
