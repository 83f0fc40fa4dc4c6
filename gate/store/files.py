"""Files read within a limit, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from gate.errors import CassetteError

MAX_FILE = 64 * 1024 * 1024
"""Bytes of one cassette file, read or written."""


def read(path: Path, most: int) -> bytes:
    """The bytes of a file; `most` + 1 of them where it has more, so that the reader can refuse it. Raises OSError."""
    with path.open("rb") as stream:
        return stream.read(most + 1)


def write(path: Path, text: str) -> None:
    """Write the text completely or not at all: a killed run leaves the old file. Makes missing folders."""
    write_all({path: text})


def write_all(files: Mapping[Path, str]) -> None:
    """Write all texts, in the order given. Everything is on the disk before the first file is replaced: a run that is
    killed, or has no more space, leaves the old files. Raises CassetteError."""
    staged: list[tuple[Path, Path, Path]] = []
    try:
        for path, text in files.items():
            staged.append(_staged(path, text))
        for path, temporary, target in staged:
            with _write_errors(path):
                os.replace(temporary, target)
        for folder in dict.fromkeys(target.parent for _, _, target in staged):
            _sync_folder(folder)
    finally:
        for _, temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _staged(path: Path, text: str) -> tuple[Path, Path, Path]:
    """(path, the text's temporary file, where it will go)."""
    raw = text.encode()
    if len(raw) > MAX_FILE:
        raise CassetteError(
            f"{len(raw):,} bytes are more than a cassette may have", where=str(path), fix="lower limits.max_body"
        )
    # Through a symlink, because os.replace would put a file in the link's place.
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    with _write_errors(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(f".{target.name}.{'?' * 12}.tmp"):  # of a run that was killed
            left.unlink(missing_ok=True)
        try:
            _write_synced(temporary, raw)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    return path, temporary, target


@contextlib.contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        fix = "check permissions and free space"
        raise CassetteError(f"can't write: {error.strerror}", where=str(path), fix=fix) from error


def _write_synced(path: Path, raw: bytes) -> None:
    # 0o666 less the umask, as for any other file; tempfile would make it private.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; Windows can't open folders and does not need it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
