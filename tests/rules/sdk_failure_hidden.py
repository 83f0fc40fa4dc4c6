"""sdk-failure-hidden: an exception became an answer."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange
from tests.rules_table import Row, raises, seen


def cut(exchange: Exchange) -> Exchange:
    """The same with a fault, as `gate sdk` names it."""
    return replace(exchange, scenario="chat-stream!cut-after-3")


CUT = cut(raises("httpx.RemoteProtocolError", call="stream"))

CASES = (
    Row(
        "a cut stream ends like a whole one (openai/openai-python#3811)",
        CUT,
        cut(seen("stream")),
        ("breaking error",),
    ),
    Row("it raises in both", CUT, CUT),
    Row("it returned before", cut(seen("stream")), cut(seen("stream"))),
    Row("it waits now", CUT, cut(seen("stream", outcome="waiting")), (), ("breaking sdk-hangs end",)),
    Row(
        "twin: an answer that is whole raised before, as all did in openai-agents 0.17 (openai/openai-agents-python#3772)",
        raises("pydantic_core.ValidationError"),
        seen(),
        ("info error",),
    ),
)
