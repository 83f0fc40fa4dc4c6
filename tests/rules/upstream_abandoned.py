"""upstream-abandoned: the gateway gives up on an upstream that its client waits for."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending, Exchange
from tests.rules._gateway import call, sent, through
from tests.rules_table import HELLO, Row, completion, plain, refusal, stream

STREAM = sent(stream=True)
WHOLE = stream(*HELLO)
HALF = replace(stream(*HELLO[:2], done=False), ending=Ending.CANCELLED, total_ms=30_000.0)
CUT = replace(stream(*HELLO[:2], done=False), ending=Ending.CUT)


def given_up(client: Exchange, upstream: Exchange = HALF) -> Exchange:
    return through(call(STREAM, answer=upstream), body=STREAM, answer=client)


PASSED = given_up(WHOLE, WHOLE)
PLAIN = replace(plain(completion(), total_ms=30_000.0), ending=Ending.CANCELLED)
NOTHING = replace(plain(b""), ending=Ending.CANCELLED, total_ms=30_000.0)

CASES = (
    Row(
        "RQ24: 30 s without a chunk (MAXeaglet/commandcode-proxy 19)",
        WHOLE,
        given_up(CUT),
        ("risky request",),
        also=("breaking body-cut body",),
    ),
    Row(
        "RQ24: an answer that does not begin",
        plain(completion()),
        through(call(answer=NOTHING), answer=refusal(504)),
        ("risky request",),
        also=("breaking success-lost status",),
    ),
    Row("RQ24, benign twin: whole", WHOLE, PASSED),
    Row(
        "RQ24, benign twin: it leaves before the last chunk of the transfer",
        WHOLE,
        given_up(WHOLE, replace(WHOLE, ending=Ending.CANCELLED)),
    ),
    Row("all of a plain answer had come", plain(completion()), through(call(answer=PLAIN))),
    Row(
        "the client left first",
        replace(CUT, ending=Ending.CANCELLED),
        given_up(replace(CUT, ending=Ending.CANCELLED, total_ms=29_990.0)),
    ),
    Row("a recording without a gateway", WHOLE, WHOLE),
    Row("the old gateway left as well", given_up(CUT), given_up(CUT)),
)
