"""What action.yml starts: `python3 -I gate/action/entry.py`, and with it the engine: `… entry.py gate check …`.

Isolated (`-I`), so that neither the workspace, which a pull request fills, nor PYTHONPATH can bring in a module.
Any Python 3 can read this file.
"""

from __future__ import annotations

import os
import runpy
import sys
import traceback

CRASHED = 70
"""Python's own exit code for a crash is 1, which here means drift."""


def main(module: str = "gate.action.drive", *arguments: str) -> int:
    """Check Python's version, then run a module of this checkout. Returns the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 (the runner's Python may be anything)
        version = ".".join(map(str, sys.version_info[:2]))
        fix = "put actions/setup-python before this step"
        print(f"::error title=swapgate::the gate needs Python 3.11 or newer, and found {version}: {fix}")  # noqa: T201
        return 2
    # `-I` leaves the script's folder out of sys.path; the checkout of the action is put there on purpose.
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except Exception:
        traceback.print_exc()
        return CRASHED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
