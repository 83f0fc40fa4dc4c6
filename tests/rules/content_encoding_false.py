"""content-encoding-false: labels of compression over plain bytes."""

from __future__ import annotations

import gzip
import json

from tests.rules_table import Row, completion, plain

BODY = json.dumps(completion()).encode()
FALSE = {"content-encoding": "br", "content-length": "650"}

CASES = (
    Row(
        "T24: the gateway decompresses and forwards the header (agentgateway/agentgateway 3040)",
        plain(BODY, total_ms=80.0),
        plain(BODY, headers=FALSE, total_ms=80.0),
        ("breaking headers.content-encoding",),
    ),
    Row(
        "T24: gzip over plain bytes (tombii/better-ccflare 243)",
        plain(BODY, total_ms=80.0),
        plain(BODY, headers={"content-encoding": "gzip"}, total_ms=80.0),
        ("breaking headers.content-encoding",),
    ),
    Row(
        "T24, benign twin (B40): bytes that are really compressed",
        plain(BODY, total_ms=80.0),
        plain(gzip.compress(BODY, mtime=0), headers={"content-encoding": "gzip"}, total_ms=80.0),
    ),
    Row(
        "T24 in the cassettes of another recorder",
        plain(BODY),
        plain(BODY, headers=FALSE),
        ("breaking headers.content-encoding",),
    ),
    Row(
        "another recorder decompresses and keeps the header",
        plain(BODY, headers={"content-encoding": "gzip"}),
        plain(BODY, headers=FALSE),
    ),
    Row("our golden, and another recorder's candidate", plain(BODY, total_ms=80.0), plain(BODY, headers=FALSE)),
)
