"""What a run would send: requests and at most how many tokens (`--dry-run`). Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from gate.model import Json, Route, Scenario, Step
from gate.run import templates
from gate.suite.placeholders import file_in

# Endpoints whose answers cost output tokens; the others cost what they read.
_WRITING = ("chat.completions", "responses", "completions")
# The limits of an answer: chat (new and old name), completions, and the Responses API.
_BOUNDS = ("max_completion_tokens", "max_tokens", "max_output_tokens")


@dataclass(frozen=True, slots=True)
class Planned:
    """One scenario: requests without retries, and an upper bound of its tokens, None without a limit."""

    scenario: str
    requests: int
    tokens: int | None
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run. `tokens` is the upper bound over the scenarios that have one; `unbounded` are those without."""

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
        sum(scenario.requests for scenario in planned),
        sum(scenario.tokens or 0 for scenario in planned),
        tuple(scenario.scenario for scenario in planned if scenario.tokens is None),
    )


def _planned(scenario: Scenario, route: Route, samples: int) -> Planned:
    skipped = templates.unserved(scenario, route)
    if skipped:
        return Planned(scenario.id, 0, 0, skipped)
    tokens = _tokens(scenario.steps)
    requests = samples * sum(step.repeat for step in scenario.steps)
    return Planned(scenario.id, requests, None if tokens is None else samples * tokens)


def _tokens(steps: Sequence[Step]) -> int | None:
    """An upper bound of tokens: the bytes of text that are sent, since no token is shorter, and the limit of each
    answer; twice where a later step sends it back."""
    total, came = 0, list[int | None]()
    for step in steps:
        came.append(_output(step))
        back = [came[number] for number in _replies(step.body) if number < len(came)]
        if None in (*back, came[-1]):
            return None
        total += step.repeat * (_input(step) + sum(n or 0 for n in (*back, came[-1])))
    return total


def _input(step: Step) -> int:
    return _bytes(step.raw) if step.raw is not None else _size(step.body)


def _output(step: Step) -> int | None:
    """An upper bound of the answer's tokens; None without a limit, 0 where an error is expected."""
    body = step.body if isinstance(step.body, dict) else {}
    bound = next((body[name] for name in _BOUNDS if type(body.get(name)) is int), None)
    if step.endpoint not in _WRITING or (bound is None and 200 not in step.expect):
        return 0
    # `max_tokens` holds for each of the `n` choices. `type`, because True is an int to isinstance.
    many = body["n"] if type(body.get("n")) is int else 1
    return None if bound is None else bound * many


def _replies(body: Json) -> list[int]:
    """The steps whose answers a body sends back."""
    if isinstance(body, dict):
        numbers = [body[name] for name in ("$reply", "$golden") if type(body.get(name)) is int]
        return numbers + [number for value in body.values() for number in _replies(value)]
    return [number for item in body for number in _replies(item)] if isinstance(body, list) else []


def _size(body: Json) -> int:
    if file_in(body):
        return 0  # of sound or a picture nobody counts bytes: 18,000 of them are two seconds of speech
    if isinstance(body, dict) and "$repeat" in body:
        return _bytes(str(body["$repeat"]["text"])) * int(body["$repeat"]["times"])
    if isinstance(body, dict):
        # 4: the two quotes, the colon and the comma around a key.
        return sum(_bytes(key) + 4 + _size(value) for key, value in body.items())
    if isinstance(body, list):
        return sum(1 + _size(item) for item in body)
    return _bytes(json.dumps(body, ensure_ascii=False)) if body is not None else 0


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
