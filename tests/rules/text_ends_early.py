"""text-ends-early: the beginning of the golden's text, sealed as if it were all of it."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import ASK, ASK_TOOL, ROLE, Row, called, chunk, completion, plain, stream
from tests.rules_table import call as tool_call

WHOLE = "Paris is the capital of France. It lies on the Seine."
CUT = "Paris is the capi"
AT = ("risky choices[0].message.content",)


def said(text: str, finish: str = "stop", **request: Any) -> Exchange:
    return plain(completion({"content": text}, finish), {**ASK, **request})


def told(*words: str, done: bool = True, finish: str | None = "stop") -> Exchange:
    return stream(ROLE, *(chunk({"content": word}) for word in words), chunk({}, finish), done=done)


def completed(text: str) -> Exchange:
    return r.whole(r.response(r.message(text)))


GOLDEN = [said(WHOLE), said(WHOLE)]
STREAMED = [told(WHOLE), told("Paris is ", WHOLE[9:])]
SCHEMA: dict[str, Any] = {"response_format": {"type": "json_object"}}

CASES = (
    Row("T07: a proxy lost its upstream and made up the end", GOLDEN, said(CUT), AT),
    Row(
        "T07 in a stream: half of the text, then stop and [DONE]",
        STREAMED,
        told("Paris is ", "the capi"),
        AT,
    ),
    Row(
        "T07: a response that is completed in the middle of a word",
        [completed(WHOLE), completed(WHOLE)],
        completed(CUT),
        ("risky output",),
    ),
    Row(
        "T07: one golden sample and its streamed twin say the same",
        said(WHOLE),
        said(CUT),
        AT,
        golden_twin=[told(WHOLE)],
    ),
    Row("cut at a blank", GOLDEN, said("Paris is the "), AT),
    Row("a number is cut", [said("It is 12.45 degrees")] * 2, said("It is 12.4"), AT),
    Row(
        "T07, benign twin: other words that are whole",
        GOLDEN,
        said("Paris is the capital."),
    ),
    Row(
        "T07, benign twin: the finish says that a limit cut it",
        GOLDEN,
        said(CUT, "length"),
        also=("risky length-without-limit choices[0].finish_reason",),
    ),
    Row(
        "after a whole sentence a model may stop by itself: info",
        GOLDEN,
        said("Paris is the capital of France."),
        ("info choices[0].message.content",),
    ),
    Row("without the full stop at the end", GOLDEN, said(WHOLE[:-1])),
    Row("the golden samples differ", [said(WHOLE), said("Paris is the city of light.")], said(CUT)),
    Row("one golden sample alone may say more by chance", said(WHOLE), said(CUT)),
    Row("the golden's twin says something else", said(WHOLE), said(CUT), golden_twin=[told("Paris.")]),
    Row(
        "no text at all is left to answer-empty",
        GOLDEN,
        said(""),
        also=("breaking answer-empty choices[0].message.content",),
    ),
    Row(
        "cut JSON is left to json-truncated",
        [said('{"city": "Paris"}', **SCHEMA)] * 2,
        said('{"city": "Pa', **SCHEMA),
        also=("breaking json-truncated choices[0].message.content",),
    ),
    Row(
        "arguments that are cut and still valid JSON can't be told from another call",
        [called(tool_call('{"city": "Paris"} '), request=ASK_TOOL)] * 2,
        called(tool_call('{"city": "Paris"}'), request=ASK_TOOL),
    ),
    Row("the golden's own limit cut it", [said(WHOLE, "length")] * 2, said(CUT)),
)
