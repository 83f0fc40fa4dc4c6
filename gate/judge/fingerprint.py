"""The id of a finding, the same from run to run."""

from __future__ import annotations

import hashlib

from gate.wire.shape import indexless


def fingerprint(rule: str, endpoint: str, scenario: str, step: int, path: str) -> str:
    """12 hex digits over rule, endpoint, scenario, step and the path without indexes; never the message text.

    A reworded message or a third choice instead of a second must not make a known finding look new.
    """
    # no name holds a NUL, so different parts never join to the same text
    parts = (rule, endpoint, scenario, str(step), indexless(path))
    # 48 bits: among 10,000 findings two share an id with a probability of about 2 in 10 million. Field names of the
    # remote may hold lone surrogates, which plain UTF-8 refuses.
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
