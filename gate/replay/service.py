"""Which answer a request gets: the recording that fits, with the fault that was asked for. Without I/O."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote, urlsplit

from gate.errors import ConfigError
from gate.model import Exchange, Request
from gate.replay import cors
from gate.replay.asks import Ask, ask_of
from gate.replay.faults import NO_FAULT
from gate.replay.faults.status import answered
from gate.replay.recordings import Miss, Recordings
from gate.replay.reply import Part, Reply
from gate.replay.scripts import Counters, Rule, Script, script_of
from gate.text.nearest import suggest

BASE_PATH = "/v1/"
FAULT_HEADER = "x-gate-fault"
UNMATCHED = "unmatched"
"""The scenario under which requests are kept that no recording answers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and what it stands for: scenario and step of the recording, the fault's text ("" without one).

    Behind a gateway it stands for the request that a client has in flight: its sample and attempt, how many
    milliseconds after it the gateway's came, and why no recording answers (`unmatched`).
    """

    reply: Reply
    scenario: str = ""
    step: int = 0
    fault: str = ""
    sample: int = 0
    attempt: int = 0
    at_ms: float | None = None
    unmatched: str = ""


class Responder(Protocol):
    """What a server asks for every request."""

    def respond(self, request: Request) -> Answer | None:
        """The answer; None where the responder knows nothing of such a request."""


_Source = tuple[Script, bool, tuple[object, ...]]
"""A script, whether it must fit, and what its attempts are counted by."""


class Service:
    """Answers from recordings. `speed` divides recorded times (0: no waiting); `rules` are those of faults.yaml.

    A fault in the request's path (`/v1/!cut-after-3/…`) or header stands above the rules; the first rule that holds
    counts. With a scenario in the path (`/v1/@chat/…`) that fault holds for it alone. `now` gives seconds since 1970.
    The attribute `page` is what `GET /` shows.
    """

    def __init__(
        self,
        exchanges: Mapping[str, Sequence[Exchange]],
        *,
        speed: float = 1.0,
        rules: Sequence[Rule] = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        self.recordings = Recordings(exchanges)
        self._scenarios = frozenset(recording.scenario for recording in self.recordings.all)
        self.page = ""
        self._speed, self._rules, self._now = speed, tuple(rules), now
        self._attempts = Counters()

    def respond(self, request: Request) -> Answer:
        """The answer to a request, whatever it is."""
        origin = cors.origin_of(request)
        if not origin:
            return self._respond(request)
        if leave := cors.preflight(request, origin):
            return Answer(leave)
        answer = self._respond(request)
        return replace(answer, reply=cors.readable(answer.reply, origin))

    def _respond(self, request: Request) -> Answer:
        path, named, scenario = split_path(request.url)
        if path == "/" and request.method in ("GET", "HEAD"):
            return Answer(page_reply(self.page))
        named = next((v for n, v in request.headers if n.lower() == FAULT_HEADER), named)
        try:
            script = None if named is None else _script(named)
        except ConfigError as error:
            return Answer(refusal(400, "unknown_fault", f"{error.what}. {error.fix}".strip()), UNMATCHED)
        if not path.startswith(BASE_PATH):
            words = f"the base_url ends in {BASE_PATH.rstrip('/')}, and {path[:200]!r} is not below it"
            return Answer(refusal(404, "no_recording", words), UNMATCHED)
        if scenario is not None and scenario not in self._scenarios:
            words = f"there is no scenario `{scenario[:80]}` here. {suggest(scenario, self._scenarios)}"
            return Answer(refusal(404, "no_recording", words.strip()), UNMATCHED)
        ask = ask_of(request, path.removeprefix(BASE_PATH).rstrip("/"))
        match = self.recordings.find(ask, scenario or "")
        if isinstance(match, Miss):
            return Answer(refusal(404, "no_recording", miss_words(ask, match)), UNMATCHED)
        if match.hops and not path.endswith("/"):
            return Answer(_redirect(match, request.url), match.scenario, match.step)
        # what is asked beside the named scenario is answered as recorded
        return self._answer(match, ask, script if scenario in (None, match.scenario) else None)

    def _answer(self, exchange: Exchange, ask: Ask, named: Script | None) -> Answer:
        for script, strict, key in self._sources(exchange, ask, named):
            of = (exchange.scenario, exchange.step)
            fault = script.fault(self._attempts.next((*key, *of)), of)
            reply = fault.reply(exchange, self._speed, self._now())
            if reply is not None:
                text = "" if fault == NO_FAULT else fault.text
                return Answer(reply, exchange.scenario, exchange.step, text)
            if strict:
                words = f"the fault `{fault.text}` does not fit what was recorded for {exchange.scenario}"
                return Answer(refusal(400, "fault_does_not_fit", words), exchange.scenario, exchange.step, fault.text)
        raise AssertionError("the recording itself always fits")

    def _sources(self, exchange: Exchange, ask: Ask, named: Script | None) -> list[_Source]:
        """What may happen to the request, the first that fits does."""
        if named is not None:
            return [(named, True, ("named", named.text))]
        rules = [(number, rule) for number, rule in enumerate(self._rules) if rule.holds(exchange, ask.stream)]
        return [*((r.script, r.strict, ("rule", n)) for n, r in rules), (Script(""), False, ("none",))]


_VERSION = BASE_PATH.strip("/")


@lru_cache(1000)
def _script(text: str) -> Script:
    return script_of(text)


def split_path(url: str) -> tuple[str, str | None, str | None]:
    """The path without the segments that name a fault and a scenario, and these: `/v1/@chat/!reset/chat/completions` →
    `/v1/chat/completions`, `reset`, `chat`."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return url, None, None
    rest: list[str] = []
    named: list[str] = []
    for segment in path.split("/"):
        # behind the name of an operation `@` is part of a model's: /v1/models/@cf/meta/llama
        if unquote(segment)[:1] in ("!", "@") and (not rest or rest[-1] in ("", _VERSION)):
            named.append(unquote(segment))
        else:
            rest.append(segment)
    fault, scenario = (next((n[1:] for n in named if n.startswith(mark)), None) for mark in "!@")
    return "/".join(rest) or "/", fault, scenario


# -- replies of our own -------------------------------------------------------------------------


def page_reply(html: str) -> Reply:
    """A page for a person in a browser."""
    security = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    reply = Reply(200, (("content-type", "text/html; charset=utf-8"),), (Part(0.0, html.encode()),))
    return reply.with_header("content-security-policy", security).with_header("cache-control", "no-store")


def refusal(status: int, code: str, message: str) -> Reply:
    """An error of the server itself, in OpenAI's shape."""
    error = {"message": message, "type": code, "param": None, "code": code}
    return answered(Reply(status), status, json.dumps({"error": error}).encode(), "application/json")


def no_recording(request: Request) -> Reply:
    """The answer to a request that nobody recorded."""
    path = urlsplit(request.url).path[:200]
    return refusal(404, "no_recording", f"no recording of {request.method} {path} with such a body and key")


def miss_words(ask: Ask, miss: Miss) -> str:
    """Why no recording answers, as a sentence."""
    asked = f"no recording answers {ask.method} {ask.path[:200]} with such a body and key"
    return f"{asked}; the nearest is `{miss.nearest}`: {'; '.join(miss.differences)}" if miss.nearest else asked


def _redirect(exchange: Exchange, url: str) -> Reply:
    """The recorded redirect, to the same path with a slash, where the recording then answers."""
    hop = exchange.hops[0]
    reply = replace(answered(Reply(hop.status), hop.status, b"", "text/plain"), parts=())
    return reply.with_header("location", f"{urlsplit(url).path}/")
