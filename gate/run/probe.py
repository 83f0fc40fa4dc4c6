"""The closing plain chat, which says whether a route is up where scenarios failed."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Limits, Route
from gate.run.failures import broken
from gate.run.outcomes import well
from gate.run.pace import Pace
from gate.run.parameter_names import ParameterNames
from gate.run.preflight import probe_scenario
from gate.run.runner import run

_TRIES = 3  # chosen: of a route that loses 15 % of its requests, one in 300 then still looks down


async def probe(
    route: Route,
    *,
    limits: Limits,
    run_id: str,
    key: str | None = None,
    names: ParameterNames | None = None,
    pace: Pace | None = None,
) -> tuple[bool, int]:
    """Whether the route answers a plain chat (the list of models on a route without a chat model), and how many
    requests that took. One that fails is sent again: on a route that fails at random it may be one of those."""
    scenario, sent, up = probe_scenario(route), 0, False
    limits = replace(limits, max_requests=None)  # without the probe nothing can be judged
    for _ in range(_TRIES):
        result = await run(
            [scenario], route, samples=1, limits=limits, run_id=run_id, key=key, names=names, diagnose=False, pace=pace
        )
        answer = result.runs[scenario.id].exchanges[-1]
        up, sent = well(answer), sent + result.requests
        if not broken(answer):
            break
    return up, sent
