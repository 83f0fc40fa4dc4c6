"""The closing plain chat, which says whether a route is up where scenarios failed."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Exchange, Limits, Route
from gate.observe.refusal import document
from gate.run.failures import broken
from gate.run.outcomes import well
from gate.run.pace import Pace
from gate.run.parameter_names import ParameterNames
from gate.run.preflight import probe_scenario
from gate.run.runner import run

# Answers of an API that is up: it serves other requests than this one, as `gate serve` does.
_REFUSALS = frozenset({400, 404, 422})
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
    """Whether the route answers a plain chat (the list of models on a route without a chat model), be it with a refusal
    of this one request, and how many requests that took.

    One that fails is sent again: on a route that fails at random it may be one of those.
    """
    scenario, sent, up = probe_scenario(route), 0, False
    limits = replace(limits, max_requests=None)  # without the probe nothing can be judged
    for _ in range(_TRIES):
        result = await run(
            [scenario], route, samples=1, limits=limits, run_id=run_id, key=key, names=names, diagnose=False, pace=pace
        )
        answer = result.runs[scenario.id].exchanges[-1]
        up, sent = well(answer) or _refused(answer), sent + result.requests
        if not broken(answer):
            break
    return up, sent


def _refused(exchange: Exchange) -> bool:
    doc = document(exchange.response)
    refused = exchange.response is not None and exchange.response.status in _REFUSALS
    return refused and isinstance(doc, dict) and isinstance(doc.get("error"), dict)
