"""request-endpoint-changed: the upstream is asked for another operation."""

from __future__ import annotations

from tests.rules._gateway import call, golden, through
from tests.rules_table import Row

ELSEWHERE = call(url="/v1/responses")

CASES = (
    Row("RQ11: a bridge to another API (BerriAI/litellm 35878)", golden(), through(ELSEWHERE), ("risky path",)),
    Row("RQ11, benign twin: another prefix", golden(), through(call(url="/openai/v1/chat/completions"))),
    Row("nothing reached the upstream", golden(), through(), also=("breaking request-not-sent request",)),
    Row("the old gateway did the same", through(ELSEWHERE), through(ELSEWHERE)),
)
