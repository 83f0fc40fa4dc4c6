"""`gate` and `python -m gate`."""

from __future__ import annotations

import sys

from gate import __version__


def main() -> None:
    """Run the command line; the version is answered before anything else is imported."""
    if sys.argv[1:] == ["--version"]:
        print(f"gate {__version__}")  # noqa: T201
        return
    try:
        from gate.cli import run

        code = run()
    except KeyboardInterrupt:  # while modules are imported; `run` handles it afterwards
        print("stopped", file=sys.stderr)  # noqa: T201
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
