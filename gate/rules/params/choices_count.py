"""Not as many choices as `n` asks for, or several under one index."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Drift, Observation, Rule, Samples, Severity
from gate.questions import answered, asked, choices, numbered


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Every golden sample brings as many as were asked for; no choice at all is told by the schema."""
    for sample, found in numbered(candidate):
        wanted, came = asked(found, "n"), len(choices(found))
        if type(wanted) is not int or not answered(found) or not came or came == wanted:
            continue
        # a golden that ignores n promises nothing
        counts = {len(choices(g)) for g in golden if answered(g)}
        if counts == {wanted}:
            yield Drift("choices", f"n={wanted} brings {came} choices", str(wanted), str(came), sample)
    yield from _shared(golden, candidate)


def _shared(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Streamed choices of one index are one choice already; plain ones can stand beside each other."""
    if any(map(_twice, golden)):
        return
    for sample, found in numbered(candidate):
        if answered(found) and (twice := _twice(found)):
            path, message = f"{twice.path.removesuffix('.message')}.index", "several choices have one index"
            yield Drift(path, message, "0, 1, 2…", str(twice.index), sample, Severity.RISKY)


def _twice(found: Observation) -> Choice | None:
    seen: set[int] = set()
    for choice in choices(found):
        if choice.index in seen:
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
