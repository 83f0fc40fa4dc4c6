"""The number of choices is not the `n` of the request, or they are numbered wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.answer import answered, choices
from gate.observe.request import asked


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where every golden sample has the number that was asked for; none at all is reported by the schema."""
    counts = {len(choices(golden)) for golden in comparison.golden if answered(golden)}
    numbered = not any(map(_misnumbered, comparison.golden))
    for pair in comparison.pairs:
        if answered(pair.candidate):
            yield from _count(pair, counts)
            if numbered and len(choices(pair.candidate)) in counts:
                yield from _numbers(pair)


def _count(pair: Pair, counts: set[int]) -> Iterator[Drift]:
    requested, count = asked(pair.candidate, "n"), len(choices(pair.candidate))
    # a golden that ignores n does not show what its clients rely on
    # 0 choices: S05, which the schema reports
    if type(requested) is int and counts == {requested} and count not in (0, requested):
        yield pair.drift(
            path="choices",
            message=f"the request asks for n={requested}; the answer has {count} choice{'s' * (count > 1)}",
            golden=str(requested),
            candidate=str(count),
        )


def _numbers(pair: Pair) -> Iterator[Drift]:
    """As many choices as in the golden, but not numbered 0, 1, 2… in any order: accumulators go by the number."""
    if odd := _misnumbered(pair.candidate):
        yield pair.drift(
            path=f"{odd.finish_path.rpartition('.')[0]}.index",
            message="the choices are not numbered 0, 1, 2…",
            golden="0, 1, 2…",
            candidate=", ".join(str(choice.index) for choice in choices(pair.candidate)[:8]),
            # SDKs' lists keep the order of arrival; accumulators of streams go by the number
            severity=Severity.RISKY,
        )


def _misnumbered(observation: Observation) -> Choice | None:
    """The first choice whose number is taken, or beyond the count."""
    seen: set[int] = set()
    for choice in choices(observation):
        if choice.index in seen or not 0 <= choice.index < len(choices(observation)):
            return choice
        seen.add(choice.index)
    return None


RULE = Rule(
    id="choices-count",
    area="params",
    # choices[1] raises; docs/accuracy.md has two such pairs of providers
    severity=Severity.BREAKING,
    summary="the number of choices is not the n of the request",
    who_breaks="voting and ranking code that indexes choices[1]",
    hint="send n requests with n=1, or choose a route that honours n",
    check=check,
)
