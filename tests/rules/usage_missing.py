"""usage-missing: nobody says what the answer cost."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import ASK, HELLO, ROLE, USAGE, Row, chunk, completion, plain, stream

ASKED = {**ASK, "stream_options": {"include_usage": True}}
LAST = chunk(choices=[], usage=USAGE)

CASES = (
    Row(
        "US01: include_usage is dropped on the way (BerriAI/litellm 30803)",
        stream(*HELLO, LAST, request=ASKED),
        stream(*HELLO, request=ASKED),
        ("breaking usage",),
    ),
    Row(
        "a plain answer without usage",
        plain(completion()),
        plain({key: value for key, value in completion().items() if key != "usage"}),
        ("breaking usage",),
    ),
    Row("usage is null", plain(completion()), plain(completion(usage=None)), ("breaking usage",)),
    Row(
        "RS06: a completed response without usage (openai-php/client 727)",
        r.told(r.events()),
        r.told(r.events(usage=None)),
        ("breaking usage",),
    ),
    Row("US01, benign twin: nobody asked for it", stream(*HELLO), stream(*HELLO)),
    Row(
        "a stream that broke off has no usage either; that is one cause",
        stream(*HELLO, LAST, request=ASKED),
        stream(ROLE, done=False, request=ASKED),
        also=("breaking stream-unfinished events.finish",),
    ),
    Row(
        "US02, benign twin: usage: null before the end",
        stream(*HELLO, LAST, request=ASKED),
        stream(*({**c, "usage": None} for c in HELLO), LAST, request=ASKED),
    ),
)
