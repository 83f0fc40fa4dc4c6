"""cut-hidden: a cut upstream becomes a clean end."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending, Exchange
from tests.rules._gateway import call, through
from tests.rules_table import HELLO, Row, completion, plain, stream

BODY = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
HALF = stream(*HELLO[:2], done=False)
CUT = replace(HALF, ending=Ending.CUT)
ERROR = stream(*HELLO[:2], {"error": {"message": "Connection error.", "type": None, "code": "500"}}, done=False)
BYTES = plain(b'{"id": "chatcmpl-1", "choi')


def passed(upstream: Exchange, client: Exchange) -> Exchange:
    return through(call(BODY, answer=upstream), body=BODY, answer=client)


CLEAN = passed(CUT, HALF)

CASES = (
    Row("T07: nginx as it comes, over HTTP/1.0", CUT, CLEAN, ("breaking body",)),
    Row(
        "T07: LiteLLM 1.74 makes up stop and [DONE]",
        CUT,
        passed(CUT, stream(*HELLO[:2], HELLO[-1])),
        ("breaking body",),
    ),
    Row(
        "T07: half a body of JSON with a right length",
        replace(BYTES, ending=Ending.RESET),
        passed(replace(BYTES, ending=Ending.RESET), BYTES),
        ("breaking body",),
    ),
    Row(
        "T07: LiteLLM completes a stream that ended cleanly without its end",
        HALF,
        passed(HALF, stream(*HELLO[:2], HELLO[-1])),
        ("breaking body",),
    ),
    Row("T07, benign twin: such a stream is passed on", HALF, passed(HALF, HALF)),
    Row("T07, benign twin: the connection breaks off", CUT, passed(CUT, CUT)),
    Row("T07, benign twin: an error event", CUT, passed(CUT, ERROR), also=("breaking stream-error error",)),
    Row(
        "T07, benign twin: cut after the stream's own end",
        stream(*HELLO),
        passed(replace(stream(*HELLO), ending=Ending.CUT), stream(*HELLO)),
    ),
    Row("whole", plain(completion()), through(call())),
    Row("the old gateway did the same", CLEAN, CLEAN),
)
