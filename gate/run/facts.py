"""The facts about a route that are stored with a recording and shown in reports."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from gate import __version__
from gate.judge.pairing import observed
from gate.model import Config, Exchange, Json, Route
from gate.model.sides import Side


def facts(
    route: Route, exchanges: Iterable[Exchange], date: str, versions: Mapping[str, str], run_id: str
) -> dict[str, Json]:
    """The facts of a recording, as the top-level `gate` of its cassettes holds them. `date` is an ISO date, `versions`
    are those of the lock files by package; `run_id` lets a check send the same request ids again."""
    return {
        "route": route.name,
        # The host alone: path and query of a base_url may hold a tenant or a key.
        "host": urlsplit(route.base_url).hostname or "",
        "date": date,
        "models": {"asked": dict(sorted(route.models.items())), "answered": answered_models(exchanges)},
        "versions": dict(versions),
        "gate": __version__,
        "runtime": f"{platform.python_implementation()} {platform.python_version()}",
        "run": run_id,
        **prices(route),
    }


def prices(route: Route) -> dict[str, Json]:
    """The fact `prices`, where gate.yaml has a table for the route."""
    table: dict[str, Json] = {model: dict(price) for model, price in sorted(route.prices.items())}
    return {"prices": table} if table else {}


def answered_models(exchanges: Iterable[Exchange]) -> list[str]:
    """The models that say they answered, each once."""
    return sorted({answer for exchange in exchanges if (answer := _model(exchange))})


def _model(exchange: Exchange) -> str | None:
    answer = observed((exchange,))[0].answer
    return answer.model if answer and isinstance(answer.model, str) else None


def priced(golden: Side, config: Config | None) -> Side:
    """The golden with today's prices of the baseline from the configuration instead of those when it was recorded."""
    baseline = config.routes.get("baseline") if config else None
    return replace(golden, facts={**golden.facts, **prices(baseline)}) if baseline else golden
