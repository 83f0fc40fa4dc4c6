"""Any JSON and any bytes go through the scrubber unharmed, in bounded time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.canaries import CANARIES, SCRUBBER, answer, exchange
from tests.planted import PLANTED

SECRETS = [*CANARIES.values(), *(text for text, _ in PLANTED.values())]

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(SECRETS),
    st.builds(lambda a, c, b: a + " " + c + " " + b, st.text(max_size=5), st.sampled_from(SECRETS), st.text(max_size=5)),
)  # fmt: skip
DOCUMENTS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(["id", "content", "arguments", "index", "token"]), TEXTS), inner, max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=DOCUMENTS, ascii_only=st.booleans(), nested=st.booleans(), stream=st.booleans())
def test_any_json_keeps_bytes_and_structure(document: Any, ascii_only: bool, nested: bool, stream: bool) -> None:
    source = json.dumps(document, ensure_ascii=ascii_only)
    if nested:
        source = json.dumps({"arguments": source}, ensure_ascii=ascii_only)
    body = source.encode("utf-8", "replace")
    if stream:
        body = b"data: " + body + b"\n\ndata: " + body + b"\n\n"
    clean = SCRUBBER.scrub(exchange(response=body))
    after = answer(clean)
    assert len(after) == len(body)
    assert SCRUBBER.scrub(clean) == clean
    assert SCRUBBER.remains(clean) == []
    for old, new in zip(body.split(b"\n"), after.split(b"\n"), strict=True):
        if old:
            assert types(json.loads(old.removeprefix(b"data: "))) == types(json.loads(new.removeprefix(b"data: ")))


def types(value: Any) -> Any:
    """Keys by length only, as they may be masked; objects whose keys get equal masks by their types alone."""
    if isinstance(value, dict):
        return (
            "object"
            if any(" " in k or "@" in k or len(k) > 8 for k in value)
            else [(k, types(v)) for k, v in value.items()]
        )
    if isinstance(value, list):
        return [types(v) for v in value]
    return value if not isinstance(value, str) else "string" if value else "empty"


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=200))
def test_any_bytes_keep_their_length(body: bytes) -> None:
    clean = SCRUBBER.scrub(exchange(body, body))
    assert len(answer(clean)) == len(body)
    assert SCRUBBER.scrub(clean) == clean


@pytest.mark.untraced
@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 5_000, b'"' * 50_000, b"\\" * 50_000, b'{"a":' + b"9" * 5_000 + b"}", b"eyJ" * 100_000,
     b"-----BEGIN PRIVATE KEY-----" * 20_000, b"@a." * 100_000, b"+1" + b" 1" * 100_000, b"aws " * 50_000,
     b'{"c":"' + b"sk-" * 100_000 + b'"}', b"data: " * 50_000, b"\n" * 300_000, b"A" * 500_000],
)  # fmt: skip
def test_hostile_bodies_end_and_keep_their_length(body: bytes) -> None:
    clean = SCRUBBER.scrub(exchange(response=body))  # what grows with the square of these would not come back
    assert len(answer(clean)) == len(body)
