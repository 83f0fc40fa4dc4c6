"""What a model chooses (to call a tool, to stop by itself, to refuse) is chosen more or less often than before.

One sample proves nothing of a choice, so rates over all samples are compared, and only where their 95 % confidence
intervals (Wilson, https://doi.org/10.1080/01621459.1927.10502953) do not overlap: five of five against none of five.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gate.model import Area, Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, choices, tool_calls
from gate.observe.request import asked

_Z = 1.96


@dataclass(frozen=True, slots=True)
class _Choice:
    """One thing that a model chooses, where the request leaves it the choice."""

    path: str
    words: str
    area: Area
    open: Callable[[Observation], bool]
    made: Callable[[Observation], bool]


def _may_call(found: Observation) -> bool:
    return bool(asked(found, "tools")) and asked(found, "tool_choice") in (None, "auto")


_CHOICES = (
    _Choice("choices[].message.tool_calls", "calls a tool", "tools", _may_call, lambda o: bool(tool_calls(o))),
    _Choice(
        "choices[].finish_reason",
        "stops at the limit",
        "params",
        lambda o: not tool_calls(o),
        lambda o: any(c.finish in ("length", "max_output_tokens") for c in choices(o)),
    ),
    _Choice(
        "choices[].message.refusal",
        "refuses",
        "structured",
        lambda _: True,
        lambda o: any(isinstance(c.refusal, str) and c.refusal for c in choices(o)),
    ),
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Each choice whose rate has changed beyond chance."""
    golden, candidate = comparison.golden, comparison.candidate
    for choice in _CHOICES:
        ours, theirs = _counted(choice, golden), _counted(choice, candidate)
        if ours[1] and theirs[1] and _apart(ours, theirs):
            message = f"the model {choice.words} in {_share(theirs)} of the samples, {_share(ours)} before"
            yield Drift(
                path=choice.path,
                message=message,
                golden=_interval(*ours),
                candidate=_interval(*theirs),
                area=choice.area,
            )


def _counted(choice: _Choice, samples: Samples) -> tuple[int, int]:
    fitting = [found for found in samples if answered(found) and choice.open(found)]
    return sum(choice.made(found) for found in fitting), len(fitting)


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    (low, high), (other_low, other_high) = wilson(*one), wilson(*other)
    return high < other_low or other_high < low


def wilson(made: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a rate of `made` in `n` samples."""
    share, spread = made / n, _Z * _Z / n
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _share(counted: tuple[int, int]) -> str:
    return f"{100 * counted[0] / counted[1]:.0f} %"


def _interval(made: int, n: int) -> str:
    low, high = wilson(made, n)
    return f"{made} of {n}, 95 % interval {100 * low:.0f} to {100 * high:.0f} %"


RULE = Rule(
    id="behaviour-rate",
    area="tools",
    severity=Severity.RISKY,
    summary="the model calls tools, hits the limit or refuses at another rate than before",
    who_breaks="agents that rely on the tool being called, and code that shows refusals or cut answers as exceptions",
    hint="compare the prompts that reach the model (tool descriptions, system turn, limits); record more samples",
    check=check,
)
