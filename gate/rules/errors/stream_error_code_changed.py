"""The code of an error inside a stream is gone, or another than the golden's (ER31)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.errors._streamed import changed


def check(comparison: Comparison) -> Iterator[Drift]:
    """The code alone, where the error says anything."""
    return changed(comparison, "code")


RULE = Rule(
    id="stream-error-code-changed",
    area="errors",
    # ER31: as with plain errors, clients branch on a few codes
    severity=Severity.RISKY,
    summary="an error inside a stream has another code",
    who_breaks="retry logic that branches on error.code in a stream: it tries again what will never work, or gives up",
    hint="compare errors in the middle of a stream like those of plain answers, and pass them on unchanged",
    check=check,
    where=has_streams,
)
