"""request-not-sent: nothing of a request reaches the upstream."""

from __future__ import annotations

from tests.rules._gateway import call, golden, through
from tests.rules_table import Row, refusal

BAD = refusal(400)

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
    Row("the old gateway did the same", through(answer=BAD), through(answer=BAD)),
)
