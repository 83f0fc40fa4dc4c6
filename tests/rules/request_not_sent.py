"""request-not-sent: nothing of a request reaches the upstream."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending
from tests.rules._gateway import call, golden, through
from tests.rules_table import HELLO, Row, refusal, stream

BAD = refusal(400)
LEFT = replace(stream(HELLO[0], done=False), ending=Ending.CANCELLED)

CASES = (
    Row(
        "RQ17: stricter than the API (tashfeenahmed/freellmapi 165)",
        golden(),
        through(answer=BAD),
        ("breaking request",),
        also=("breaking request-rejected request",),
    ),
    Row("RQ17: answered from a cache", golden(), through(), ("breaking request",)),
    Row("the upstream refuses it as well", BAD, through(answer=BAD), ("info request",)),
    Row("RQ17, benign twin: it is sent", golden(), through(call())),
    Row("RQ17, benign twin: it is sent, and refused", BAD, through(call(answer=BAD), answer=BAD)),
    Row(
        "the client was content with a first chunk that the gateway made up, and left (lm-proxy 3.3.2)",
        LEFT,
        through(answer=LEFT),
    ),
    Row("the old gateway did the same", through(answer=BAD), through(answer=BAD)),
)
