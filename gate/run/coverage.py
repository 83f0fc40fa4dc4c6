"""What a folder of goldens would catch, as a note of the verdict over them."""

from __future__ import annotations

from pathlib import Path

from gate.reports.words.coverage import coverage_line
from gate.store import proof_file


def coverage(golden: Path) -> tuple[str, ...]:
    """The line, where that was proven. Raises CassetteError for a file that is no proof."""
    proven = proof_file.read(golden) if golden.is_dir() else None
    return (coverage_line(proven.areas, proven.day, stale=proven.stale),) if proven else ()
