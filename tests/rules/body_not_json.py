"""body-not-json: successes without JSON."""

from __future__ import annotations

import gzip
import json

from tests.rules_table import Row, completion, plain

PACKED = gzip.compress(gzip.compress(json.dumps(completion()).encode(), mtime=0), mtime=0)

CASES = (
    Row(
        "OpenRouter, 2025-08-09: POST /responses answered 200 with its web page",
        plain(completion()),
        plain(b"<!DOCTYPE html><html></html>", headers={"content-type": "text/html"}),
        ("breaking body",),
    ),
    Row("an empty 200", plain(completion()), plain(b""), ("breaking body",)),
    Row(
        "half a JSON, cleanly ended",
        plain(completion()),
        plain(b'{"id": "chatcmpl-1", "choices": ['),
        ("breaking body",),
    ),
    Row(
        "plain text",
        plain(completion()),
        plain(b"Too many requests", headers={"content-type": "text/plain"}),
        ("breaking body",),
    ),
    Row(
        "brotli that was not asked for, beyond what the gate can read",
        plain(completion()),
        plain(b"\x0b\x02\x80{}\x03", headers={"content-encoding": "br"}),
        ("risky body",),
    ),
    Row(
        "T32, benign twin: pretty-printed JSON", plain(completion()), plain(json.dumps(completion(), indent=2).encode())
    ),
    Row(
        "the golden is text too",
        plain(b"WEBVTT", url="/v1/audio/transcriptions"),
        plain(b"WEBVTT\n\n", url="/v1/audio/transcriptions"),
    ),
    Row(
        "like T24: compressed by two hops, and labelled once",
        plain(completion()),
        plain(PACKED, headers={"content-encoding": "gzip"}),
        ("breaking body",),
    ),
    Row(
        "like T20: an HTML page that a proxy compressed on its way",
        plain(completion()),
        plain(gzip.compress(b"<!DOCTYPE html><html></html>", mtime=0), headers={"content-encoding": "gzip"}),
        ("breaking body",),
    ),
    Row(
        "gzip that ends in the middle, under a length that fits",
        plain(completion()),
        plain(gzip.compress(json.dumps(completion()).encode(), mtime=0)[:-60], headers={"content-encoding": "gzip"}),
        ("breaking body",),
    ),
    Row(
        "JSON of 900 levels: valid, and beyond what System.Text.Json and serde_json read",
        plain(completion()),
        plain(b'{"id": "chatcmpl-1", "choices": ' + b"[" * 900 + b"]" * 900 + b"}"),
        ("breaking body",),
    ),
    Row(
        "JSON with an integer of 5,000 digits: valid, and beyond what Jackson and CPython read",
        plain(completion()),
        plain(b'{"id": "chatcmpl-1", "choices": [], "created": ' + b"9" * 5000 + b"}"),
        ("breaking body",),
    ),
)
