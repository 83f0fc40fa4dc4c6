"""stream-delayed: a gateway sends the parts of a stream on seconds later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gate.model import Exchange
from tests.rules._gateway import call, sent, through
from tests.rules.stream_buffered import TOKENS, arriving
from tests.rules_table import HELLO, ROLE, Row, chunk, stream

STREAM = sent(stream=True)
SENT = [300 + 100 * n for n in range(20)]


def late(times: Sequence[float], before: Sequence[float] = SENT) -> Exchange:
    """Tokens at these times to the client, and at those from the upstream."""
    return through(call(STREAM, answer=arriving(before)), body=STREAM, answer=arriving(times))


BLOCKS = [2300 + 2000 * (n // 10) for n in range(20)]
BARE = stream(*HELLO)
NOT_SENT = ("breaking request-not-sent request", "risky first-token-slower timing.first_token")
SHORT = stream(ROLE, *TOKENS[:2], chunk({}, "stop"), at=(300, 400, 500, 600))

DIRECT = arriving(SENT)


def by(ms: float) -> Exchange:
    """Every part so many ms late."""
    return late([at + ms for at in SENT])


def falling_back(parts: int) -> Exchange:
    """The last so many parts are two seconds late."""
    return late([*SENT[:-parts], *(at + 2000 for at in SENT[-parts:])])


SLOW, PROMPT = by(2500), by(8)

CASES = (
    Row(
        "RQ26: blocks of seconds (BerriAI/litellm 1148)",
        DIRECT,
        SLOW,
        ("risky timing.gaps",),
        also=("risky first-token-slower timing.first_token",),
    ),
    Row("RQ26: it falls behind", DIRECT, late([300 + 250 * n for n in range(20)]), ("risky timing.gaps",)),
    Row("RQ26, benign twin: a few milliseconds", DIRECT, PROMPT),
    Row("one slow read", DIRECT, late([*SENT[:-3], 3500, 3500, 3500])),
    Row("the client's clock starts a little later", DIRECT, late([at + 1 for at in SENT])),
    Row(
        "other events on both sides",
        DIRECT,
        through(call(STREAM, answer=SHORT), body=STREAM, answer=arriving(SENT)),
        also=("breaking answer-rewritten choices[0].message.text",),
    ),
    Row("without times", BARE, through(call(STREAM, answer=BARE), body=STREAM, answer=BARE)),
    Row("nothing was asked", DIRECT, replace(SLOW, upstream=()), also=NOT_SENT),
    Row("a recording without a gateway", DIRECT, DIRECT),
    Row("the old gateway was as late", SLOW, SLOW),
    Row("just more than half of the parts", DIRECT, falling_back(11), ("risky timing.gaps",)),
    Row("just half of them", DIRECT, falling_back(10)),
    Row("just twice as late as the old gateway", by(600), by(1250), ("risky timing.gaps",)),
    Row("not twice as late", by(600), by(1150)),
)
