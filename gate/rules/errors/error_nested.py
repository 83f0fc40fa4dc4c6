"""The upstream's error as JSON inside the message (ER20)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import failures, golden_failures
from gate.wire.shape import show

# bounded repetitions: the message is untrusted, and may hold the JSON escaped once more
# keys of OpenAI's and FastAPI's errors (ER03, ER20); 20 blanks are a bound on time
_JSON = re.compile(r'[{\[]\s{0,20}\\?["\'](?:error|message|detail|code|type)\\?["\']\s{0,20}:')


def check(comparison: Comparison) -> Iterator[Drift]:
    """JSON text in error.message, where the golden has words."""
    if any(map(_nested, golden_failures(comparison))):
        return
    for pair in failures(comparison):
        if _nested(pair.candidate):
            yield pair.drift(
                path="error.message",
                message="error.message contains the upstream's error as JSON text",
                golden="words",
                candidate=show(member(pair.candidate.error, "message")),
            )


def _nested(observation: Observation) -> bool:
    message = member(observation.error, "message")
    return isinstance(message, str) and _JSON.search(message) is not None


RULE = Rule(
    id="error-nested",
    area="errors",
    severity=Severity.INFO,
    summary="error.message contains another error as JSON text",
    who_breaks="code and param of the real error are lost; users see raw JSON",
    hint="let the gateway unwrap the upstream's error",
    check=check,
    where=has_failures,
)
