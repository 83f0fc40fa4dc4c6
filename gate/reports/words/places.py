"""Where in a repository a finding is shown by tools that annotate files."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from gate.model import Finding
from gate.text.safe import line

CONFIG = ("gate.yaml", 1)


def repository_place(finding: Finding) -> tuple[str, int]:
    """(file, line from 1) of the golden, relative to the repository; the candidate's file is not committed.

    Findings over the whole run, and files outside, are shown at gate.yaml, whose policy they come from.
    """
    golden = finding.golden_location
    file = (golden.file or "").replace("\\", "/")
    return (line(file), golden.line or 1) if _inside(file) else CONFIG


def _inside(file: str) -> bool:
    """A path that a viewer may join to the repository's root."""
    rooted = PurePosixPath(file).is_absolute() or PureWindowsPath(file).anchor
    return bool(file) and not rooted and ".." not in file.split("/")
