"""One process at a time writes a folder of goldens: a locked file with the process's id, and signals that wait."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from gate.errors import CassetteError
from gate.store.files import write_errors

LOCK = ".gate-lock"
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

# The system releases these locks when a process ends, however it ends: a file that a killed run left is no lock.
if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, 64, os.SEEK_SET)  # the id before it stays readable
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. Raises CassetteError where another process holds it, or the folder can't be written."""
    path, new, descriptor = folder / LOCK, list[Path](), None
    try:
        with signals_wait(), write_errors(folder):
            new += [above for above in (folder, *folder.parents) if not above.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = _acquired(path)
        if descriptor is None:
            what = f"another run{_owner(path)} is writing here"
            raise CassetteError(what, where=str(folder), fix="wait until it has ended, or stop it")
        yield
    finally:
        with signals_wait(), contextlib.suppress(OSError):
            if descriptor is not None:
                _released(path, descriptor)
            for made in new:  # until one is not empty, which is the usual case
                made.rmdir()


def _acquired(path: Path) -> int | None:
    """The descriptor of the locked file; None where another process has it. Raises OSError."""
    while True:
        # no link is followed: a pull request may have put one there, and the file behind it would be emptied
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            _try_lock(descriptor)
        except OSError:
            os.close(descriptor)
            return None
        # the one who had it may have removed the file between our two calls: then the lock is on nothing
        if _is_file_of(path, descriptor):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, b"%d\n" % os.getpid())
            return descriptor
        os.close(descriptor)


def _is_file_of(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def _released(path: Path, descriptor: int) -> None:
    with contextlib.suppress(OSError):  # Windows removes no open file: there it stays, and locks nothing
        path.unlink(missing_ok=True)
    os.close(descriptor)


def _owner(path: Path) -> str:
    try:
        number = path.read_bytes()[:20].strip()
    except OSError:
        return ""
    return f" (process {int(number)})" if number.isdigit() else ""


@contextlib.contextmanager
def signals_wait() -> Iterator[None]:
    """Ctrl-C and a request to end are held back until the end of the block."""
    if threading.current_thread() is not threading.main_thread():  # signals never interrupt another thread
        yield
        return
    waiting: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        waiting.append(number)

    handlers = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            # None: set by something that is not Python, and can't be put back
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for number in dict.fromkeys(waiting):
            signal.raise_signal(number)
