"""What a model chooses (to call a tool, to stop by itself, to refuse) is chosen more or less often than in the golden.

One sample proves nothing about a choice, so rates over all samples are compared, and only where their 95 % confidence
intervals (Wilson, https://doi.org/10.1080/01621459.1927.10502953) do not overlap: five of five against none of five.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gate.model import Area, Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, at_limit, choices, is_text, tool_calls
from gate.observe.request import asked

# of a 95 % interval: five of five against none of five are apart (rows), two of three against one of three are not
_Z = 1.96


@dataclass(frozen=True, slots=True)
class _Behaviour:
    """Something that a model chooses to do: whether the request lets it choose, and whether it did it."""

    path: str
    words: str
    area: Area
    possible: Callable[[Observation], bool]
    shown: Callable[[Observation], bool]


@dataclass(frozen=True, slots=True)
class _Rate:
    """How many of how many samples show a behaviour."""

    hits: int
    samples: int

    @property
    def share(self) -> str:
        return f"{100 * self.hits / self.samples:.0f} %"

    @property
    def evidence(self) -> str:
        low, high = wilson(self.hits, self.samples)
        return f"{self.hits} of {self.samples}, 95 % interval {100 * low:.0f} to {100 * high:.0f} %"


def _may_call(observation: Observation) -> bool:
    # the default is auto: https://platform.openai.com/docs/api-reference/chat/create#chat-create-tool_choice
    return bool(asked(observation, "tools")) and asked(observation, "tool_choice") in (None, "auto")


_BEHAVIOURS = (
    _Behaviour("choices[].message.tool_calls", "calls a tool", "tools", _may_call, lambda o: bool(tool_calls(o))),
    _Behaviour(
        "choices[].finish_reason",
        "stops at the limit",
        "params",
        lambda o: not tool_calls(o),
        lambda o: any(map(at_limit, choices(o))),
    ),
    _Behaviour(
        "choices[].message.refusal",
        "refuses",
        "structured",
        lambda _: True,
        lambda o: any(is_text(choice.refusal) for choice in choices(o)),
    ),
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Each behaviour whose rate has changed beyond chance."""
    for behaviour in _BEHAVIOURS:
        golden, candidate = _rate(behaviour, comparison.golden), _rate(behaviour, comparison.candidate)
        if golden.samples and candidate.samples and _apart(golden, candidate):
            shares = f"{candidate.share} of the samples, the golden's in {golden.share}"
            yield Drift(
                path=behaviour.path,
                message=f"the model {behaviour.words} in {shares}",
                golden=golden.evidence,
                candidate=candidate.evidence,
                area=behaviour.area,
            )


def _rate(behaviour: _Behaviour, samples: Samples) -> _Rate:
    open_samples = [sample for sample in samples if answered(sample) and behaviour.possible(sample)]
    return _Rate(sum(map(behaviour.shown, open_samples)), len(open_samples))


def _apart(golden: _Rate, candidate: _Rate) -> bool:
    low, high = wilson(golden.hits, golden.samples)
    candidate_low, candidate_high = wilson(candidate.hits, candidate.samples)
    return high < candidate_low or candidate_high < low


def wilson(hits: int, samples: int) -> tuple[float, float]:
    """The 95 % interval of a rate of `hits` in `samples`, as fractions."""
    share, spread = hits / samples, _Z * _Z / samples
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / samples + spread / (4 * samples)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


RULE = Rule(
    id="behaviour-rate",
    area="tools",
    # each answer is one that the model may give (B25, B26); only their share has changed
    severity=Severity.RISKY,
    summary="the model calls tools, stops at the limit or refuses more or less often than the golden's",
    who_breaks="agents that rely on the tool call, and code that treats refusals and truncated answers as exceptions",
    hint="compare the prompts that reach the model (tool descriptions, system message, limits); record more samples",
    check=check,
)
