"""Files read within a limit, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from gate.errors import CassetteError

MAX_FILE = 64 * 1024 * 1024
"""Bytes of one cassette file, read or written."""


def read(path: Path, most: int) -> bytes:
    """The bytes of a file; `most` + 1 of them where it has more, so that the reader can refuse it.

    Raises OSError, also for anything but a regular file: a FIFO or a terminal would be waited for without end.
    """
    with open(path, "rb", opener=_opened) as stream:
        return stream.read(most + 1)


def _opened(path: str, flags: int) -> int:
    # O_NONBLOCK: a FIFO without a writer would block already when it is opened
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # of a folder, `open` says so itself
        os.close(descriptor)
        raise OSError(0, "not a regular file", path)
    return descriptor


@contextlib.contextmanager
def write_errors(path: Path) -> Iterator[None]:
    """An OSError while writing becomes a CassetteError that names the path."""
    try:
        yield
    except OSError as error:
        fix = "check permissions and free space"
        raise CassetteError(f"can't write: {error.strerror or error}", where=str(path), fix=fix) from error


def write_synced(path: Path, raw: bytes) -> None:
    """A new file whose bytes are on the disk when this returns. Raises OSError."""
    # 0o666 less the umask, as for any other file; tempfile would make it private.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())


def replace_synced(path: Path, raw: bytes) -> None:
    """Another content for a file that may exist: whole or not at all, with its mode kept. A link stays a link, and the
    file behind it is replaced. Raises OSError."""
    target = Path(os.path.realpath(path))  # os.replace would put a file in a link's place
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        write_synced(beside, raw)
        with contextlib.suppress(FileNotFoundError):
            beside.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable; Windows can't open folders and does not need it."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
