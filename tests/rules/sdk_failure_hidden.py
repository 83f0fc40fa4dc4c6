"""sdk-failure-hidden: an exception became an answer."""

from __future__ import annotations

from tests.rules_table import Row, raises, seen

CUT = raises("httpx.RemoteProtocolError", call="stream")

CASES = (
    Row("a cut stream ends like a whole one (openai/openai-python#3811)", CUT, seen("stream"), ("breaking error",)),
    Row("it raises in both", CUT, CUT),
    Row("it returned before", seen("stream"), seen("stream")),
    Row("it waits now", CUT, seen("stream", outcome="waiting"), (), ("breaking sdk-hangs end",)),
)
