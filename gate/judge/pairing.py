"""Which golden samples are compared with which candidate samples: by step, or by what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from gate.model import Exchange, Json, Observation
from gate.observe.exchange import observe
from gate.observe.refusal import learn, refusals
from gate.observe.request import outline


def observed(exchanges: Iterable[Exchange]) -> tuple[Observation, ...]:
    """The final attempt of each sample of each step, which is what a client that retries ends up with."""
    return tuple(_observed(group) for group in attempts_of(exchanges))


def _observed(attempts: Sequence[Exchange]) -> Observation:
    refused = rejected(attempts)
    return replace(observe(attempts[-1]), rejected=refused) if refused else observe(attempts[-1])


def rejected(attempts: Sequence[Exchange]) -> tuple[tuple[str, str | None], ...]:
    """(parameter refused on an earlier attempt, its replacement)."""
    # where the final attempt was rejected as well, its own status says so
    if len(attempts) == 1 or not attempts[-1].scenario or learn(attempts[-1], {}):
        return ()
    return refusals(attempts)


def attempts_of(exchanges: Iterable[Exchange]) -> tuple[tuple[Exchange, ...], ...]:
    """The attempts of each sample of each step, the final one last."""
    given = tuple(exchanges)
    if len(given) == 1:  # mostly, and asked for by everybody who needs to know
        return (given,)
    groups: dict[tuple[int, int, int], list[Exchange]] = {}
    for number, exchange in enumerate(given):
        # without a `gate` key there are neither steps nor attempts: each interaction is a sample
        key = (exchange.step, exchange.sample, -1) if exchange.scenario else (0, 0, number)
        groups.setdefault(key, []).append(exchange)
    return tuple(tuple(sorted(group, key=lambda exchange: exchange.attempt)) for group in groups.values())


_Key = tuple[Json, ...]
_Groups = dict[_Key, tuple[Observation, ...]]
Pairs = list[tuple[int, tuple[Observation, ...], tuple[Observation, ...]]]


def pair(golden: tuple[Observation, ...], candidate: tuple[Observation, ...]) -> tuple[Pairs, int]:
    """(step, golden samples, candidate samples) of each step, and how many golden groups have no counterpart.

    Without steps samples are grouped by their request, and the step is the group's position among the golden's.
    """
    by_step = stepped(golden, candidate)
    # Two single recordings pair whatever they asked for: cassettes of other recorders leave placeholders in URL and
    # body.
    if len(golden) == len(candidate) == 1:
        return [(golden[0].step if by_step else 0, golden, candidate)], 0
    by = _step if by_step else _request
    golden_groups, candidate_groups = _grouped(golden, by), _grouped(candidate, by)
    if len(golden_groups) == len(candidate_groups) == 1:  # a single group on each side always pairs
        candidate_groups = dict(zip(golden_groups, candidate_groups.values(), strict=True))
    # The exact request first, because two steps of one scenario may differ in nothing but an echoed reply.
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
    """Whether all observations know their step: cassettes without a `gate` key don't."""
    return all(observation.scenario for observation in (*golden, *candidate))


def _grouped(observations: Sequence[Observation], by: Callable[[Observation], _Key]) -> _Groups:
    groups: dict[_Key, list[Observation]] = {}
    for observation in observations:
        groups.setdefault(by(observation), []).append(observation)
    return {key: tuple(group) for key, group in groups.items()}


def _outlined(groups: _Groups, exact: Collection[_Key]) -> _Groups:
    """Groups outside `exact`, by their request without echoed replies: those differ from recording to recording."""
    outlined: _Groups = {}
    for key, group in groups.items():
        rest = key if key in exact else _request(group[0], outline)
        outlined[rest] = (*outlined.get(rest, ()), *group)
    return outlined


def _step(observation: Observation) -> _Key:
    return (observation.step,)


def _request(observation: Observation, view: Callable[[Json], Json] = lambda body: body) -> _Key:
    """Endpoint and body without the model: equal for samples of one request, whatever their host and path prefix."""
    body = observation.request
    # The model's name is what a swap changes, so it can't tell requests apart.
    rest = {key: value for key, value in body.items() if key != "model"} if isinstance(body, dict) else repr(body)
    return observation.endpoint, observation.place, json.dumps(view(rest), sort_keys=True)
