"""What a mode would use of the configuration, and whether it may: run by the engine's Python, JSON in and out.

A pull request can edit the configuration, and with it where a key is sent and which variables are read. So the
workflow, not the configuration, says which hosts and which variables count (`allowed-hosts`, `api-key-env`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gate.action.hosts import Host, refusal
from gate.config import gate_yaml
from gate.errors import ConfigError, GateError
from gate.model import Config, Route
from gate.text.nearest import suggest

_SCHEMES = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Plan:
    """`secret` and `missing` are names of variables; `refusal` and `error` are sentences."""

    golden: str = ""
    saved: str = ""
    secret: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    refusal: str = ""
    max_requests: int = 0
    error: str = ""


def plan(order: Mapping[str, Any], environ: Mapping[str, str]) -> Plan:
    """The plan for an order of `drive`: config, route (empty: offline), keys, hosts, bound, base_url, max_requests.

    Raises GateError where the configuration is wrong.
    """
    config = gate_yaml.load(Path(order["config"]))
    offline = Plan(golden=str(Path(config.root, config.golden)))
    if not order["route"]:
        return offline
    route = _route(config, order["route"])
    if order.get("base_url"):  # of the workflow, as `--base-url` has it
        route = replace(route, base_url=order["base_url"])
    required = [name for name, has_default in _variables(route) if not has_default]
    required += [] if route.upstream else order["keys"]  # goldens stand upstream of a gateway: no key is needed
    # GitHub hands a secret that does not exist, or that a fork may not have, over as an empty text.
    missing = tuple(name for name in dict.fromkeys(required) if not environ.get(name, "").strip())
    return replace(
        offline,
        saved=str(Path(config.root, ".gate", route.name)),
        secret=_secret(route),
        missing=missing,
        # Without the variable there is no URL to look at, and `missing` is told first.
        refusal="" if missing else _starts(route, order, environ) or _refusal(route, order, environ),
        # The smaller one: a pull request may lower the bound of the workflow, never raise it.
        max_requests=min(order["max_requests"], config.limits.max_requests or order["max_requests"]),
    )


def _route(config: Config, name: str) -> Route:
    if name not in config.routes:
        raise ConfigError(f"there is no route {name}", where="gate.yaml: routes", fix=suggest(name, config.routes))
    return config.routes[name]


def _variables(route: Route) -> Iterator[tuple[str, bool]]:
    """(variable, whether it has a default) for all that the route reads."""
    if route.api_key_env and route.auth.kind != "none":
        yield route.api_key_env, False
    for text in (route.base_url, *_values(route.models), *_values(route.headers), *_values(route.query)):
        yield from gate_yaml.variables(text)


def _values(texts: Mapping[str, str]) -> Sequence[str]:
    return tuple(texts.values())


def _secret(route: Route) -> tuple[str, ...]:
    """Variables whose values are credentials: the key, and what fills headers and query."""
    key = (route.api_key_env,) if route.api_key_env and route.auth.kind != "none" else ()
    texts = (*_values(route.headers), *_values(route.query))
    return tuple(dict.fromkeys((*key, *(name for text in texts for name, _ in gate_yaml.variables(text)))))


def _starts(route: Route, order: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """Why the command of a route is not started; empty where it may be."""
    held = [name for name in (*_secret(route), *order["keys"]) if environ.get(name, "").strip()]
    if not (route.start and order["bound"] and held):
        return ""
    return (
        f"the route {route.name} starts a command, which a pull request may have edited, and this step holds "
        f"{', '.join(dict.fromkeys(held))}: check it in a step of its own, without keys"
    )


def _refusal(route: Route, order: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    read = dict.fromkeys(name for name, _ in _variables(route) if environ.get(name))
    sent = [name for name in (*_secret(route), *order["keys"]) if name in read]
    if order["bound"]:
        unnamed = [name for name in read if name not in order["keys"]]
        # the address itself needs no naming, because its host does
        addresses = [name for name in unnamed if name in _addresses(route) and environ[name].startswith(_SCHEMES)]
        # A pull request could put `${AWS_SECRET_ACCESS_KEY}` into a header, and a host of its own behind base_url.
        if stray := [name for name in unnamed if name not in addresses]:
            return (
                f"in a pull request, which may have edited the configuration, only variables that the workflow names "
                f"are read: add {', '.join(stray)} to `api-key-env` if that is meant"
            )
        sent += addresses
    if not sent:
        return ""
    hosts = [Host(**entry) for entry in order["hosts"]]
    return refusal(gate_yaml.resolve(route, environ).base_url.replace("{port}", "1"), hosts, order["bound"])


def _addresses(route: Route) -> set[str]:
    """Variables that are read for base_url and nothing else."""
    texts = (*_values(route.models), *_values(route.headers), *_values(route.query))
    elsewhere = {name for text in texts for name, _ in gate_yaml.variables(text)} | {route.api_key_env}
    return {name for name, _ in gate_yaml.variables(route.base_url)} - elsewhere


def main() -> int:
    """Read an order from standard input, print its plan; errors are part of it, so the exit code is always 0."""
    try:
        result = plan(json.load(sys.stdin), os.environ)
    except GateError as error:
        result = Plan(error=str(error))
    print(json.dumps(asdict(result)))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
