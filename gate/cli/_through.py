"""`gate sdk --through ROUTE`: the started gateway of a route between the replay server and an SDK."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from gate.cli._hermetic import models_asked
from gate.cli._keys import hidden
from gate.errors import ConfigError
from gate.hermetic.bench import gateway, placed
from gate.model import Config
from gate.model.sides import Side
from gate.redact.scrub import Scrubber
from gate.replay.service import Responder
from gate.replay.serving import Server, serving_on
from gate.sdk.player import Front
from gate.text.safe import line


def front_of(config: Config | None, name: str) -> Front:
    """What starts the gateway of a route. Raises ConfigError for a route that is none, or that nothing starts."""
    route = config.routes.get(name) if config else None
    if config is None or route is None or not route.start:
        what = f"the route {line(name)} has no `start`" if route else f"there is no route {line(name)}"
        fix = "name one that gate.yaml starts: start: [command, …], with {port} in its base_url"
        raise ConfigError(what, where="--through", fix=fix)

    @contextlib.contextmanager
    def front(responder: Responder) -> Iterator[str]:
        with placed() as place:
            filled = place.filled(route)
            started = gateway(place, filled, dict(os.environ), hidden(config), Path(config.root), Scrubber())
            with serving_on(Server(responder), place.listener), started:
                yield filled.base_url

    return front


def models_of(config: Config, name: str, golden: Side) -> Mapping[str, str]:
    """The gateway's names for models, by those that the goldens were asked for."""
    named = config.routes[name].models
    return {model: named[role] for role, model in (models_asked(golden) or {}).items() if role in named}
