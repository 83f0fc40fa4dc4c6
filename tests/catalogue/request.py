"""Area request: what gateways do with a request before it reaches the upstream, and how often they ask."""

from __future__ import annotations

from typing import Any

from gate.model import Ending, Exchange
from tests.catalogue import Case, breaking, risky, tolerable, twin
from tests.rules import (
    answer_rewritten,
    cancel_not_passed,
    request_queued,
    retry_after_ignored,
    stream_delayed,
    upstream_abandoned,
    usage_rewritten,
)
from tests.rules._gateway import call, golden, sent, through
from tests.rules_table import ASK, CHAT, TOOL, refusal

TRACE = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
KEY = {"authorization": "Bearer sk-gate-0000"}
VERSION = f"{CHAT}?api-version=2024-10-21"
BUSY = refusal(429, "rate_limit_error")
SYSTEM, USER = {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}
HI, LEFT = answer_rewritten.HI, Ending.CANCELLED
TIMES = (3.0, 900.0, 2800.0)


def passed(before: dict[str, Any], after: dict[str, Any]) -> tuple[Exchange, Exchange]:
    """The golden and a gateway that made one body of the other."""
    return golden(before), through(call(after), body=before)


def carried(before: dict[str, str], after: dict[str, str]) -> tuple[Exchange, Exchange]:
    """The golden and a gateway that made one set of headers of the other."""
    return golden(), through(call(headers=after), headers=before)


def said(role: str) -> dict[str, Any]:
    return sent(messages=[{"role": role, "content": "Be brief."}])


CASES: tuple[Case, ...] = (
    risky("RQ01", "metadata never arrives", *passed(sent(metadata={"a": "b"}), dict(ASK))),
    twin("RQ01", "it arrives", *passed(sent(metadata={"a": "b"}), sent(metadata={"a": "b"}))),
    risky("RQ02", "the limit under its newer name", *passed(sent(max_tokens=9), sent(max_completion_tokens=9))),
    twin("RQ02", "the name stays", *passed(sent(max_tokens=9), sent(max_tokens=9))),
    risky("RQ03", "a sampler of an engine is added", *passed(dict(ASK), sent(top_k=-1))),
    twin("RQ03", "a default is added", *passed(dict(ASK), sent(n=1))),
    risky("RQ04", "a temperature is clamped", *passed(sent(temperature=1.9), sent(temperature=1))),
    twin("RQ04", "the same number otherwise written", *passed(sent(temperature=1), sent(temperature=1.0))),
    tolerable("RQ05", "keys in another order", *passed(dict(ASK), dict(reversed(list(ASK.items()))))),
    twin("RQ05", "the same order", *passed(dict(ASK), dict(ASK))),
    risky("RQ06", "a fallback", *passed(sent(model="big"), sent(model="small"))),
    twin("RQ06", "a provider's prefix", *passed(sent(model="openai/big"), sent(model="big"))),
    breaking("RQ07", "the history is trimmed", *passed(sent(messages=[SYSTEM, USER]), sent(messages=[USER]))),
    twin("RQ07", "the same messages", *passed(sent(messages=[SYSTEM, USER]), sent(messages=[SYSTEM, USER]))),
    risky("RQ08", "system for developer", *passed(said("developer"), said("system"))),
    twin("RQ08", "the role stays", *passed(said("developer"), said("developer"))),
    breaking("RQ09", "a tool is lost", *passed(sent(tools=[TOOL]), sent(tools=[]))),
    twin("RQ09", "the same tools", *passed(sent(tools=[TOOL]), sent(tools=[TOOL]))),
    risky("RQ10", "usage is asked for", *passed(dict(ASK), sent(stream_options={"include_usage": True}))),
    twin("RQ10", "false is added", *passed(dict(ASK), sent(stream=False))),
    risky("RQ11", "a bridge", golden(), through(call(url="/v1/responses"))),
    twin("RQ11", "another prefix", golden(), through(call(url="/openai/v1/chat/completions"))),
    risky("RQ12", "the version is lost", golden(url=VERSION), through(call(), url=VERSION)),
    twin("RQ12", "it arrives", golden(url=VERSION), through(call(url=VERSION), url=VERSION)),
    risky("RQ13", "a trace ends", *carried(TRACE, {})),
    twin("RQ13", "it goes on", *carried(TRACE, TRACE)),
    tolerable("RQ14", "an address is added", *carried({}, {"x-forwarded-for": "10.0.0.7"})),
    twin("RQ14", "what belongs to the connection", *carried({}, {"via": "1.1 a"})),
    breaking("RQ15", "Bearer undefined", *carried(KEY, {"authorization": "Bearer undefined"})),
    twin("RQ15", "a key of the gateway's own", *carried(KEY, {"authorization": "Bearer ********"})),
    tolerable("RQ16", "gzip is asked for", *carried({}, {"accept-encoding": "gzip"})),
    twin("RQ16", "identity is", *carried({}, {"accept-encoding": "identity"})),
    breaking("RQ17", "the gateway refuses on its own", golden(), through(answer=refusal(400))),
    twin("RQ17", "the upstream refuses too", refusal(400), through(answer=refusal(400))),
    breaking("RQ18", "a call that nobody recorded", golden(), through(call(), call(detail="unmatched no recording"))),
    twin("RQ18", "one that was", golden(), through(call())),
    risky("RQ19", "three requests", BUSY, through(*(call(at_ms=at, answer=BUSY) for at in TIMES), answer=BUSY)),
    twin("RQ19", "one request", BUSY, through(call(answer=BUSY), answer=BUSY)),
    risky("RQ20", "to its end", cancel_not_passed.DIRECT, cancel_not_passed.NEVER),
    twin("RQ20", "at once", cancel_not_passed.DIRECT, cancel_not_passed.left(cancel_not_passed.went(LEFT, 120.0))),
    risky("RQ21", "at once", retry_after_ignored.ONCE, retry_after_ignored.HASTY),
    twin("RQ21", "not at all", retry_after_ignored.ONCE, retry_after_ignored.ONCE),
    breaking("RQ22", "a number is masked", HI, answer_rewritten.answers(HI, answer_rewritten.MASKED)),
    twin("RQ22", "the same text", HI, answer_rewritten.answers(HI, HI)),
    risky("RQ23", "other counts", golden(), usage_rewritten.counted(usage_rewritten.MORE)),
    twin("RQ23", "the same counts", golden(), usage_rewritten.counted(golden())),
    breaking("RQ24", "30 s of silence", upstream_abandoned.WHOLE, upstream_abandoned.given_up(upstream_abandoned.CUT)),
    twin("RQ24", "the whole answer", upstream_abandoned.WHOLE, upstream_abandoned.PASSED),
    risky("RQ25", "a pool of two", golden(), request_queued.NARROW),
    twin("RQ25", "all at once", golden(), request_queued.FREE),
    risky("RQ26", "seconds later", stream_delayed.DIRECT, stream_delayed.SLOW),
    twin("RQ26", "milliseconds later", stream_delayed.DIRECT, stream_delayed.PROMPT),
)
