"""Which worker of pytest-xdist takes a golden: shares, so that each sends its own in one concurrent run."""

from __future__ import annotations

import zlib


def share_of(nodeid: str, workers: int) -> int:
    """The number of the share, from 0, that a golden is in; the controller and every worker compute the same one."""
    # Not `hash`: it differs from process to process (PYTHONHASHSEED).
    return zlib.crc32(nodeid.encode()) % workers
