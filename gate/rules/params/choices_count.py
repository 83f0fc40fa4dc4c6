"""Not as many choices as `n` asks for, or numbered wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, choices, numbered
from gate.observe.request import asked


def check(comparison: Comparison) -> Iterator[Drift]:
    """Every golden sample brings as many as were asked for; no choice at all is told by the schema."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        wanted, came = asked(found, "n"), len(choices(found))
        if type(wanted) is not int or not answered(found) or not came or came == wanted:
            continue
        # a golden that ignores n promises nothing
        counts = {len(choices(g)) for g in golden if answered(g)}
        if counts == {wanted}:
            yield Drift(
                path="choices",
                message=f"n={wanted} brings {came} choices",
                golden=str(wanted),
                candidate=str(came),
                sample=sample,
            )
    yield from _misnumbered(golden, candidate)


def _misnumbered(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """As many choices as in the golden, but not numbered 0, 1, 2… in any order: accumulators go by the number."""
    counts = {len(choices(g)) for g in golden if answered(g)}
    if any(map(_odd, golden)):
        return
    for sample, found in numbered(candidate):
        odd = _odd(found) if answered(found) and len(choices(found)) in counts else None
        if odd:
            message = "the choices are not numbered 0, 1, 2…"
            here = ", ".join(str(choice.index) for choice in choices(found)[:8])
            path = f"{odd.finish_path.rpartition('.')[0]}.index"
            yield Drift(
                path=path, message=message, golden="0, 1, 2…", candidate=here, sample=sample, severity=Severity.RISKY
            )


def _odd(found: Observation) -> Choice | None:
    """The first choice whose number is taken, or beyond the count."""
    seen: set[int] = set()
    for choice in choices(found):
        if choice.index in seen or not 0 <= choice.index < len(choices(found)):
            return choice
        seen.add(choice.index)
    return None


RULE = Rule(
    id="choices-count",
    area="params",
    severity=Severity.BREAKING,
    summary="the answer has not as many choices as n asks for",
    who_breaks="voting and ranking code that indexes choices[1]",
    hint="send n requests with n=1, or choose a route that honours n",
    check=check,
)
