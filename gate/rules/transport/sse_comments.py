"""Comment lines such as `: OPENROUTER PROCESSING` or `: ping` appear (T10)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.transport._frames import Fault, Faults, drifts

_FAULTS: Faults = {"comment": Fault("comment lines (keep-alive) appear in the stream", "no comment lines")}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Comments are legal everywhere, and how many there are is latency alone (B09)."""
    return drifts(comparison, _FAULTS)


RULE = Rule(
    id="sse-comments",
    area="transport",
    severity=Severity.INFO,
    summary="the stream has comment lines that keep the connection alive",
    who_breaks="parsers without comment handling feed them to their JSON decoder; consumers that time parsed events",
    hint="make sure that your parser skips lines that start with a colon",
    check=check,
    where=has_streams,
    needs=("framing",),
)
