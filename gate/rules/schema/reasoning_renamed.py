"""Reasoning comes under another key (S11: vLLM's reasoning_content became reasoning)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gate.endpoints import endpoint
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.rules.schema._places import first, has_text
from gate.wire.paths import name, parent
from gate.wire.shape import show

# the keys of chat under which models think (S11)
KEYS = frozenset(name(path) for path, kind in endpoint("chat.completions").texts.items() if kind == "reasoning")
# what a gateway may call them instead
_LIKE = re.compile("reasoning|think|thought")
_TEXT = frozenset({"string"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Both keys with the same text are reasoning-mirrored's; fine is an answer without text of reasoning (B17)."""
    for pair in comparison.answers:
        golden = [_paths(sample) for sample in pair.golden]
        # what every golden sample has; adaptive models do not reason on every run
        usual = frozenset.intersection(*golden)
        if not usual:
            continue
        candidate = _paths(pair.candidate)
        lost = sorted(usual - candidate)
        gained = sorted((candidate or _alike(pair.candidate)).difference(*golden, *map(_alike, pair.golden)))
        if lost and gained and {name(path) for path in lost}.isdisjoint(map(name, candidate)):
            before, place = name(lost[0]), first(pair.candidate, gained[0], _TEXT)
            yield pair.drift(
                path=f"{parent(place.path)}.{before}",
                message=f"reasoning comes as {name(gained[0])}, not as {before}",
                golden=before,
                candidate=show(place.value, 60),
                at=place.event,
            )


def _paths(observation: Observation) -> frozenset[str]:
    """The paths that carry reasoning as text."""
    return _texts(observation, lambda path: name(path) in KEYS)


def _alike(observation: Observation) -> frozenset[str]:
    """The paths of a message that carry a text with such a name."""
    return _texts(
        observation, lambda path: name(parent(path)) in ("message", "delta") and bool(_LIKE.search(name(path)))
    )


def _texts(observation: Observation, named: Callable[[str], bool]) -> frozenset[str]:
    return frozenset(
        path
        for path, field in observation.shape.items()
        if named(path) and "string" in field.types and field.seen > field.empty and has_text(observation, path)
    )


RULE = Rule(
    id="reasoning-renamed",
    area="schema",
    # S11: no error, and the chain of thought is gone for whoever sends it back (interleaved thinking)
    severity=Severity.BREAKING,
    summary="the key that carries the reasoning has another name",
    who_breaks="clients that read the golden's key silently lose the chain of thought",
    hint="map the key to the golden's in the gateway; under both keys, clients that read both show it twice",
    check=check,
)
