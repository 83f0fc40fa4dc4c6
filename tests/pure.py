"""Which modules are pure: the one place that says so, for the test of the architecture and for the gate on coverage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
GATE = ROOT / "gate"
FILES = sorted(path for path in GATE.rglob("*.py"))

# The ring that does I/O, and what runs or serves it. Everything else is pure.
OUTER = {
    "__main__", "action", "cassette", "checking", "cli", "client", "config", "contractfile", "golden_items", "lockfiles", "plugin", "preflight",
    "recording", "replay", "runner", "sdk", "shares", "shipped", "suite", "tape", "yamlfile", "demo", "templates", "plan", "outcomes",
    "outgoing",
}  # fmt: skip
# Folders whose modules are pure or not one by one.
MIXED = {"files", "items", "sending"}


def top(path: Path) -> str:
    """The part of a file's place that the sets above speak of."""
    return module(path.relative_to(GATE).with_suffix("").parts)


def module(parts: Sequence[str]) -> str:
    """The same of a dotted name."""
    return parts[1] if parts[0] in MIXED and len(parts) > 1 else parts[0]


PURE = [path for path in FILES if top(path) not in OUTER]
