"""Files with too many entries, and what is no file, are clear errors at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from gate.errors import GateError
from gate.store.cassette import load
from gate.store.interaction import MAX_CHUNKS
from tests.test_cli import gate

HEAD = "version: 1\ninteractions:\n"
ENTRY = "- request: {method: GET, uri: 'http://h/v1/models'}\n  response: {status: {code: 200}, body: {string: ''}}\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "- 1\n" * 10_000_000, "more than 8,000,000 values"),
        (HEAD + ENTRY + "  gate: {chunks: [" + "[0, 1]," * 8_000_000 + "]}\n", "more than 8,000,000 values"),
        ('{"version": 1, "interactions": [' + "1," * 10_000_000 + "1]}", "must be a mapping"),
    ],
    ids=["entries", "chunks", "json"],
)
def test_too_many_entries_end_early(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(GateError, match=words):  # the words say where it ended: before the last entry
        load(tmp_path / "c.yaml")


@pytest.mark.untraced
def test_chunks_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(f"{HEAD}{ENTRY}  gate: {{chunks: [{'[0, 1],' * (MAX_CHUNKS + 1)}]}}\n")
    with pytest.raises(GateError, match=f"`gate.chunks` has {MAX_CHUNKS + 1:,} entries"):
        load(tmp_path / "c.yaml")


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFO there")
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.yaml")
    os.mkfifo("report.json")
    Path("golden.yaml").write_text(HEAD + ENTRY)
    for arguments in (
        ("diff", "pipe.yaml", "golden.yaml"),
        ("diff", "golden.yaml", "pipe.yaml"),
        ("diff", "golden.yaml", "/dev/stdin"),
        ("verify", "pipe.yaml"),
        ("explain", "0123", "--from", "report.json"),
        ("merge", "report.json"),
        ("check", "--config", "pipe.yaml"),
    ):
        assert gate(*arguments).exit_code == 2, arguments
