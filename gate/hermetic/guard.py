"""Runs a command until standard input ends, then ends it and everything that it started.

A process of its own, and the standard library alone: the kernel closes the pipe however `gate` ends, by Ctrl-C, a crash
or SIGKILL, so that no gateway is left behind. `python guard.py COMMAND …`; the exit code is the command's.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

GRACE_SECONDS = 5.0
"""So long may a command take to end itself."""


def main(command: Sequence[str]) -> int:
    """Runs the command in a process group of its own."""
    try:
        # Its own session: Ctrl-C at a terminal reaches gate, and through it this pipe, but never the gateway twice.
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 (no shell)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 127
    threading.Thread(target=_end_with_input, args=(child.pid,), daemon=True).start()
    code = child.wait()
    _signal(child.pid, signal.SIGKILL)  # workers that outlive their parent
    return code if code >= 0 else 128 - code


def _end_with_input(group: int) -> None:
    while os.read(0, 4096):  # not sys.stdin: its lock would crash an interpreter that ends meanwhile
        pass
    _signal(group, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    _signal(group, signal.SIGKILL)


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        os.killpg(group, number)


if __name__ == "__main__":
    for passed_over in (signal.SIGINT, signal.SIGTERM):  # the pipe alone says when it is over
        # not SIG_IGN, which the gateway would inherit
        signal.signal(passed_over, lambda *_: None)
    sys.exit(main(sys.argv[1:]))
