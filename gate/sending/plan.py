"""What a run would send, without sending: `--dry-run`. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from gate.model import Json, Route, Scenario, Step
from gate.sending import templates

CHARACTERS_PER_TOKEN = 4  # of English, roughly
_BOUNDS = ("max_completion_tokens", "max_tokens", "max_output_tokens")


@dataclass(frozen=True, slots=True)
class Planned:
    """One scenario: requests without further attempts, and at most so many tokens; None: nothing bounds its answer."""

    scenario: str
    requests: int
    tokens: int | None
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run before it happens. `tokens` is an upper bound over the scenarios that have one; `unbounded` have none."""

    scenarios: tuple[Planned, ...]
    samples: int
    requests: int
    tokens: int
    unbounded: tuple[str, ...]


def plan(scenarios: Sequence[Scenario], route: Route, samples: int) -> Plan:
    """Counts what `run` would send to the route; scenarios that it does not serve are listed with the reason."""
    planned = tuple(_planned(scenario, route, samples) for scenario in scenarios)
    return Plan(
        planned,
        samples,
        sum(one.requests for one in planned),
        sum(one.tokens or 0 for one in planned),
        tuple(one.scenario for one in planned if one.tokens is None),
    )


def _planned(scenario: Scenario, route: Route, samples: int) -> Planned:
    skipped = templates.unserved(scenario, route)
    if skipped:
        return Planned(scenario.id, 0, 0, skipped)
    tokens = [_tokens(step) for step in scenario.steps]
    requests = samples * sum(step.repeat for step in scenario.steps)
    return Planned(scenario.id, requests, None if None in tokens else samples * sum(t or 0 for t in tokens))


def _tokens(step: Step) -> int | None:
    """Input by its length, output by its bound; error scenarios cost no output."""
    size = len(step.raw) if step.raw is not None else _size(step.body)
    asked = step.repeat * -(-size // CHARACTERS_PER_TOKEN)
    if step.endpoint not in ("chat.completions", "responses", "completions") or 200 not in step.expect:
        return asked
    body = step.body if isinstance(step.body, dict) else {}
    bound = next((body[name] for name in _BOUNDS if type(body.get(name)) is int), None)
    many = body["n"] if type(body.get("n")) is int else 1
    return None if bound is None else asked + step.repeat * bound * many


def _size(body: Json) -> int:
    if isinstance(body, dict) and "$repeat" in body:
        return len(str(body["$repeat"]["text"])) * int(body["$repeat"]["times"])
    if isinstance(body, dict):
        return sum(len(key) + 4 + _size(value) for key, value in body.items())
    if isinstance(body, list):
        return sum(1 + _size(item) for item in body)
    return len(json.dumps(body, ensure_ascii=False)) if body is not None else 0
