"""The place in a repository where tools that annotate files show a finding."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

from gate.model import Finding
from gate.text.safe import line

# GitHub and GitLab show an annotation only at a file of the repository: gate.yaml is one, and it decides.
CONFIG = ("gate.yaml", 1)


def repository_place(finding: Finding) -> tuple[str, int]:
    """(file, line from 1) of the golden, relative to the repository; the candidate's file is not committed.

    Findings over the whole run, and of files outside the repository, are shown at gate.yaml.
    """
    golden = finding.golden_location
    file = (golden.file or "").replace("\\", "/")
    # A report of a stranger must not point reviewers at a file outside of the repository.
    return (line(file), golden.line or 1) if _inside(file) else CONFIG


def _inside(file: str) -> bool:
    """Whether a path is inside the repository: relative and without `..`."""
    rooted = PurePosixPath(file).is_absolute() or PureWindowsPath(file).anchor
    return bool(file) and not rooted and ".." not in file.split("/")
