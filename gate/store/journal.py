"""Several files of a folder replaced as one: after a kill at any moment, all are the old ones or all the new ones.

    .gate-write.<random>.tmp/   the new texts under `new/`, empty files under `gone/` for what is removed; renamed to
    .gate-write/                from here on the write counts: whoever reads the folder next moves the files on

A scenario whose cassette is new and whose contract is old would be stale, and two files can't be renamed at once.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gate.errors import CassetteError
from gate.store.files import MAX_FILE, replace_synced, sync_folder, write_errors, write_synced
from gate.store.lock import LOCK, locked, signals_wait

_COMMITTED = ".gate-write"
_STAGED = ".gate-write.*.tmp"


def write(path: Path, text: str) -> None:
    """Write one file completely or not at all. Makes missing folders. Raises CassetteError."""
    with writer(path.parent) as folder:
        folder.write({path.name: text})


@contextlib.contextmanager
def writer(folder: Path) -> Iterator[Writer]:
    """The folder for this process alone, without what an interrupted run left in it. Raises CassetteError."""
    with locked(folder):
        _finish(folder, everywhere=True)
        _clean(folder)
        yield Writer(folder)


class Writer:
    """A folder that this process alone writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, files: Mapping[str, str], gone: Iterable[str] = ()) -> None:
        """Write all texts (by relative path) and remove the files `gone`, or change nothing.

        Raises CassetteError, before anything is replaced, for too large a text or a disk that is full or read-only.
        """
        staged = self.folder / _STAGED.replace("*", secrets.token_hex(6))
        try:
            self._stage(staged, files, gone)  # a text may take seconds to be made, and Ctrl-C still changes nothing
            with signals_wait():
                with write_errors(self.folder):
                    staged.rename(self.folder / _COMMITTED)
                sync_folder(self.folder)
                _finish(self.folder, everywhere=True)
        finally:
            with signals_wait():
                shutil.rmtree(staged, ignore_errors=True)

    def _stage(self, staged: Path, files: Mapping[str, str], gone: Iterable[str]) -> None:
        for name, text in files.items():
            self._put(staged / "new" / name, self.folder / name, text.encode())
        for name in gone:
            self._put(staged / "gone" / name, self.folder / name, b"")
        with write_errors(self.folder):
            staged.mkdir(exist_ok=True)
        for folder, _, _ in os.walk(staged):
            sync_folder(Path(folder))

    @staticmethod
    def _put(path: Path, target: Path, raw: bytes) -> None:
        if len(raw) > MAX_FILE:
            what = f"{len(raw):,} bytes are more than a cassette may have"
            raise CassetteError(what, where=str(target), fix="lower limits.max_body")
        with write_errors(target):
            # all that can fail must fail here: what is committed has to go through
            target.parent.mkdir(parents=True, exist_ok=True)
            if not os.access(target.parent, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            path.parent.mkdir(parents=True, exist_ok=True)
            write_synced(path, raw)


# -- after an interruption ----------------------------------------------------------------------


def leftover(name: str) -> bool:
    """Whether a file or folder of that name belongs to a write, perhaps an interrupted one."""
    return name in (LOCK, _COMMITTED) or (name.startswith(f"{_COMMITTED}.") and name.endswith(".tmp"))


def settle(folder: Path) -> bool:
    """Finish a committed write of a run that was killed, and remove what it left; whether files were replaced.

    What a living process has there is left alone. Raises CassetteError where a write can't be finished.
    """
    finished = _finish(folder, everywhere=False)
    with contextlib.suppress(CassetteError), locked(folder):  # a read-only disk keeps its rests
        _clean(folder)
    return finished


def _finish(folder: Path, *, everywhere: bool) -> bool:
    """Move the files of a committed write to their places; safe to repeat, and while another process does the same.

    A reader follows no link out of the folder: the write may come with a pull request.
    """
    committed = folder / _COMMITTED
    if not committed.is_dir() or committed.is_symlink():
        return False
    with write_errors(folder):
        targets = {name: _target(folder, name, everywhere) for name in _names(committed / "new")}
        for name, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                _moved(committed / "new" / name, target)
        for changed in {target.parent for target in targets.values()}:
            sync_folder(changed)
        for name in _names(committed / "gone"):
            target = _target(folder, name, everywhere)
            target.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # somebody else's files are in it
                target.parent.rmdir()
        done = folder / _STAGED.replace("*", secrets.token_hex(6))
        with contextlib.suppress(FileNotFoundError):
            committed.rename(done)
        shutil.rmtree(done, ignore_errors=True)
        sync_folder(folder)
    return True


def _target(folder: Path, name: str, everywhere: bool) -> Path:
    """Where a file of the folder really is: os.replace would put a file in a link's place."""
    target = Path(os.path.realpath(folder / name))
    if not everywhere and not target.is_relative_to(os.path.realpath(folder)):
        raise OSError(errno.EPERM, f"an interrupted write leads out of the folder: {name}")
    return target


def _moved(source: Path, target: Path) -> None:
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # through a link to another disk: beside the target first, so that it is never half a file
        replace_synced(target, source.read_bytes())
        source.unlink()


def _names(folder: Path) -> list[str]:
    """Relative paths of the regular files below; the folder comes from a disk that others write as well."""
    if folder.is_symlink():
        return []
    return sorted(
        Path(root, name).relative_to(folder).as_posix()
        for root, _, names in os.walk(folder)
        for name in names
        if not Path(root, name).is_symlink()
    )


def _clean(folder: Path) -> None:
    """Under the lock nobody else stages anything: what lies there is of a run that was killed."""
    for path in folder.glob(_STAGED):
        shutil.rmtree(path, ignore_errors=True)
