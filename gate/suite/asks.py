"""What a scenario sends, as a short digest: a golden that was recorded for another request is stale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from gate.model import Json, Scenario, Step


def asks(scenario: Scenario) -> str:
    """What a scenario sends, as 12 hex digits: a golden with others was recorded for another request.

    `expect` and fields at their default are left out, so that a field of a later version makes no golden stale.
    """
    text = json.dumps([_sent(step) for step in scenario.steps], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _sent(step: Step) -> dict[str, Json]:
    # What a scenario permits does not change the bytes that it sends.
    fields = asdict(replace(step, expect=()))
    default = asdict(Step("", expect=()))
    return {name: value for name, value in fields.items() if value != default[name]}


def stale(scenarios: Iterable[Scenario], stored: Mapping[str, str]) -> list[str]:
    """Ids of scenarios whose requests differ from those that their golden was recorded with. `stored`: `Side.asks`."""
    return [scenario.id for scenario in scenarios if scenario.id in stored and stored[scenario.id] != asks(scenario)]
