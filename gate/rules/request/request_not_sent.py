"""Nothing of a request reaches the upstream (RQ17)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Ending, Passage, Rule, Severity
from gate.observe.changes import Change
from gate.observe.scopes import has_passages
from gate.rules.request._passages import drift, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """A refusal of what the upstream refuses too is info: the gateway validates. A success is somebody else's."""
    for pair, change in unseen(comparison, _unsent):
        if pair.candidate.ending is Ending.CANCELLED:
            continue  # gone before it could be asked: lm-proxy makes up the first chunk
        refused = not any(sample.ok for sample in comparison.golden)
        answer = f"status {pair.candidate.status}" if pair.candidate.status else str(pair.candidate.ending)
        message = f"the gateway answers on its own ({answer}): nothing reaches the upstream"
        # a list of models is the gateway's own: it knows what it routes
        mild = (refused and not pair.candidate.ok) or change.before.startswith("GET ")
        yield drift(pair, change, message, Severity.INFO if mild else Severity.BREAKING)


def _unsent(passage: Passage) -> Iterator[Change]:
    if not passage.calls:
        yield Change("dropped", "request", f"{passage.sent.method} {passage.sent.endpoint}", MISSING)


RULE = Rule(
    id="request-not-sent",
    area="request",
    severity=Severity.BREAKING,
    summary="the gateway answers on its own: nothing reaches the upstream",
    who_breaks="requests that the upstream would serve are refused, or answered by somebody else",
    hint="look for validation, allow lists, caches and breakers of the gateway",
    check=check,
    where=has_passages,
)
