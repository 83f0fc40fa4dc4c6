"""request-encoding-asked: the upstream is asked for another encoding."""

from __future__ import annotations

from tests.rules._gateway import call, carried, golden, through
from tests.rules_table import Row

PLAIN, PACKED = {"accept-encoding": "identity"}, {"accept-encoding": "gzip, deflate"}

CASES = (
    carried("RQ16: the gateway's HTTP client asks for gzip", PLAIN, PACKED, "info headers.accept-encoding"),
    carried("RQ16, benign twin: identity", PLAIN, PLAIN),
    carried("no word is identity", PLAIN, {}),
    Row("the old gateway did the same", through(call(headers=PACKED)), through(call(headers=PACKED))),
    Row("nothing reached the upstream", golden(), through(headers=PACKED), also=("breaking request-not-sent request",)),
)
