"""A server over recorded exchanges for the demo and for tests: exact matching, variations, and a few faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import count
from random import Random
from typing import Literal
from urllib.parse import urlsplit

from gate.model import Ending, Exchange, Request, Response
from gate.replay.asks import ask_of
from gate.replay.recordings import Miss, Recordings
from gate.replay.reply import reply_of
from gate.replay.service import BASE_PATH, Answer, Responder
from gate.replay.serving import Server, serving
from gate.replay.vary import vary as another_recording

Fault = Literal["ok", "502html", "reset", "cut", "hang"]
"""What a script can replace a recorded answer with; `ok` leaves it."""

# The page that nginx sends, as many routes answer while their upstream restarts.
_BAD_GATEWAY = Response(
    502,
    headers=(("content-type", "text/html"),),
    body=b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
)


class Replay:
    """Answers each request with the recording that fits, 404 `no_recording` without one.

    `speed` divides the recorded times: 1.0 plays as recorded, 2.0 twice as fast, 0 without waiting. `vary` is a
    seed: answers are then varied like further recordings of the same route (`vary.py`). `mutate` is applied to each
    exchange before it is played. `faults` lists, per scenario, what happens to its next answers, one entry for each.
    """

    def __init__(
        self,
        exchanges: Sequence[Exchange],
        *,
        speed: float = 1.0,
        vary: int | None = None,
        mutate: Callable[[Exchange], Exchange] | None = None,
        faults: Mapping[str, Sequence[Fault]] | None = None,
    ) -> None:
        self._recordings = Recordings(_by_scenario(exchanges), exact=True)
        self._speed = speed
        self._vary = vary
        self._mutate = mutate
        self._faults = {scenario: list(script) for scenario, script in (faults or {}).items()}
        self._answered = count()

    def respond(self, request: Request) -> Answer | None:
        """The answer for the server: the exchange as it is played, None if none was recorded."""
        exchange = self.answer(request)
        return None if exchange is None else Answer(reply_of(exchange, self._speed), exchange.scenario, exchange.step)

    def answer(self, request: Request) -> Exchange | None:
        """The exchange to play for this request, None if none was recorded. Samples take turns."""
        path = urlsplit(request.url).path
        # A client with a wrong base_url must see the 404 that a real route would give (T28).
        if not path.startswith(BASE_PATH):
            return None
        exchange = self._recordings.find(ask_of(request, path.removeprefix(BASE_PATH)))
        if isinstance(exchange, Miss):
            return None
        if self._vary is not None:
            rng = Random(f"{self._vary} {next(self._answered)}")  # noqa: S311 (nothing secret hangs on it)
            exchange = another_recording(exchange, rng)
        if self._mutate is not None:
            exchange = self._mutate(exchange)
        script = self._faults.get(exchange.scenario)
        return _faulty(exchange, script.pop(0)) if script else exchange


def _by_scenario(exchanges: Sequence[Exchange]) -> Mapping[str, Sequence[Exchange]]:
    scenarios: dict[str, list[Exchange]] = {}
    for exchange in exchanges:
        scenarios.setdefault(exchange.scenario, []).append(exchange)
    return scenarios


def _faulty(exchange: Exchange, fault: Fault) -> Exchange:
    match fault:
        case "502html":
            return replace(exchange, response=_BAD_GATEWAY, chunks=(), ending=Ending.COMPLETE)
        case "reset":
            return replace(exchange, response=None, ending=Ending.RESET)
        case "hang":
            return replace(exchange, response=None, ending=Ending.TIMEOUT)
        case "cut" if exchange.response is not None:
            half = exchange.response.body[: len(exchange.response.body) // 2]
            return replace(exchange, response=replace(exchange.response, body=half), ending=Ending.CUT)
        case _:
            return exchange


def serve(app: Responder, port: int = 0) -> AbstractContextManager[str]:
    """Runs a responder on loopback, in a thread, for the time of the block; yields its base URL.

    Port 0 takes a free one. Raises GateError where the port can't be used.
    """
    return serving(Server(app), port)
