"""The fixture `gate_server`: a replay of goldens for a team's own tests, with the faults that markers name."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from gate.config import gate_yaml
from gate.errors import CassetteError, GateError
from gate.model import Exchange
from gate.redact.scrub import without_secrets
from gate.replay.scripts import Rule, script_of
from gate.replay.service import Service
from gate.replay.serving import Server, serving
from gate.store.sides import load_side

_MOMENT = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class GateServer:
    """A running replay. `base_url` is for the client under test."""

    base_url: str
    server: Server
    ended: list[Exchange]

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was asked and answered so far. Waits a moment for what has not ended: a client may have the last byte
        before the server knows that it was sent."""
        deadline = time.monotonic() + _MOMENT
        while self.server.under_way and time.monotonic() < deadline:
            time.sleep(0.002)
        return tuple(self.ended)


def gate_server(request: pytest.FixtureRequest) -> Iterator[GateServer]:
    """The server for one test, by its markers `gate_serve(golden=…, speed=…)` and `gate_fault(name, scenario=…)`."""
    node: pytest.Item = request.node
    marker = node.get_closest_marker("gate_serve")
    options = marker.kwargs if marker else {}
    ended: list[Exchange] = []
    try:
        service = Service(
            _goldens(_folder(request.config, options.get("golden"))),
            speed=options.get("speed", 0.0),
            rules=[_rule(mark) for mark in node.iter_markers("gate_fault")],
        )
    except GateError as error:
        pytest.fail(without_secrets(str(error)), pytrace=False)
    server = Server(service, ended.append)
    with serving(server) as base_url:
        yield GateServer(base_url, server, ended)


def _rule(mark: pytest.Mark) -> Rule:
    """The rule of a marker, which must fit: a test whose fault does not happen would prove nothing."""
    return Rule(script_of(*mark.args), **mark.kwargs, strict=True)


def _folder(config: pytest.Config, named: str | None) -> Path:
    if named is not None:
        return config.rootpath / named
    path = config.getoption("gate_config") or config.rootpath / "gate.yaml"
    if not path.is_file():
        return config.rootpath / "golden"
    loaded = gate_yaml.load(path)
    return Path(loaded.root, loaded.golden)


@functools.lru_cache(8)
def _goldens(folder: Path) -> Mapping[str, Sequence[Exchange]]:
    exchanges = load_side(folder).exchanges
    if not exchanges:
        raise CassetteError("no cassette in it", where=str(folder), fix="name the goldens: gate_serve(golden=…)")
    return exchanges
