"""sdk-first-token-later: the same bytes at the same times, handed on later."""

from __future__ import annotations

from tests.rules_table import Row, raises, seen

AT_ONCE = seen("stream", first_ms=40.0)

CASES = (
    Row(
        "a wrapper collects the stream, which pauses for 1.5 s after its first token",
        AT_ONCE,
        seen("stream", first_ms=1540.0),
        ("risky stream.first_token",),
    ),
    Row("a second more", AT_ONCE, seen("stream", first_ms=1040.0), ("risky stream.first_token",)),
    Row("a busy machine", AT_ONCE, seen("stream", first_ms=1039.0)),
    Row(
        "three times as late",
        seen("stream", first_ms=500.0),
        seen("stream", first_ms=1500.0),
        ("risky stream.first_token",),
    ),
    Row("not three times as late", seen("stream", first_ms=600.0), seen("stream", first_ms=1799.0)),
    Row("a retry, whose pause has a random part", seen("stream", first_ms=1010.0), seen("stream", first_ms=2050.0)),
    Row("a retry on a busy machine", seen("stream", first_ms=900.0), seen("stream", first_ms=3400.0)),
    Row("just before", seen("stream", first_ms=899.0), seen("stream", first_ms=3400.0), ("risky stream.first_token",)),
    Row("earlier", seen("stream", first_ms=1540.0), AT_ONCE),
    Row("no token came", AT_ONCE, seen("stream")),
    Row("none came before", seen("stream"), AT_ONCE),
    Row(
        "a way of several",
        seen("stream", "async", first_ms=40.0),
        seen("stream", first_ms=40.0, more=seen("async", first_ms=1540.0)),
        ("risky async.stream.first_token",),
    ),
    Row("an exception has no token", raises("Oops"), raises("Oops")),
)
