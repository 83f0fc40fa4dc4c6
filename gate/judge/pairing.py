"""Which golden samples are compared with which candidate samples: by step, or by what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from gate.model import (
    Exchange,
    Json,
    Observation,
)
from gate.observe.exchange import observe
from gate.observe.refusal import learn, refusals
from gate.observe.request import outline


def observed(exchanges: Iterable[Exchange]) -> tuple[Observation, ...]:
    """The last attempt of every sample of every step: what a client that waits and asks again ends up with."""
    return tuple(_observed(group) for group in attempts_of(exchanges))


def _observed(attempts: Sequence[Exchange]) -> Observation:
    last = attempts[-1]
    # where the last attempt was refused as well, its own status says so
    refused = () if len(attempts) == 1 or not last.scenario or learn(last, {}) else refusals(attempts)
    return replace(observe(last), rejected=refused) if refused else observe(last)


def attempts_of(exchanges: Iterable[Exchange]) -> tuple[tuple[Exchange, ...], ...]:
    """The attempts of each sample of each step, the one that counts at the end."""
    groups: dict[tuple[int, int, int], list[Exchange]] = {}
    for number, exchange in enumerate(exchanges):
        # without a `gate` key there are neither steps nor attempts: each interaction stands for itself
        key = (exchange.step, exchange.sample, -1) if exchange.scenario else (0, 0, number)
        groups.setdefault(key, []).append(exchange)
    return tuple(tuple(sorted(group, key=lambda exchange: exchange.attempt)) for group in groups.values())


_Pairs = list[tuple[int, tuple[Observation, ...], tuple[Observation, ...]]]


def pair(golden: tuple[Observation, ...], candidate: tuple[Observation, ...]) -> tuple[_Pairs, int]:
    """(step, golden samples, candidate samples), and how many golden groups found no counterpart."""
    by_step = stepped(golden, candidate)
    if len(golden) == len(candidate) == 1:
        return [(golden[0].step if by_step else 0, golden, candidate)], 0
    by = _step if by_step else _request
    golden_groups, candidate_groups = _grouped(golden, by), _grouped(candidate, by)
    if len(golden_groups) == len(candidate_groups) == 1:  # a single group on each side always pairs
        candidate_groups = dict(zip(golden_groups, candidate_groups.values(), strict=True))
    elif not by_step:
        both = golden_groups.keys() & candidate_groups.keys()
        golden_groups, candidate_groups = _outlined(golden_groups, both), _outlined(candidate_groups, both)
    numbers = {key: key[0] if by_step else place for place, key in enumerate(golden_groups)}
    pairs = [
        (int(numbers[key]), group, candidate_groups[key])
        for key, group in golden_groups.items()
        if key in candidate_groups
    ]
    return pairs, len(golden_groups) - len(pairs)


def stepped(golden: Iterable[Observation], candidate: Iterable[Observation]) -> bool:
    return all(observation.scenario for observation in (*golden, *candidate))


def _grouped(
    observations: Sequence[Observation], by: Callable[[Observation], tuple[Json, ...]]
) -> dict[tuple[Json, ...], tuple[Observation, ...]]:
    groups: dict[tuple[Json, ...], list[Observation]] = {}
    for observation in observations:
        groups.setdefault(by(observation), []).append(observation)
    return {key: tuple(group) for key, group in groups.items()}


_Groups = dict[tuple[Json, ...], tuple[Observation, ...]]


def _outlined(groups: _Groups, exact: Collection[tuple[Json, ...]]) -> _Groups:
    """Later turns echo replies, so that no two recordings send the same: what has no counterpart goes by the rest."""
    outlined: _Groups = {}
    for key, group in groups.items():
        rest = key if key in exact else _request(group[0], outline)
        outlined[rest] = (*outlined.get(rest, ()), *group)
    return outlined


def _step(observation: Observation) -> tuple[Json, ...]:
    return (observation.step,)


def _request(observation: Observation, view: Callable[[Json], Json] = lambda body: body) -> tuple[Json, ...]:
    """Endpoint and body less the model: what makes two recordings samples of one request. Hosts and what stands before
    an endpoint's path may differ; of an unknown one all of the path must be the same."""
    body = observation.request
    rest = {key: value for key, value in body.items() if key != "model"} if isinstance(body, dict) else repr(body)
    return observation.endpoint, observation.place, json.dumps(view(rest), sort_keys=True)
