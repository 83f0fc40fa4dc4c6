"""No rule raises on any number or value that JSON can hold, wherever it stands in an answer."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gate.judge.compare import Cell, compare
from gate.judge.pairing import observed
from gate.model import Chunk, Exchange, Samples
from tests.mutation_goldens import GOLDENS

# json.loads takes integers of up to 4,300 digits, and floats beyond infinity
NUMBERS: tuple[Any, ...] = (
    10**300, -(10**300), 10**4000, 10**19, 2**63, -1, 0, 1e308, -1e308, 5e-324, -0.0, 0.1, float("inf"), float("nan"),
)  # fmt: skip
VALUES: tuple[Any, ...] = (None, True, "", "x", "9" * 400, "1e999", [], {}, [10**300], {"": 10**300}, [[]], [None])


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value, collections among them."""
    if path:
        yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from leaves(item, (*path, key))


def changed(value: Any, number: Any) -> Any:
    """The value with every number replaced."""
    if isinstance(value, dict):
        return {key: changed(item, number) for key, item in value.items()}
    if isinstance(value, list):
        return [changed(item, number) for item in value]
    return number if isinstance(value, int | float) and not isinstance(value, bool) else value


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


def parts(exchange: Exchange) -> list[Any]:
    """The JSON documents of a body, with the bytes between them."""
    assert exchange.response is not None
    body = exchange.response.body.decode(errors="replace")
    lines = body.split("\n") if body.startswith(("data:", "event:")) else [body]
    return [parsed(line) for line in lines]


def parsed(line: str) -> tuple[str, Any]:
    prefix = "data: " if line.startswith("data: ") else ""
    try:
        return prefix, json.loads(line.removeprefix(prefix))
    except ValueError:
        return line, None


def with_parts(exchange: Exchange, documents: list[tuple[str, Any]]) -> Exchange:
    assert exchange.response is not None
    lines = [prefix if doc is None else prefix + json.dumps(doc) for prefix, doc in documents]
    return replace(exchange, response=replace(exchange.response, body="\n".join(lines).encode()))


def crashes(golden: tuple[Exchange, ...], candidate: tuple[Exchange, ...]) -> list[str]:
    sides = Samples(observed(golden), ()), Samples(observed(candidate), ())
    return [f"{crash.rule}: {crash.traceback[-300:]}" for crash in compare([Cell("any", 0, *sides)])[1]]


def both_ways(golden: Exchange, hostile: Exchange) -> list[str]:
    return crashes((golden,), (hostile,)) + crashes((hostile,), (golden,)) + crashes((hostile, golden), (hostile,))


@pytest.mark.untraced
@pytest.mark.parametrize("name", GOLDENS)
def test_every_number_of_an_answer_at_once(name: str) -> None:
    golden = GOLDENS[name][0]
    documents = parts(golden)
    for number in NUMBERS:
        hostile = with_parts(golden, [(p, changed(doc, number)) for p, doc in documents])
        assert both_ways(golden, hostile) == []


# Every fourth golden is fast; all others are slow, each with values and places of its own.
@pytest.mark.untraced
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * bool(n % 4)) for n, name in enumerate(GOLDENS)]
)
def test_one_value_of_an_answer(name: str) -> None:
    """At most 120 combinations of place and value for each golden, the same ones in every run."""
    golden, rng = GOLDENS[name][0], random.Random(name)
    documents = parts(golden)
    places = [(n, path) for n, (_, doc) in enumerate(documents) for path in leaves(doc) if isinstance(doc, dict | list)]
    for n, path in rng.sample(places, min(len(places), 40)):
        for value in rng.sample((*NUMBERS, *VALUES), 3):
            prefix, doc = documents[n]
            hostile = with_parts(golden, [*documents[:n], (prefix, put(doc, path, value)), *documents[n + 1 :]])
            assert both_ways(golden, hostile) == [], (path, value)


@pytest.mark.untraced
@pytest.mark.parametrize(
    "text", ["9" * 4400, "-1", "1e999", "nan", "inf", "٣", "²", "1.5.5", "9" * 300 + "ms", " ", "\x00"]
)
def test_numbers_in_headers(text: str) -> None:
    names = (
        "x-ratelimit-limit-requests", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests", "retry-after",
        "retry-after-ms", "content-length", "openai-processing-ms", "age",
    )  # fmt: skip
    for exchanges in GOLDENS.values():
        golden = exchanges[0]
        assert golden.response is not None
        headers = (*((k, v) for k, v in golden.response.headers if k not in names), *((name, text) for name in names))
        hostile = replace(golden, response=replace(golden.response, headers=headers))
        assert both_ways(golden, hostile) == []


@pytest.mark.untraced
@pytest.mark.parametrize("ms", [0.0, 1e300, 1e-300, 1.7e308])
def test_times_that_no_clock_takes(ms: float) -> None:
    """A cassette may hold any finite time."""
    for exchanges in GOLDENS.values():
        golden = exchanges[0]
        chunks = tuple(Chunk(ms, chunk.size) for chunk in golden.chunks)
        hostile = replace(golden, chunks=chunks, first_byte_ms=ms, total_ms=ms, connect_ms=ms)
        assert both_ways(golden, hostile) == []
