"""pytest plugin: `pytest golden/` verifies goldens offline, with `--gate-route NAME` it checks a route against them;
the fixture `gate_server` replays goldens to a team's own tests.

It is loaded into every pytest run where swapgate is installed. So it imports nothing of ours, and collects nothing
until an argument names a folder of goldens.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gate.pytest_plugin.serving import GateServer


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the gate."""
    group = parser.getgroup("gate", "contract drift (swapgate)")
    group.addoption("--gate-route", metavar="NAME", help="check this route of gate.yaml against the collected goldens")
    group.addoption("--gate-base-url", metavar="URL", help="replaces the base_url of that route")
    group.addoption("--gate-config", metavar="PATH", type=Path, help="the configuration; gate.yaml by default")
    group.addoption("--gate-verify", action="store_true", help="verify every golden below the arguments, offline")


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin's items where an argument names goldens."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    roots = _roots(config)
    if roots:
        from gate.pytest_plugin.items import Goldens

        config.pluginmanager.register(Goldens(config, roots), "gate-goldens")


_MARKERS = (
    "gate_fault(name, *, scenario=None, endpoint=None, stream=None): what gate_server does, such as 'cut-after-3'",
    "gate_serve(*, golden=None, speed=0): which goldens gate_server replays, and how fast (0: without waiting)",
)


@pytest.fixture
def gate_server(request: pytest.FixtureRequest) -> Iterator[GateServer]:
    """A replay of goldens with the faults that markers name; `gate_server.base_url` is for the client under test."""
    from gate.pytest_plugin import serving

    yield from serving.gate_server(request)


def _roots(config: pytest.Config) -> list[Path]:
    """Arguments that are folders of goldens; all of them where `--gate-route` or `--gate-verify` is given."""
    asked = config.getoption("gate_route") or config.getoption("gate_verify")
    # without an argument pytest takes the current folder; that nobody asked for its goldens
    # `pytest` alone must run a team's own tests as before swapgate was installed.
    if not asked and config.args_source is config.ArgsSource.INVOCATION_DIR:
        return []
    # `file::item` is how pytest and editors name one test.
    paths = [Path(config.invocation_params.dir, argument.partition("::")[0]) for argument in config.args]
    return [path.resolve() for path in paths if (path.exists() if asked else _holds_goldens(path))]


def _holds_goldens(path: Path) -> bool:
    """A golden, its cassette, or a folder of goldens. Others' cassettes may have that name, but no contract."""
    if path.is_file():
        return path.name == "cassette.yaml" and _is_golden(path.parent)
    return path.is_dir() and (_is_golden(path) or any(map(_is_golden, path.iterdir())))


def _is_golden(folder: Path) -> bool:
    return (folder / "cassette.yaml").is_file() and (folder / "contract.yaml").is_file()
