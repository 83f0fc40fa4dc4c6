"""Reasoning comes under another key (S11: vLLM's reasoning_content became reasoning)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.rules.schema._fields import first, says
from gate.wire.paths import name, parent
from gate.wire.shape import show

KEYS = frozenset({"reasoning_content", "reasoning", "reasoning_text", "thinking", "thinking_content"})
_TEXT = frozenset({"string"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Both keys with the same text (a transition) are fine, and so is no text of the reasoning (B17), hidden or not."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        mine, like = _keys(found), [_keys(g) for g in comparable(golden, found)]
        # what every golden sample has; adaptive models do not reason on every run
        lost = sorted(frozenset.intersection(*like) - mine) if like and mine else []
        gained = sorted(mine - frozenset().union(*like))
        if not lost or not gained or {name(path) for path in mine} & {name(path) for path in lost}:
            continue
        place = first(found, gained[0], _TEXT)
        message = f"reasoning comes as {name(gained[0])}, not as {name(lost[0])}"
        told = f"{parent(place.path)}.{name(lost[0])}"
        yield Drift(
            path=told,
            message=message,
            golden=name(lost[0]),
            candidate=show(place.value, 60),
            sample=sample,
            severity=None,
            frame=place.frame,
            byte=place.byte,
        )


def _keys(found: Observation) -> frozenset[str]:
    """The paths that carry reasoning as text."""
    return frozenset(
        path
        for path, field in found.shape.items()
        if "string" in field.types and field.seen > field.empty and name(path) in KEYS and says(found, path)
    )


RULE = Rule(
    id="reasoning-renamed",
    area="schema",
    severity=Severity.BREAKING,
    summary="the key that carries the reasoning has another name",
    who_breaks="clients that read the golden's key silently lose the chain of thought",
    hint="send both keys while clients move, or map the key in the gateway",
    check=check,
)
