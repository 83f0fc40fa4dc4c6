"""The SDKs in use as readers of both sides: each recorded answer is replayed to them, and what they made of it is kept
with the exchange."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from gate.errors import ConfigError
from gate.judge.pairing import attempts_of
from gate.model import Exchange, Transcript
from gate.model.sides import Side
from gate.sdk.environments import Driver, UnusableError, driver
from gate.sdk.jobs import Calls, cells
from gate.sdk.player import Player
from gate.sdk.scripts import scripts
from gate.sdk.versions import Version

_READING = ("create", "stream", "helper", "parse")
"""Ways of calling that read an answer in their own way: `async` and `raw` have the same reader as `create`."""


_KEY = (("authorization", "Bearer ****"),)


@dataclass(frozen=True, slots=True)
class Client:
    """An SDK version that can be started; `node` is the Node that it is asked on, where it is asked on several."""

    version: Version
    driver: Driver
    calls: Calls
    node: str = ""

    @property
    def name(self) -> str:
        """As findings name it, with its version last."""
        label, _, version = self.version.label.rpartition(" ")
        return f"{label} (Node {self.node}) {version}" if self.node else self.version.label


@dataclass(frozen=True, slots=True)
class Clients:
    """The SDKs that are asked, and why others are not."""

    clients: tuple[Client, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def read(self, golden: Side, candidate: Side) -> tuple[Side, Side]:
        """Both sides, with what each client made of every final answer in them."""
        for client in self.clients:
            golden, candidate = _with(client, golden, candidate)
        return golden, candidate


def prepared(versions: Sequence[Version], nodes: Mapping[str, str] | None = None, on: Sequence[str] = ()) -> Clients:
    """The SDKs in environments of their own; `nodes` names the Node that a version wants, `on` those that all SDKs for
    Node are asked on.

    Raises ConfigError where none can be used, RouteError where the registry can't be reached.
    """
    with ThreadPoolExecutor(2) as pool:  # installing waits for the network most of the time
        asked = [(one, node) for one in versions for node in _nodes(one, nodes or {}, on)]
        made = list(pool.map(lambda one: _made(*one, named=len(on) > 1), asked))
    usable = tuple(client for client in made if isinstance(client, Client))
    notes = tuple(f"not asked: {error}" for error in made if isinstance(error, UnusableError))
    if not usable:
        raise ConfigError(
            "no SDK in use can be asked", where="--sdk", fix="; ".join(notes) or "name one in gate.yaml: sdk"
        )
    return Clients(usable, notes)


def transcripts(client: Client, exchanges: Mapping[str, Exchange]) -> Mapping[str, tuple[Transcript, ...]]:
    """What a client makes of each answer, by the names given; nothing of those that it can't be made to ask for."""
    named = {name: [_alone(name, exchange)] for name, exchange in exchanges.items()}
    plan = cells(named, client.calls, faults=False)
    # the timing of the recording is no concern of theirs here, and faults of the way are `gate sdk`'s
    played = Player(client.driver, named, None).play(plan)
    return {cell.scenario: _named(client, played.transcripts[number]) for number, cell in enumerate(plan)}


def _alone(name: str, exchange: Exchange) -> Exchange:
    """The answer to a request of its own, whatever key it was sent with: a route may want none, but an SDK does."""
    return replace(exchange, request=replace(exchange.request, headers=_KEY), scenario=name, step=0, sample=0)


def _nodes(version: Version, nodes: Mapping[str, str], on: Sequence[str]) -> Sequence[str | None]:
    return on if on and version.ecosystem == "npm" else (nodes.get(str(version)),)


def _made(version: Version, node: str | None, *, named: bool) -> Client | UnusableError:
    script = scripts().get(version.key)
    calls = {name: [way for way in ways if way in _READING] for name, ways in script.calls.items()} if script else {}
    try:
        return Client(version, driver(version, node), calls, node if named and node else "")
    except UnusableError as error:
        return error


def _named(client: Client, made: Sequence[Transcript]) -> tuple[Transcript, ...]:
    return tuple(replace(transcript, client=client.name) for transcript in made)


def _with(client: Client, golden: Side, candidate: Side) -> tuple[Side, Side]:
    found = {
        f"{name}-{place}": exchange
        for name, side in (("golden", golden), ("candidate", candidate))
        for place, exchange in _final(side)
    }
    made = transcripts(client, found)
    return _read(golden, "golden", made), _read(candidate, "candidate", made)


def _final(side: Side) -> Iterator[tuple[str, Exchange]]:
    """The final attempts by a name of their own: what a client that retries ends up with."""
    for scenario, exchanges in side.exchanges.items():
        last = {id(attempts[-1]) for attempts in attempts_of(exchanges)}
        for number, exchange in enumerate(exchanges):
            if id(exchange) in last and exchange.response is not None and not exchange.outage:
                yield f"{scenario}-{number}", exchange


def _read(side: Side, name: str, made: Mapping[str, tuple[Transcript, ...]]) -> Side:
    read: dict[str, list[Exchange]] = defaultdict(list)
    for scenario, exchanges in side.exchanges.items():
        for place, exchange in enumerate(exchanges):
            seen = (*exchange.transcripts, *made.get(f"{name}-{scenario}-{place}", ()))
            read[scenario].append(replace(exchange, transcripts=seen))
    return replace(side, exchanges=read)
