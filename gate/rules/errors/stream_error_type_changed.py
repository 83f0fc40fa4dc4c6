"""The type of an error inside a stream is gone, or another than the golden's (ER31)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.errors._streamed import changed


def check(comparison: Comparison) -> Iterator[Drift]:
    """The type alone, where the error says anything."""
    return changed(comparison, "type")


RULE = Rule(
    id="stream-error-type-changed",
    area="errors",
    # ER31: SDKs raise one class for errors in a stream; what reads the type goes on otherwise
    severity=Severity.RISKY,
    summary="an error inside a stream has another type",
    who_breaks="retry logic that branches on error.type in a stream: it tries again what will never work, or gives up",
    hint="compare errors in the middle of a stream like those of plain answers, and pass them on unchanged",
    check=check,
    where=has_streams,
)
