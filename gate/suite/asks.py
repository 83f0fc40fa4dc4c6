"""What a scenario sends, as a short digest: a golden that was recorded for another request is stale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from gate.model import Json, Scenario, Step


def asks(scenario: Scenario) -> str:
    """What a scenario sends, as 12 hex digits: a golden with others was recorded for another request.

    What it permits is no part of it, and neither is what is left at its default: a field that a later version knows
    makes no golden stale.
    """
    text = json.dumps([_sent(step) for step in scenario.steps], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _sent(step: Step) -> dict[str, Json]:
    fields = asdict(replace(step, expect=()))
    default = asdict(Step("", expect=()))
    return {name: value for name, value in fields.items() if value != default[name]}


def stale(scenarios: Iterable[Scenario], stored: Mapping[str, str]) -> list[str]:
    """Scenarios that send something else than what their golden was recorded with; `stored` is `Side.asks`."""
    return [scenario.id for scenario in scenarios if scenario.id in stored and stored[scenario.id] != asks(scenario)]
