"""Observations of one scenario → its measures, by side and step. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from gate.endpoints import member
from gate.judge.compare import Cell
from gate.model import Ending, Exchange, Measures, Observation
from gate.observe.usage import COMPLETION, PROMPT, tokens, usage

# CANCELLED is the scenario's own doing.
_BROKEN = frozenset(Ending) - {Ending.COMPLETE, Ending.CANCELLED}
# Beyond 2^53 a JSON number is no longer exact in most languages (RFC 8259, 6).
_HUGE = 2.0**53
_Side = Literal["golden", "candidate"]
_SIDES: tuple[_Side, ...] = ("golden", "candidate")
_Tries = Sequence[Sequence[Exchange]]
_Sample = tuple[Observation, int]
"""A final attempt, and the number of attempts that it took."""


def measures(
    cells: Iterable[Cell], golden: Sequence[Observation], candidate: Sequence[Observation], tries: Sequence[_Tries]
) -> Iterator[Measures]:
    """Both sides of a scenario, one for each step; `tries` are the attempts of each sample, of golden and candidate."""
    # a report lists a sample under the step of its cell
    steps = {id(sample): cell.step for cell in cells for group in (cell.golden, cell.candidate) for sample in group}
    for side, samples, attempts in zip(_SIDES, (golden, candidate), tries, strict=True):
        by_step: dict[int, list[_Sample]] = {}
        for sample, group in zip(samples, attempts, strict=True):
            by_step.setdefault(steps.get(id(sample), sample.step), []).append((sample, len(group)))
        yield from (_of(side, step, group) for step, group in sorted(by_step.items()))


def _of(side: _Side, step: int, group: Sequence[_Sample]) -> Measures:
    observed = [sample for sample, _ in group]
    # an error is fast, and would make a route that fails look quick
    timings = [sample.timing for sample in observed if sample.ok]
    own = [_tokens(sample) for sample in observed]
    billed = [_billed(sample) for sample in observed if sample.passage]
    model = member(observed[0].request, "model")
    return Measures(
        side,
        step,
        model=model if isinstance(model, str) else "",
        answers=len(group),
        errors=sum(sample.status >= 400 for sample in observed),
        unanswered=sum(sample.form == "none" for sample in observed),
        broken=sum(sample.form == "stream" and sample.ending in _BROKEN for sample in observed),
        attempts=sum(attempts for _, attempts in group),
        posts=_posts(observed),
        connect=_mean(timing.connect for timing in timings),
        ttft=_mean(timing.first_token for timing in timings),
        gap=_mean(gap for timing in timings for gap in timing.gaps),
        total=_mean(timing.total for timing in timings),
        prompt=_mean(prompt for prompt, _ in own),
        completion=_mean(completion for _, completion in own),
        billed_prompt=_mean(prompt for prompt, _ in billed),
        billed_completion=_mean(completion for _, completion in billed),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that can be one; None without any."""
    known = [value for value in values if value is not None and 0 <= value < _HUGE]
    return round(math.fsum(known) / len(known), 3) if known else None


_Tokens = tuple[int | None, int | None]


def _tokens(sample: Observation) -> _Tokens:
    counts = usage(sample)
    return tokens(counts, *PROMPT), tokens(counts, *COMPLETION)


def _posts(observed: Sequence[Observation]) -> int | None:
    passages = [sample.passage for sample in observed if sample.passage]
    return sum(len(passage.calls) for passage in passages) if passages else None


def _billed(sample: Observation) -> _Tokens:
    """The tokens of every answer of the provider: a gateway that asks again pays again, whatever its client sees."""
    each = [_tokens(call.answer) for call in sample.passage.calls] if sample.passage else []
    return _sum(prompt for prompt, _ in each), _sum(completion for _, completion in each)


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
