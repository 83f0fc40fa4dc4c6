"""answer-rewritten: the gateway changes the content of an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate.model import Ending, Exchange
from tests.rules._gateway import call, through
from tests.rules_table import (
    ASK_TOOL,
    EMBED,
    HELLO,
    Row,
    called,
    chunk,
    completion,
    embedded,
    plain,
    refusal,
    stream,
)
from tests.rules_table import call as tool


def answers(upstream: Exchange, client: Exchange, body: Any = None, url: str = "/v1/chat/completions") -> Exchange:
    """A request that the upstream answers so, and the gateway so."""
    asked = body or {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    return through(call(asked, url=url, answer=upstream), body=asked, url=url, answer=client)


def said(text: str, **more: Any) -> Exchange:
    return plain(completion({"content": text, **more}))


HI, MASKED = said("Call 555 0100."), said("Call [PHONE].")
WEATHER = called(tool())
VECTOR = {"model": "m", "input": "a text"}
TWO = plain(completion(choices=[*completion()["choices"], {**completion()["choices"][0], "index": 1}]))

CASES = (
    Row("RQ22: a guardrail masks numbers", HI, answers(HI, MASKED), ("breaking choices[0].message.text",)),
    Row(
        "RQ22: arguments of a call",
        WEATHER,
        answers(WEATHER, called(tool('{"city": "Rome"}')), ASK_TOOL),
        ("breaking choices[0].message.tool_calls",),
    ),
    Row(
        "RQ22: a refusal",
        said("", refusal="No."),
        answers(said("", refusal="No."), said("", refusal="Sorry.")),
        ("breaking choices[0].message.refusal",),
    ),
    Row("RQ22: one of two choices", TWO, answers(TWO, plain(completion())), ("breaking choices",)),
    Row(
        "RQ22: vectors",
        embedded([1.0, 0.0]),
        answers(embedded([1.0, 0.0]), embedded([0.0, 1.0]), VECTOR, EMBED),
        ("breaking data[].embedding",),
    ),
    Row(
        "RQ22, benign twin: the same answer, streamed otherwise",
        stream(*HELLO),
        answers(stream(*HELLO), stream(HELLO[0], chunk({"content": "Hello."}), HELLO[-1])),
    ),
    Row(
        "RQ22, benign twin: arguments with other white space",
        WEATHER,
        answers(WEATHER, called(tool('{"city":"Paris"}')), ASK_TOOL),
    ),
    Row(
        "arguments that are no JSON on both sides",
        called(tool('{"a')),
        answers(called(tool('{"a')), called(tool('{"a')), ASK_TOOL),
    ),
    Row(
        "arguments that are no text on both sides",
        called(tool({"a": 1})),
        answers(called(tool({"a": 1})), called(tool({"a": 1})), ASK_TOOL),
    ),
    Row("a failure has no content", refusal(500), answers(refusal(500), refusal(500))),
    Row(
        "a stream that was cut is another rule's",
        replace(HI, ending=Ending.CUT),
        answers(replace(HI, ending=Ending.CUT), replace(HI, ending=Ending.CUT)),
    ),
    Row("the old gateway masks too", answers(HI, MASKED), answers(HI, MASKED)),
    Row(
        "another operation was asked",
        HI,
        through(call(VECTOR, url=EMBED), answer=HI),
        also=("risky request-endpoint-changed path",),
    ),
    Row(
        "a lost call is another rule's",
        called(tool(), tool(id="call_2")),
        answers(called(tool(), tool(id="call_2")), called(tool()), ASK_TOOL),
        also=(),
    ),
    Row("nothing reached the upstream", HI, through(answer=HI), also=("breaking request-not-sent request",)),
)
