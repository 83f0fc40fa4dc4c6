"""What *full* asks beyond plain chat: each scenario is answered, exercises something, and shows what it is for."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest

from gate.endpoints import endpoint
from gate.judge.compare import Cell, compare
from gate.judge.idle import idle
from gate.judge.prove import Bench, prove
from gate.model import Exchange, Policy, Request, Route, Samples
from gate.mutations import Mutation, mutations
from gate.observe.exchange import observe
from gate.observe.stream_summary import stream_line
from gate.run import templates
from gate.suite import builtin, builtin_set
from tests.full_provider import FullProvider

ROLES = ("chat", "completion", "tts", "stt", "image", "rerank", "moderation")
MODELS = {**dict.fromkeys(ROLES, "gpt-4o-mini"), "embedding": "text-embedding-3-small"}
# it sends what a golden on disk has
UNRECORDED = ("tool-roundtrip-golden",)
KEY = "Bearer sk-good-0001"
ROUTE = Route("baseline", "http://127.0.0.1/v1", models=MODELS)
SCENARIOS = (
    *("count-stream", "gzip-stream", "encodings-stream", "prose-stream", "audio-speech-stream", "image-stream"),
    *("completions-list", "completions-echo", "long-prompt"),
    *("tool-custom", "tool-custom-stream", "tool-parallel-off", "tool-roundtrip-reasoning"),
    *("responses-tool-custom", "responses-web-search", "responses-include", "responses-previous"),
    *("responses-reasoning", "transcription", "transcription-stream", "transcription-verbose"),
    *("tool-or-json", "tool-text-stream", "rerank", "responses-too-long-stream"),
)


@functools.cache
def recorded(name: str, seed: int = 0) -> tuple[Exchange, ...]:
    """Two samples of a scenario, as the provider answers at 50 tokens a second."""
    provider = FullProvider(gap_ms=20.0, seed=seed)
    return tuple(exchange for sample in range(2) for exchange in _sample(name, sample, provider))


def _sample(name: str, sample: int, provider: FullProvider) -> Iterator[Exchange]:
    replies: dict[int, Exchange] = {}
    for number, step in enumerate(builtin()[name].steps):
        said = templates.content(step, ROUTE, {}, lambda n: templates.reply(replies.get(n)), lambda _: None)
        url = f"{ROUTE.base_url}{step.path or f'/{endpoint(step.endpoint).path}'}"
        headers = {**templates.prepared(builtin()[name], number, sample, said, "run").headers, "authorization": KEY}
        answer = provider.answer(Request(step.method, url, tuple(headers.items()), said))
        assert answer is not None
        replies[number] = replace(answer, scenario=name, step=number, sample=sample)
    yield from replies.values()


def _cells(name: str, seed: int) -> list[Cell]:
    def samples(exchanges: tuple[Exchange, ...], step: int) -> Samples:
        return Samples(tuple(observe(exchange) for exchange in exchanges if exchange.step == step))

    steps = range(len(builtin()[name].steps))
    return [Cell(name, step, samples(recorded(name), step), samples(recorded(name, seed), step)) for step in steps]


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_is_answered_and_exercises_something(name: str) -> None:
    found = [observe(exchange) for exchange in recorded(name)]
    assert [sample.status for sample in found] == [200] * len(found)
    assert idle(found) == ""


@pytest.mark.parametrize("name", SCENARIOS)
def test_two_recordings_of_one_route_are_alike(name: str) -> None:
    assert compare(_cells(name, seed=1)) == ((), ())


SHOWN = [
    (mutation, name)
    for mutation in mutations().values()
    for name in mutation.exercised_by
    if name in SCENARIOS and mutation.area != "request"
]


@pytest.mark.parametrize(("mutation", "name"), SHOWN, ids=lambda value: getattr(value, "id", value))
def test_it_shows_the_drifts_that_name_it(mutation: Mutation, name: str) -> None:
    twins: Mapping[str, str] = {name: twin for name in SCENARIOS if (twin := builtin()[name].twin) in SCENARIOS}
    goldens = {one: recorded(one) for one in {name, twins.get(name, name)}}
    bench = Bench(goldens, twins, Policy(), date.min, set(SCENARIOS))
    rows = [row for row in bench.caught(mutation) if row.scenario == name]
    assert [row.outcome for row in rows] == ["caught"], "exercised_by names a scenario whose golden it does not fit"
    assert list(bench.fired(mutation)) == []


@pytest.mark.slow
@pytest.mark.untraced
def test_a_whole_recording_shows_every_drift_that_it_fits_and_no_twin_fires() -> None:
    whole = {scenario.id: recorded(scenario.id) for scenario in builtin_set("full") if scenario.id not in UNRECORDED}
    proof = prove(whole, {name: twin for name in whole if (twin := builtin()[name].twin)})
    assert [(row.mutation, row.scenario, row.message) for row in proof.of("missed", "twin fired")] == []
    assert proof.crashes == ()
    assert len(proof.unexercised) < len(mutations()) / 10


def test_a_transcript_is_told_with_its_length() -> None:
    (one, *_) = recorded("transcription-stream")
    assert stream_line(observe(one)) == (
        "9 frames · first token 20 ms · transcript.text.delta+ transcript.text.done · 22 characters · finish none"
    )
