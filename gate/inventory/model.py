"""The nouns of a scan: services, what they have installed, where they call, and what their code takes for granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Level = Literal["warning", "note"]
"""`warning`: a route that keeps to the API's documentation can break it; `note`: only a known drift does."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file; `file` is relative to what was scanned, with `/`."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """An SDK or HTTP client of a service: `pypi:openai`. `asked` is the manifest's range, `locked` has the versions of
    its lock file."""

    name: str
    asked: str
    locked: tuple[str, ...]
    place: Place

    @property
    def pinned(self) -> bool:
        return bool(self.locked) or self.asked.startswith("==")

    @property
    def version(self) -> str:
        """As it is told: what is locked, else what is asked for."""
        return ", ".join(self.locked) or self.asked.removeprefix("==") or "any version"


@dataclass(frozen=True, slots=True, order=True)
class Client:
    """Where a client is made. An empty text: it is not set there, and the SDK's default or variable counts; `more`:
    some arguments are computed, and may set it; `key_env` is the variable that its key is read from."""

    place: Place
    sdk: str
    name: str
    base_url: str = ""
    timeout: str = ""
    retries: str = ""
    more: bool = False
    in_tests: bool = False
    key_env: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Parameter:
    """One parameter of a call. `only` names the provider that alone understands it; `golden` is what the goldens'
    allowlist says of it, where that is `ignored` or `rejected`."""

    name: str
    only: str = ""
    golden: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """Where an endpoint is called, or a framework's model for it is made.

    `streaming` is `yes`, `no`, or `either` where the source leaves it open; `more`: some parameters are computed.
    """

    place: Place
    endpoint: str
    sdk: str
    name: str
    streaming: str = "no"
    model: str = ""
    parameters: tuple[Parameter, ...] = ()
    more: bool = False
    base_url: str = ""
    timeout: str = ""
    retries: str = ""
    in_tests: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Assumption:
    """What code takes for granted, and a route need not give. `id` is that of its module in `assumptions/`."""

    place: Place
    id: str
    level: Level
    message: str


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """What differs between the services or clients of a repository, or is left open."""

    id: str
    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Service:
    """A folder with a manifest, and what is below it up to the next one; `.` is the folder that was scanned."""

    folder: str
    manifests: tuple[str, ...] = ()
    packages: tuple[Package, ...] = ()
    clients: tuple[Client, ...] = ()
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a gate.yaml could say: paths that code reads, scenarios, and the SDKs for `gate sdk`."""

    depends_on: tuple[str, ...] = ()
    suite: tuple[str, ...] = ()
    sdk: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """All that was found. `unread` has files that could not be read, with the reason; `reads` the paths of answers
    that code reads, with every place."""

    files: int
    lines: int
    services: tuple[Service, ...]
    assumptions: tuple[Assumption, ...] = ()
    remarks: tuple[Remark, ...] = ()
    reads: tuple[tuple[str, Place], ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    draft: Draft = Draft()

    @property
    def calls(self) -> Sequence[Call]:
        return [call for service in self.services for call in service.calls]

    @property
    def clients(self) -> Sequence[Client]:
        return [client for service in self.services for client in service.clients]
