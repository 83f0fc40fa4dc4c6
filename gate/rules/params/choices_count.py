"""Not as many choices as `n` asks for."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Rule, Samples, Severity
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


RULE = Rule(
    id="choices-count",
    area="params",
    severity=Severity.BREAKING,
    summary="the answer has not as many choices as n asks for",
    who_breaks="voting and ranking code that indexes choices[1]",
    hint="send n requests with n=1, or choose a route that honours n",
    check=check,
)
