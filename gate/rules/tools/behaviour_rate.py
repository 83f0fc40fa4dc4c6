"""What a model chooses (to call a tool, to stop by itself, to refuse) is chosen more or less often than in the golden.

One sample proves nothing about a choice, so rates over all samples are compared, those of the twin among them, and only
where their 95 % confidence intervals do not overlap: five of five against none of five.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gate.model import Area, Comparison, Drift, Observation, Rate, Rule, Severity
from gate.observe.answer import answered, at_limit, choices, is_text, tool_calls
from gate.observe.request import asked


@dataclass(frozen=True, slots=True)
class _Behaviour:
    """Something that a model chooses to do: whether the request lets it choose, and whether it did it."""

    path: str
    words: str
    area: Area
    possible: Callable[[Observation], bool]
    shown: Callable[[Observation], bool]


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
    """Each behaviour whose rate has changed beyond chance; where few samples say the opposite, a suspicion."""
    of_golden, of_candidate = _answers(comparison.golden), _answers(comparison.candidate)
    for behaviour in _BEHAVIOURS:
        golden, candidate = _rate(behaviour, of_golden), _rate(behaviour, of_candidate)
        # one sample on each side is the usual case, and both do the same
        if golden is None or candidate is None or golden.share == candidate.share:
            continue
        # the twin's samples count too: a model chooses alike, streamed or not
        all_golden = _rate(behaviour, (*of_golden, *_answers(comparison.golden.twin))) or golden
        all_candidate = _rate(behaviour, (*of_candidate, *_answers(comparison.candidate.twin))) or candidate
        # but they only add to what the samples themselves show
        leans = (golden.share - candidate.share) * (all_golden.share - all_candidate.share) > 0
        beyond_chance = leans and all_golden.apart(all_candidate)
        opposite = golden.samples > 1 and {golden.share, candidate.share} == {0.0, 1.0}
        if beyond_chance or opposite:
            yield _drift(behaviour, all_golden, all_candidate, suspicion=not beyond_chance)


def _answers(samples: Iterable[Observation]) -> list[Observation]:
    return [sample for sample in samples if answered(sample)]


def _rate(behaviour: _Behaviour, answers: Iterable[Observation]) -> Rate | None:
    shows = [behaviour.shown(answer) for answer in answers if behaviour.possible(answer)]
    return Rate(sum(shows), len(shows)) if shows else None


def _drift(behaviour: _Behaviour, golden: Rate, candidate: Rate, *, suspicion: bool) -> Drift:
    return Drift(
        path=behaviour.path,
        message=f"the model {behaviour.words} in {_share(candidate)} of the samples, the golden's in {_share(golden)}",
        golden=_evidence(golden),
        candidate=_evidence(candidate),
        area=behaviour.area,
        suspicion=suspicion,
    )


def _share(rate: Rate) -> str:
    return f"{100 * rate.share:.0f} %"


def _evidence(rate: Rate) -> str:
    return f"{rate.hits} of {rate.samples}, {rate.span}"


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
