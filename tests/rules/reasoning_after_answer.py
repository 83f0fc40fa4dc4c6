"""reasoning-after-answer: thoughts after the text has begun."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules._responses import function_call, message, response, whole
from tests.rules_table import ASK, ASK_TOOL, ROLE, Row, call, chunk, rewritten, stream


def flow(*parts: str) -> Exchange:
    """Deltas in order; those in brackets are reasoning, `a|b` is reasoning and text in one delta."""
    deltas = []
    for part in parts:
        thought, _, text = part.partition("|")
        deltas.append({"reasoning_content": thought, "content": text} if text else _one(part))
    return stream(ROLE, *map(chunk, deltas), chunk({}, "stop"))


def _one(part: str) -> dict[str, str]:
    return {"reasoning_content": part[1:-1]} if part.startswith("(") else {"content": part}


def choices(*flows: Exchange) -> Exchange:
    """Each flow as a choice, one after the other."""
    bodies = [flow.response.body.replace(b"data: [DONE]\n\n", b"") for flow in flows if flow.response]
    told = [body.replace(b'"index": 0', b'"index": %d' % place) for place, body in enumerate(bodies)]
    return stream(*told, request={**ASK, "n": len(flows)})


def rekeyed(exchange: Exchange) -> Exchange:
    """The reasoning under GitHub Copilot's key."""
    return rewritten(exchange, b"reasoning_content", b"reasoning_text")


def call_in(*order: int) -> Exchange:
    """The two fragments of a call (0, 1) and a thought (2), in an order."""
    parts = ({"index": 0, **call('{"city": ')}, {"index": 0, "function": {"arguments": '"Paris"}'}})
    deltas: list[dict[str, Any]] = [*({"tool_calls": [part]} for part in parts), {"reasoning_content": "(I think)"}]
    return stream(ROLE, *(chunk(deltas[place]) for place in order), chunk({}, "tool_calls"), request=ASK_TOOL)


def item(*items: dict[str, Any], **top: Any) -> Exchange:
    return whole(response(*items, **top))


THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Hm."}]}
CUT = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
CALLED = call_in(2, 0, 1)
USUAL = flow("(I)", "(think)", "It", " is.")

CASES = (
    Row("all of it at the end", USUAL, flow("It", " is.", "(I)", "(think)"), ("risky choices[0].delta",)),
    Row("in turns", USUAL, flow("(I)", "It", "(think)", " is."), ("risky choices[0].delta",)),
    Row("a blank line first", USUAL, flow("\n\n", "(I)", "It is.")),
    Row(
        "text that is mirrored is reasoning-repeats-answer's",
        USUAL,
        flow("It|It", " is.| is."),
        (),
        ("risky reasoning-repeats-answer choices[0].message.reasoning_content",),
    ),
    Row("the golden alternates too", flow("(I)", "It", "(think)", " is."), flow("It", "(I)", " is.")),
    Row("no reasoning this time (B17)", USUAL, flow("It is.")),
    Row(
        "the second choice alternates",
        choices(USUAL, USUAL),
        choices(USUAL, flow("It", "(I think)", " is.")),
        ("risky choices[1].delta",),
    ),
    Row("benign twin: the choices alternate, each in order", choices(USUAL, USUAL), choices(USUAL, flow("(I)", "It."))),
    Row(
        "under another key of reasoning",
        rekeyed(USUAL),
        rekeyed(flow("It", " is.", "(I)", "(think)")),
        ("risky choices[0].delta",),
    ),
    Row("thoughts between the fragments of a call", CALLED, call_in(0, 2, 1), ("risky choices[0].delta",)),
    Row("thoughts after a call", CALLED, call_in(0, 1, 2), ("risky choices[0].delta",)),
    Row("a response that ends in reasoning", item(THOUGHT, message()), item(message(), THOUGHT), ("risky output[1]",)),
    Row(
        "benign twin: a model thinks again before its second item",
        item(THOUGHT, message()),
        item(THOUGHT, message(), THOUGHT, function_call()),
        also=("risky tool-call-unasked output[3].name",),
    ),
    Row(
        "benign twin: a response that is cut in its second thought",
        item(THOUGHT, message(), **CUT),
        item(THOUGHT, message(), THOUGHT, **CUT),
    ),
)
