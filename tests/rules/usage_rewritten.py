"""usage-rewritten: the gateway's counts are not the upstream's."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Ending, Exchange
from tests.rules import _responses as r
from tests.rules._gateway import call, golden, through
from tests.rules_table import USAGE, Row, completion, plain

MORE = plain(completion(usage={"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14}))
PAID = ("risky usage.prompt_tokens", "risky usage.total_tokens")


def counted(client: Exchange, upstream: Exchange | None = None) -> Exchange:
    return through(call(answer=upstream), answer=client)


def responded(**counts: int) -> Exchange:
    return r.whole(r.response(usage={**r.USAGE, **counts}))


CASES = (
    Row("RQ23: the gateway counts with a tokenizer of its own", golden(), counted(MORE), PAID),
    Row("RQ23, benign twin: the upstream's counts", golden(), counted(golden())),
    Row(
        "RQ23, benign twin: the upstream sent none",
        plain(completion(usage=None)),
        counted(plain(completion(usage=None)), plain(completion(usage=None))),
    ),
    Row(
        "a count that is no number",
        plain(completion(usage={**USAGE, "total_tokens": "12"})),
        counted(plain(completion(usage={**USAGE, "total_tokens": "12"}))),
    ),
    Row(
        "an answer that broke off",
        golden(),
        counted(MORE, replace(golden(), ending=Ending.CUT)),
        also=("breaking cut-hidden body",),
    ),
    Row("the old gateway counts so too", counted(MORE), counted(MORE)),
    Row("nothing reached the upstream", golden(), through(), also=("breaking request-not-sent request",)),
    Row(
        "RQ23: the tokens of the answer",
        golden(),
        counted(plain(completion(usage={**USAGE, "completion_tokens": 5, "total_tokens": 14}))),
        ("risky usage.completion_tokens", "risky usage.total_tokens"),
    ),
    Row(
        "RQ23 in the Responses API",
        responded(),
        through(
            call(r.ASK, url=r.URL, answer=responded()),
            body=r.ASK,
            url=r.URL,
            answer=responded(input_tokens=11, output_tokens=4, total_tokens=15),
        ),
        ("risky usage.input_tokens", "risky usage.output_tokens", "risky usage.total_tokens"),
    ),
)
