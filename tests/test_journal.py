"""Files of a folder replaced as one: interrupted anywhere, beside another process, on a disk that is full."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gate.errors import CassetteError
from gate.store import cassette, lock
from gate.store.journal import leftover, settle, writer
from gate.store.lock import locked, signals_wait

OLD = {"chat/cassette.yaml": "old", "chat/contract.yaml": "old", "not-served.yaml": "old"}
NEW = {"chat/cassette.yaml": "new", "chat/contract.yaml": "new", "embed/cassette.yaml": "new"}
GONE = ("not-served.yaml",)


class Killed(BaseException):
    """In place of kill -9: nothing may handle it, so every `finally` of ours is passed over as well."""


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    put(tmp_path / "golden", OLD)
    return tmp_path / "golden"


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and not any(map(leftover, path.relative_to(folder).parts))
    }


def leftovers(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if leftover(name)]


def test_all_files_are_replaced_and_nothing_else_is_left(golden: Path) -> None:
    put(golden, {"chat/notes.md": "mine"})
    with writer(golden) as folder:
        folder.write(NEW, GONE)
        assert leftovers(golden) == [lock.LOCK]
    assert texts(golden) == {**NEW, "chat/notes.md": "mine"}
    with writer(golden) as folder:
        folder.write({}, ["chat/cassette.yaml", "chat/contract.yaml", "embed/cassette.yaml", "never/there.yaml"])
    assert texts(golden) == {"chat/notes.md": "mine"}
    assert sorted(os.listdir(golden)) == ["chat"]


CALLS = ("mkdir", "open", "replace", "rename", "unlink", "rmdir", "fsync", "close")


def child(golden: Path, end: str) -> list[str]:
    """The write in a process of its own that ends itself, by `end`, at its n-th call of the operating system."""
    code = f"""
import os, signal, sys
from pathlib import Path
from gate.store.journal import writer
left = int(sys.argv[1])
def counting(call):
    def counted(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            {end}
        return call(*arguments, **options)
    return counted
for name in {CALLS!r}:
    setattr(os, name, counting(getattr(os, name)))
with writer(Path({str(golden)!r})) as folder:
    folder.write({NEW!r}, {GONE!r})
print(left)
"""
    return [sys.executable, "-c", code]


def moments(golden: Path, end: str) -> Iterator[int]:
    """Every call at which the write can end; the child is gone when one is handed out."""
    for moment in range(1, 1000):
        done = subprocess.run([*child(golden, end), str(moment)], capture_output=True, text=True, check=False)
        yield moment
        if done.returncode == 0 and int(done.stdout) > 0:
            return
    raise AssertionError("the write never ended by itself")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.slow
def test_killed_at_any_call_all_files_are_old_or_all_are_new(golden: Path) -> None:
    seen = set()
    for _ in moments(golden, "os.kill(os.getpid(), signal.SIGKILL)"):
        settle(golden)
        assert leftovers(golden) == []
        assert texts(golden) in (OLD, NEW)
        seen.add(texts(golden) == NEW)
        for name in texts(golden):
            (golden / name).unlink()
        put(golden, OLD)
    assert seen == {False, True}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.slow
def test_an_interrupt_at_any_call_leaves_nothing_to_settle(golden: Path) -> None:
    for _ in moments(golden, "os.kill(os.getpid(), signal.SIGINT)"):
        assert leftovers(golden) == []
        assert texts(golden) in (OLD, NEW)
        for name in texts(golden):
            (golden / name).unlink()
        put(golden, OLD)


# -- what a killed run left ---------------------------------------------------------------------


def interrupted(folder: Path) -> None:
    """As a run leaves it that was killed when the first of two files was moved."""
    put(folder, {"chat/cassette.yaml": "new", ".gate-write/new/chat/contract.yaml": "new", ".gate-lock": "1\n"})
    put(folder, {".gate-write/gone/not-served.yaml": "", ".gate-write.00aa.tmp/new/chat/contract.yaml": "half"})


def test_a_reader_finishes_a_write_and_removes_what_is_left(golden: Path) -> None:
    interrupted(golden)
    assert list(cassette.scan(golden)) == ["chat"]
    assert texts(golden) == {"chat/cassette.yaml": "new", "chat/contract.yaml": "new"}
    assert leftovers(golden) == []


def test_a_reader_finds_a_write_in_a_folder_below(golden: Path) -> None:
    put(golden, {"chat/.gate-write/new/deep/cassette.yaml": "new"})
    assert list(cassette.scan(golden)) == ["chat", "chat/deep"]


def test_the_next_writer_finishes_first(golden: Path) -> None:
    interrupted(golden)
    with writer(golden) as folder:
        assert texts(golden) == {"chat/cassette.yaml": "new", "chat/contract.yaml": "new"}
        folder.write({"chat/contract.yaml": "newer"})
    assert texts(golden)["chat/contract.yaml"] == "newer"


def test_nothing_is_taken_from_a_living_writer(golden: Path) -> None:
    with writer(golden):
        put(golden, {".gate-write.00aa.tmp/new/chat/contract.yaml": "half"})
        assert list(cassette.scan(golden)) == ["chat"]
        assert sorted(leftovers(golden)) == [".gate-lock", ".gate-write.00aa.tmp"]
    assert list(cassette.scan(golden)) == ["chat"]
    assert leftovers(golden) == []


def test_a_write_that_a_pull_request_brings_leads_nowhere_else(golden: Path, tmp_path: Path) -> None:
    """Links in what looks like an interrupted write: no file outside is written, moved or removed."""
    outside = tmp_path / "outside"
    put(outside, {"new/cassette.yaml": "theirs", "kept.yaml": "theirs"})
    (golden / "out").symlink_to(outside)
    for kind in ("new", "gone"):
        put(golden, {f".gate-write/{kind}/out/kept.yaml": "evil"})
        with pytest.raises(CassetteError, match="leads out of the folder"):
            settle(golden)
        (golden / ".gate-write" / kind / "out" / "kept.yaml").unlink()
    settle(golden)
    (golden / ".gate-write").mkdir()
    (golden / ".gate-write" / "new").symlink_to(outside / "new")
    settle(golden)
    (golden / ".gate-write").symlink_to(outside)
    (golden / ".gate-lock").symlink_to(outside / "kept.yaml")
    assert not settle(golden)
    assert texts(outside) == {"new/cassette.yaml": "theirs", "kept.yaml": "theirs"}
    assert texts(golden) == OLD


# -- the lock -----------------------------------------------------------------------------------


def test_two_writers_exclude_each_other_with_a_clear_word(golden: Path) -> None:
    with writer(golden):
        for _ in range(2):
            with pytest.raises(CassetteError, match=r"another run .*is writing here") as refused, writer(golden):
                pass
            assert f"(process {os.getpid()})" in str(refused.value)
            assert "fix: wait until it has ended" in str(refused.value)
    with writer(golden):
        pass


def test_the_file_of_a_dead_process_is_no_lock(golden: Path) -> None:
    for text in ("", "1\n", "999999999\n", "not a number"):
        (golden / lock.LOCK).write_text(text)
        with writer(golden) as folder:
            folder.write(NEW)
        assert leftovers(golden) == []


def test_a_folder_that_was_not_there_goes_again_when_nothing_is_written(tmp_path: Path) -> None:
    with writer(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()
    assert os.listdir(tmp_path) == []


def test_many_threads_one_at_a_time(golden: Path) -> None:
    refused: list[CassetteError] = []

    def write(text: str) -> None:
        for _ in range(20):
            try:
                with writer(golden) as folder:
                    folder.write({"chat/cassette.yaml": text, "chat/contract.yaml": text})
            except CassetteError as error:
                refused.append(error)

    threads = [threading.Thread(target=write, args=(text,)) for text in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {error.what.partition(" (")[0] for error in refused} <= {"another run", "another run is writing here"}
    assert texts(golden)["chat/cassette.yaml"] == texts(golden)["chat/contract.yaml"]
    assert leftovers(golden) == []


def stopped_in_the_middle(handled: list[str]) -> None:
    with signals_wait():
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGINT):
            signal.raise_signal(number)
        handled.append("whole")


def test_an_interrupt_waits_for_the_end_of_the_write(golden: Path) -> None:
    handled: list[str] = []
    before = signal.signal(signal.SIGTERM, lambda *_: handled.append("TERM"))
    try:
        with pytest.raises(KeyboardInterrupt):
            stopped_in_the_middle(handled)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert handled == ["whole", "TERM"]


# -- the disk -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_a_full_or_read_only_disk_changes_nothing(golden: Path, code: int) -> None:
    """Whichever call of the staging fails."""
    for name in ("fsync", "open", "mkdir", "rename"):
        call, raised = getattr(os, name), list[OSError]()

        def failing(*arguments: Any, call: Any = call, raised: list[OSError] = raised, **options: Any) -> Any:
            if raised or (".gate-write" not in str(arguments[0]) and not isinstance(arguments[0], int)):
                return call(*arguments, **options)
            raised.append(OSError(code, os.strerror(code)))
            raise raised[0]

        with writer(golden) as folder, pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, name, failing)
            with pytest.raises(CassetteError, match=f"can't write: {os.strerror(code)}"):
                folder.write(NEW, GONE)
        assert texts(golden) == OLD
        assert leftovers(golden) == []


def test_a_folder_that_can_not_be_written_is_said(golden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(CassetteError, match="can't write: Permission denied"), writer(golden) as folder:
        folder.write(NEW)
    assert texts(golden) == OLD


def test_a_link_to_another_disk_is_written_through(golden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, refused = os.replace, []

    def crossing(source: Path, target: Path) -> None:
        if ".gate-write" in str(source):
            refused.append(target)
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(source, target)

    monkeypatch.setattr(os, "replace", crossing)
    with writer(golden) as folder:
        folder.write(NEW, GONE)
    assert len(refused) == len(NEW)
    assert texts(golden) == NEW


def test_an_error_while_moving_is_said_and_finished_later(golden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "I/O error")))
        with pytest.raises(CassetteError, match="can't write: I/O error"), writer(golden) as folder:
            folder.write(NEW, GONE)
    with locked(golden):
        pass
    cassette.scan(golden)
    assert texts(golden) == NEW
