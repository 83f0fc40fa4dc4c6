"""The models that a route lists."""

from __future__ import annotations

from dataclasses import replace

from gate.inventory.today import NAME
from gate.model import MISSING, Limits, Route, Scenario, Step, Timeouts
from gate.observe.refusal import document
from gate.run import templates
from gate.run.client import open_client, send
from gate.run.parameter_names import ParameterNames
from gate.run.preflight import check_base_url

# chosen: somebody waits at a prompt; a list of models comes at once.
_PATIENCE = Timeouts(connect=3.0, first_byte=5.0, between_chunks=5.0, total=10.0)
_MOST = 2000  # names; the largest lists of gateways have some hundred


async def listed(route: Route, key: str | None) -> tuple[str, ...]:
    """The ids of `GET models`, in the route's order; empty where it lists none. Raises ConfigError."""
    quick = replace(check_base_url(route)[0], timeouts=_PATIENCE)
    step = Step("models", method="GET")
    body = templates.content(step, quick, ParameterNames({}).of(step), lambda _: MISSING, lambda _: MISSING)
    async with open_client(quick) as http:
        prepared = templates.prepared(Scenario("models", "text", (step,)), 0, 0, body, "init")
        answer = await send(http, prepared, quick, Limits(), key)
    doc = document(answer.response) if answer.response and answer.response.status == 200 else None
    data = doc.get("data") if isinstance(doc, dict) else None
    names = [entry.get("id") for entry in data[:_MOST] if isinstance(entry, dict)] if isinstance(data, list) else []
    # never `${VARIABLE}`: it would be filled on the next run, and sent to the route that made it up
    return tuple(name for name in names if isinstance(name, str) and NAME.fullmatch(name))
