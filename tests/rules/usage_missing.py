"""usage-missing: the answer does not report its cost."""

from __future__ import annotations

from tests.rules import _responses as r
from tests.rules_table import HELLO, USAGE, Row, completion, plain, stream

CASES = (
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
    Row("no golden has a usage", plain(completion(usage=None)), plain(completion(usage=None))),
    Row("other counts", plain(completion()), plain(completion(usage={**USAGE, "total_tokens": 12}))),
    Row(
        "a stream is left to usage-chunk-missing",
        stream(*HELLO[:3], {**HELLO[3], "usage": USAGE}),
        stream(*HELLO),
        also=("breaking usage-chunk-missing usage",),
    ),
)
