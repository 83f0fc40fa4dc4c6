"""An object of the JSON has a key twice: in the body, an event or the arguments of a call (S41)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Observation, Pair, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.keys import repeated_arguments, repeated_keys
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden sample does; parsers keep the last value, or the first, or reject the text."""
    # the bodies of failures as well: clients read their members to decide whether they try again
    for pair, (key, event) in unseen(comparison, _first):
        yield _drift(pair, key, key, "an object", event)
    for pair in comparison.answers:
        for path, key in itertools.islice(repeated_arguments(pair.candidate), 1):
            if not any(any(repeated_arguments(golden)) for golden in pair.golden):
                yield _drift(pair, path, key, "the arguments of a tool call", None)


def _first(observation: Observation) -> tuple[str, Event | None] | None:
    return next(repeated_keys(observation), None) if observation.form in ("json", "stream") else None


def _drift(pair: Pair, path: str, key: str, where: str, event: Event | None) -> Drift:
    return pair.drift(
        path=path,
        message=f"{where} has the key {show(key, 60)} twice",
        golden="each key once",
        candidate=f"{show(key, 60)} twice",
        at=event,
    )


RULE = Rule(
    id="key-twice",
    area="schema",
    # S41: most parsers keep the last value (RFC 8259, 4); strict ones reject the text
    severity=Severity.RISKY,
    summary="an object has the same key twice",
    who_breaks="serde and other strict decoders: duplicate field; two readers of one text see two values",
    hint="let the gateway merge into a parsed object, not into its text",
    check=check,
)
