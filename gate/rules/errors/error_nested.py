"""The upstream's error as JSON inside the message (ER20)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.rules.errors._failures import failed, failures
from gate.wire.shape import show

_JSON = re.compile(r'[{\[]\s{0,20}\\?["\'](?:error|message|detail|code|type)\\?["\']\s{0,20}:')


def check(comparison: Comparison) -> Iterator[Drift]:
    """JSON text in error.message, where the golden has words."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in failures(golden, candidate):
        if _nested(found) and not any(_nested(g) for g in golden if failed(g)):
            said = member(found.error, "message")
            message = "error.message wraps the upstream's error as JSON text"
            yield Drift(path="error.message", message=message, golden="words", candidate=show(said), sample=sample)


def _nested(found: Observation) -> bool:
    said = member(found.error, "message")
    return isinstance(said, str) and _JSON.search(said) is not None


RULE = Rule(
    id="error-nested",
    area="errors",
    severity=Severity.INFO,
    summary="error.message holds another error as JSON text",
    who_breaks="code and param of the real error are lost; users see raw JSON",
    hint="let the gateway unwrap the upstream's error",
    check=check,
)
