"""request-query-lost: the query does not reach the upstream."""

from __future__ import annotations

from tests.rules._gateway import call, golden, through
from tests.rules_table import CHAT, Row

VERSION = f"{CHAT}?api-version=2024-10-21"
LOST = through(call(), url=VERSION)

CASES = (
    Row(
        "RQ12: api-version is dropped (BerriAI/litellm 15087)", golden(url=VERSION), LOST, ("risky query.api-version",)
    ),
    Row(
        "RQ12: a version of the gateway's own (BerriAI/litellm 2383)",
        golden(url=VERSION),
        through(call(url=f"{CHAT}?api-version=x"), url=VERSION),
        ("risky query.api-version",),
    ),
    Row("RQ12, benign twin: it arrives", golden(url=VERSION), through(call(url=VERSION), url=VERSION)),
    Row("a key in the query is a credential", golden(), through(call(), url=f"{CHAT}?api_key=x")),
    Row("the old gateway dropped it too", LOST, LOST),
    Row("nothing reached the upstream", golden(), through(url=VERSION), also=("breaking request-not-sent request",)),
)
