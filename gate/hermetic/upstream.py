"""What stands upstream of a gateway: the recordings, answered for the client's request that is in flight."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from gate.endpoints import for_url
from gate.model import Exchange, Request
from gate.observe.fields import unknown_fields
from gate.replay.asks import Ask, ask_of
from gate.replay.faults import NO_FAULT
from gate.replay.recordings import Miss, Recordings
from gate.replay.scripts import Script
from gate.replay.service import BASE_PATH, Answer, miss_words, page_reply, refusal

# What gateways ask an engine for before they send it anything (vllm-router: /health; others the root).
_HEALTH = re.compile(r"/|(/v1)?/(health|ready|live|ping)\w*")

BETWEEN = "between"
"""Stands for the scenario of what came while no request of the suite was in flight."""


def pace(exchange: Exchange, *, hurried: bool) -> float:
    """The speed at which a recording is played: as recorded, or at once where nothing hangs on its time."""
    headers = exchange.response.headers if exchange.response else ()
    streams = any(name.lower() == "content-type" and "event-stream" in value.lower() for name, value in headers)
    return 1.0 if streams or not hurried else 0.0


@dataclass(frozen=True, slots=True)
class Flight:
    """A client's request that is under way: its cell, the recorded step that answers it, and the faults of its answers.

    `started` is a monotonic time in seconds, `request_id` the client's header.
    """

    cell: str
    scenario: str
    step: int
    sample: int
    attempt: int
    method: str
    script: Script | None
    started: float
    hurried: bool = False  # of a cell, where only streams keep their pace
    request_id: str = ""

    @property
    def key(self) -> tuple[str, int, int, int]:
        """Cell, step, sample and attempt."""
        return self.cell, self.step, self.sample, self.attempt


class Upstream:
    """Answers from recordings, with the fault of the flight. `strict`: refuses fields that the API does not know.

    `flights` are the client's requests under way: one, or all members of a load, which ask for the same.
    """

    def __init__(
        self,
        exchanges: Mapping[str, Sequence[Exchange]],
        *,
        strict: bool = False,
        speed: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.recordings = Recordings(exchanges)
        self.flights: tuple[Flight, ...] = ()
        self.asked: set[tuple[str, int]] = set()
        self._strict, self._speed, self._clock = strict, speed, clock
        self._calls: Counter[tuple[str, int, int, int]] = Counter()

    def respond(self, request: Request) -> Answer:
        """The answer to a request, whatever it is."""
        path = urlsplit(request.url).path
        flight = self._flight(request)
        if request.method in ("GET", "HEAD") and _HEALTH.fullmatch(path):
            return Answer(page_reply("the upstream of a gateway under test"))
        if not path.startswith(BASE_PATH):
            return self._unmatched(flight, f"its base_url ends in /v1, and {path[:200]!r} is not below it")
        ask = ask_of(request, path.removeprefix(BASE_PATH).rstrip("/"))
        if self._strict and (unknown := unknown_fields(for_url(request.url, request.method), dict(ask.rest))):
            return self._refused(flight, unknown[0])
        if flight is None:
            return self._between(ask)
        # under load each call gets the same bytes, whichever client's it is
        match = self.recordings.find_for(ask, flight.scenario, flight.step, turns=len(self.flights) == 1)
        if isinstance(match, Miss):
            return self._unmatched(flight, miss_words(ask, match))
        self.asked.add((match.scenario, match.step))
        return self._answer(flight, match)

    def _flight(self, request: Request) -> Flight | None:
        """The client's request that this one belongs to: under load by its id, else the one with the fewest calls."""
        # A gateway looks after its upstream on its own (health, lists of models): no part of what a client asked.
        fitting = [flight for flight in self.flights if flight.method == request.method]
        ids = {value for name, value in request.headers if name.lower() == "x-request-id"}
        own = [flight for flight in fitting if flight.request_id in ids]
        return min(own or fitting, key=lambda flight: self._calls[flight.key], default=None)

    def _answer(self, flight: Flight, match: Exchange) -> Answer:
        number = self._calls[flight.key]
        self._calls[flight.key] += 1
        fault = flight.script.fault(number) if flight.script else NO_FAULT
        speed = self._speed * pace(match, hurried=flight.hurried)
        reply = fault.reply(match, speed, time.time()) or NO_FAULT.reply(match, speed, time.time())
        assert reply is not None  # a recording always fits
        return self._of(flight, Answer(reply, fault="" if fault == NO_FAULT else fault.text))

    def _between(self, ask: Ask) -> Answer:
        match = self.recordings.find(ask)
        exchange = self.recordings.any_like(ask) if isinstance(match, Miss) else match
        if exchange is None:
            return Answer(refusal(404, "no_recording", "nothing like it was recorded"), BETWEEN)
        reply = NO_FAULT.reply(exchange, self._speed, time.time())
        assert reply is not None
        return Answer(reply, BETWEEN)

    def _unmatched(self, flight: Flight | None, words: str) -> Answer:
        answer = Answer(refusal(404, "no_recording", words), BETWEEN, unmatched=words)
        return answer if flight is None else self._of(flight, answer)

    def _refused(self, flight: Flight | None, name: str) -> Answer:
        # https://platform.openai.com/docs/guides/error-codes: the words of a real provider for a field that it lacks
        words = f"Unrecognized request argument supplied: {name[:200]}"
        answer = Answer(refusal(400, "unknown_parameter", words), BETWEEN, fault="strict")
        return answer if flight is None else self._of(flight, answer)

    def _of(self, flight: Flight, answer: Answer) -> Answer:
        """The answer as one to what the client has in flight."""
        at_ms = (self._clock() - flight.started) * 1000
        return Answer(
            answer.reply, flight.cell, flight.step, answer.fault, flight.sample, flight.attempt, at_ms, answer.unmatched
        )
