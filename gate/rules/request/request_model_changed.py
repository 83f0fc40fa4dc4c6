"""The upstream is asked for another model (RQ06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Rule, Severity
from gate.observe.scopes import has_passages
from gate.rules.request._parts import part
from gate.rules.request._passages import drift, in_body


def check(comparison: Comparison) -> Iterator[Drift]:
    """A provider's prefix (openai/gpt-4o) is part of a gateway's address, and no other model."""
    for pair, change in in_body(comparison, "changed", "dropped", "added"):
        if part(change.path) == "model":
            prefix = _name(change.before) == _name(change.after)
            message = "the model's prefix differs upstream" if prefix else "the upstream is asked for another model"
            yield drift(pair, change, message, Severity.INFO if prefix else Severity.RISKY)


def _name(model: Json) -> str:
    return str(model).rpartition("/")[2].lower()


RULE = Rule(
    id="request-model-changed",
    area="request",
    severity=Severity.RISKY,
    summary="the upstream is asked for another model",
    who_breaks="cost tables and quotas by model; a fallback that nobody noticed",
    hint="map the alias to the model that was meant, and tolerate it here if it is",
    check=check,
    where=has_passages,
)
