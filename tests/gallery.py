"""A report to look at: the built-in suite on a faithful provider, and on a route with drifts that happened to others.

Everything is composed in memory and judged for real, so the same call gives the same report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from gate.explain.exhibits import exhibits
from gate.judge.report import judge
from gate.model import Chunk, Ending, Exchange, Json, Location, Policy, Report, Request, Route, Scenario, Tolerance
from gate.model.sides import Side
from gate.mutations import mutations
from gate.redact.kinds import BAD_KEY
from gate.run.templates import content, prepared, reply
from gate.suite import load_suite
from tests.full_provider import FullAnswering
from tests.provider import MODELS


class _Talkative(FullAnswering):
    """Streams long enough to look at."""

    def said(self) -> tuple[dict[str, Any], str]:
        message, finish = super().said()
        long = self.body.get("stream") and isinstance(message.get("content"), str) and finish == "stop"
        plain = not self.body.get("response_format") and len(message["content"] or "") < 200
        return ({**message, "content": " ".join([message["content"]] * 6)} if long and plain else message), finish


Change = Callable[[Exchange], Exchange]
ROUTE = Route("baseline", "https://api.openai.com/v1", models={"chat": MODELS[0], "embedding": MODELS[1]})
DAY = date(2026, 11, 22)


def _retimed(exchange: Exchange, at: Callable[[int, float], float]) -> Exchange:
    chunks = tuple(Chunk(round(at(n, chunk.at_ms), 1), chunk.size) for n, chunk in enumerate(exchange.chunks))
    return replace(exchange, chunks=chunks, total_ms=chunks[-1].at_ms + 2 if chunks else exchange.total_ms)


def buffered(exchange: Exchange) -> Exchange:
    """Held back as a whole by a proxy."""
    last = exchange.chunks[-1].at_ms + 60
    return _retimed(exchange, lambda n, _: last + n * 0.1)


def stalled(exchange: Exchange) -> Exchange:
    """Nothing for 2.4 s in the middle."""
    half = len(exchange.chunks) // 2
    return _retimed(exchange, lambda n, at: at + (2400 if n >= half else 0))


def cut_off(exchange: Exchange) -> Exchange:
    """Closed after two thirds of the bytes."""
    assert exchange.response
    kept = exchange.chunks[: len(exchange.chunks) * 2 // 3]
    body = exchange.response.body[: sum(chunk.size for chunk in kept)]
    response = replace(exchange.response, body=body)
    short = replace(exchange, response=response, chunks=kept, ending=Ending.CUT, detail="closed early")
    return replace(short, total_ms=kept[-1].at_ms + 1)


def mutated(name: str) -> Change:
    """A known drift; the exchange as it is where that does not fit."""
    return lambda exchange: mutations()[name].apply(exchange) or exchange


DRIFTS: Mapping[str, Change] = {
    "chat-stream": buffered,
    "count-stream": stalled,
    "json-schema-stream": cut_off,
    "chat-stream-usage": mutated("usage-missing"),
    "tool-forced": mutated("arguments-object"),
    "tool-forced-stream": mutated("finish-missing"),
    "json-schema": mutated("json-fenced"),
    "error-bad-key": mutated("error-type-changed"),
    "embed": mutated("vector-width"),
    "chat": mutated("object-missing"),
    "max-tokens": mutated("object-missing"),
    "bare": mutated("object-missing"),
}


def gallery(sets: tuple[str, ...] = ("full",), drifts: Mapping[str, Change] = DRIFTS) -> Report:
    """Three golden samples and two of the candidate for each scenario of the sets; some are not served or skipped."""
    scenarios = load_suite(sets, Path())
    tolerated = Tolerance("error-type-changed", "our client reads the status alone", "2027-03-01")
    facts: Mapping[str, Json] = {"route": "baseline", "host": "api.openai.com", "date": "2026-11-20"}
    other: Mapping[str, Json] = {"route": "candidate", "host": "gateway.example.com", "date": "2026-11-22"}
    models: Mapping[str, Json] = {"models": {"asked": dict(ROUTE.models), "answered": [f"{MODELS[0]}-2024-07-18"]}}
    files = {one.id: f"golden/{one.id}/cassette.yaml" for one in scenarios}
    golden = Side({one.id: tuple(_recorded(one, 3, 0, {})) for one in scenarios}, {**facts, **models}, files)
    theirs = {one.id: tuple(_recorded(one, 2, 1, drifts)) for one in scenarios if one.id != "embed-long"}
    unserved = ("skipped", "the candidate names no model for the role 'moderation'")
    states = {one.id: unserved for one in scenarios if one.id == "moderations"}
    candidate = Side(theirs, {**other, **models}, states=states)  # type: ignore[arg-type]
    return judge(
        golden, candidate, Policy(tolerate=(tolerated,)), DAY, ["golden recorded 2 days ago"], exhibit=exhibits
    )


@cache
def whole() -> Report:
    """The gallery of the full suite, made once: many tests look at it."""
    return gallery()


def _recorded(scenario: Scenario, samples: int, seed: int, drifts: Mapping[str, Change]) -> Iterator[Exchange]:
    for sample in range(samples):
        rng = Random(f"{scenario.id} {sample} {seed}")
        done: dict[int, Exchange] = {}
        for step in range(len(scenario.steps)):
            exchange = _sent(scenario, step, sample, done, rng)
            done[step] = drifts[scenario.id](exchange) if scenario.id in drifts else exchange
            place = Location(f"golden/{scenario.id}/cassette.yaml" if not seed else None, 12 + sample * 40 + step * 20)
            yield replace(done[step], location=place)


def _sent(scenario: Scenario, step: int, sample: int, done: Mapping[int, Exchange], rng: Random) -> Exchange:
    body = content(scenario.steps[step], ROUTE, {}, lambda n: reply(done.get(n)), lambda n: reply(done.get(n)))
    ready = prepared(scenario, step, sample, body, "gallery")
    key = {"route": "sk-good-0000", "bad": BAD_KEY, "none": ""}[ready.key]
    headers = (("authorization", f"Bearer {key}"), ("x-request-id", ready.request_id)) if key else ()
    request = Request(ready.method, f"{ROUTE.base_url}/{ready.path}", headers, body)
    found = _Talkative(request, rng, 36).exchange()
    first = rng.uniform(180, 420)
    paced = _retimed(found, lambda n, at: first + at + rng.uniform(-14, 22))
    return replace(paced, scenario=scenario.id, step=step, sample=sample)
