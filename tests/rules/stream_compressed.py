"""stream-compressed: gzip on an event stream."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

from gate.model import Exchange, Response
from tests.rules_table import HELLO, Row, completion, plain, stream


def gzipped(exchange: Exchange) -> Exchange:
    assert exchange.response is not None
    headers = (*exchange.response.headers, ("content-encoding", "gzip"))
    return replace(
        exchange,
        response=Response(exchange.response.status, "", headers, gzip.compress(exchange.response.body, mtime=0)),
    )


CASES = (
    Row(
        "T25: gzip on SSE, Premature close in node-fetch 2 (lobehub/lobehub 16090)",
        stream(*HELLO, total_ms=80.0),
        gzipped(stream(*HELLO, total_ms=80.0)),
        ("risky headers.content-encoding",),
    ),
    Row(
        "T25, benign twin: gzip on a plain body",
        plain(completion(), total_ms=80.0),
        plain(
            gzip.compress(json.dumps(completion()).encode(), mtime=0),
            headers={"content-encoding": "gzip"},
            total_ms=80.0,
        ),
    ),
    Row("the golden compresses too", gzipped(stream(*HELLO)), gzipped(stream(*HELLO))),
    Row(
        "a decompressing recorder's header",
        stream(*HELLO, total_ms=80.0),
        stream(*HELLO, headers={"content-encoding": "gzip"}),
    ),
    Row(
        "T25: of a failure its status is told",
        stream(*HELLO, total_ms=80.0),
        gzipped(stream(*HELLO, status=500, total_ms=80.0)),
        also=("breaking success-lost status",),
    ),
    Row(
        "T25, benign twin: it says that it is not compressed",
        stream(*HELLO, total_ms=80.0),
        stream(*HELLO, headers={"content-encoding": "identity"}, total_ms=80.0),
    ),
)
