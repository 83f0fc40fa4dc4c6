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
    return tuple(tuple(sorted(group, key=lambda one: one.attempt)) for group in groups.values())


_Pairs = list[tuple[int, tuple[Observation, ...], tuple[Observation, ...]]]


def pair(golden: tuple[Observation, ...], candidate: tuple[Observation, ...]) -> tuple[_Pairs, int]:
    """(step, golden samples, candidate samples), and how many golden groups found no counterpart."""
    by_step = stepped(golden, candidate)
    if len(golden) == len(candidate) == 1:
        return [(golden[0].step if by_step else 0, golden, candidate)], 0
    by = _step if by_step else _request
    ours, theirs = _grouped(golden, by), _grouped(candidate, by)
    if len(ours) == len(theirs) == 1:  # a single group on each side always pairs
        theirs = dict(zip(ours, theirs.values(), strict=True))
    elif not by_step:
        both = ours.keys() & theirs.keys()
        ours, theirs = _outlined(ours, both), _outlined(theirs, both)
    numbers = {key: key[0] if by_step else place for place, key in enumerate(ours)}
    pairs = [(int(numbers[key]), group, theirs[key]) for key, group in ours.items() if key in theirs]
    return pairs, len(ours) - len(pairs)


def stepped(golden: Iterable[Observation], candidate: Iterable[Observation]) -> bool:
    return all(found.scenario for found in (*golden, *candidate))


def _grouped(
    found: Sequence[Observation], by: Callable[[Observation], tuple[Json, ...]]
) -> dict[tuple[Json, ...], tuple[Observation, ...]]:
    groups: dict[tuple[Json, ...], list[Observation]] = {}
    for one in found:
        groups.setdefault(by(one), []).append(one)
    return {key: tuple(group) for key, group in groups.items()}


_Groups = dict[tuple[Json, ...], tuple[Observation, ...]]


def _outlined(groups: _Groups, exact: Collection[tuple[Json, ...]]) -> _Groups:
    """Later turns echo replies, so that no two recordings send the same: what has no counterpart goes by the rest."""
    found: _Groups = {}
    for key, group in groups.items():
        rest = key if key in exact else _request(group[0], outline)
        found[rest] = (*found.get(rest, ()), *group)
    return found


def _step(found: Observation) -> tuple[Json, ...]:
    return (found.step,)


def _request(found: Observation, view: Callable[[Json], Json] = lambda body: body) -> tuple[Json, ...]:
    """Endpoint and body less the model: what makes two recordings samples of one request. Hosts and what stands before
    an endpoint's path may differ; of an unknown one all of the path must be the same."""
    body = found.request
    rest = {key: value for key, value in body.items() if key != "model"} if isinstance(body, dict) else repr(body)
    return found.endpoint, found.place, json.dumps(view(rest), sort_keys=True)
