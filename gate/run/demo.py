"""What `gate demo` sends: the scenarios of stored goldens, rebuilt from their recorded requests. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Literal
from urllib.parse import urlsplit

from gate.endpoints import for_url
from gate.model import Exchange, Json, Scenario, Step
from gate.redact.kinds import BAD_KEY
from gate.store.cassette import Cassette


def scenarios(goldens: Mapping[str, Cassette]) -> tuple[Scenario, ...]:
    """One scenario for each golden, which sends the recorded bytes again."""
    return tuple(_scenario(name, stored) for name, stored in goldens.items())


def _scenario(name: str, stored: Cassette) -> Scenario:
    steps: dict[int, Exchange] = {}
    for exchange in stored.exchanges:
        steps.setdefault(exchange.step, exchange)
    facts = stored.facts
    return Scenario(
        id=name,
        group=str(facts.get("group", "text")),
        steps=tuple(_step(steps[number], stored.exchanges) for number in sorted(steps)),
        twin=facts["twin"] if isinstance(facts.get("twin"), str) else None,
    )


def _step(exchange: Exchange, recorded: Iterable[Exchange]) -> Step:
    request = exchange.request
    endpoint = for_url(request.url, request.method)
    statuses = {e.response.status for e in recorded if e.response and e.step == exchange.step}
    return Step(
        endpoint=endpoint.name,
        body=_body(request.body),
        raw=_raw(request.body),
        # The recorded errors are what the demo's route answers again, so they are no failures.
        expect=tuple(sorted(statuses)),
        method=request.method,
        path=None if endpoint.path else urlsplit(request.url).path.lstrip("/"),
        key=_key(exchange),
    )


def _body(body: bytes | None) -> Json:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _raw(body: bytes | None) -> str | None:
    # The suite sends broken JSON on purpose; such a body goes out as it is.
    return body.decode("utf-8", "replace") if body and _body(body) is None else None


def _key(exchange: Exchange) -> Literal["route", "bad", "none"]:
    authorization = {name.lower(): value for name, value in exchange.request.headers}.get("authorization", "")
    if BAD_KEY in authorization:
        return "bad"
    return "route" if authorization else "none"
