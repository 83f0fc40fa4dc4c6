"""Bodies under a Content-Encoding: what is a text, and what may hide one."""

from __future__ import annotations

import gzip

import pytest

from gate.redact.packed import unpacked

LATIN = "ein Schlüssel für früher".encode("latin-1")


@pytest.mark.parametrize(
    ("body", "labels", "readable"),
    [
        (b'{"a": 1}', ["br"], True),  # a false label: the bytes are the text
        (LATIN, ["br"], False),  # printable, but no UTF-8: it may as well be packed
        (b"\0\1\2", ["br"], False),
        (gzip.compress(b'{"a": 1}', mtime=0), [], True),
        (gzip.compress(b'{"a": 1}', mtime=0)[:-12], ["gzip"], True),  # a cut answer: clients read what came
        (gzip.compress(b'{"a": 1}', mtime=0)[:10] + b"\xff" * 8, ["gzip"], False),  # nothing unpacks that
        (b"\xff\xfe{\0", [], False),  # UTF-16
    ],
)
def test_what_can_be_read(body: bytes, labels: list[str], readable: bool) -> None:
    assert unpacked(body, labels).readable is readable


def test_what_never_ends_is_not_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    body = gzip.compress(b'{"a": 1}', mtime=0)
    assert unpacked(body, ["gzip"]).readable
    monkeypatch.setattr("gate.redact.packed.MAX_DECODED", 3)
    assert not unpacked(body, ["gzip"]).readable
