"""A parameter is refused, and the run went on without it or under another name (PA01, PA03, PA04).

The runner learns from the refusal, so that the suite does not fail one scenario after the other; the attempt that was
refused stays in the cassette, and this rule reports it once.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import shown


def check(comparison: Comparison) -> Iterator[Drift]:
    """Parameters that an earlier attempt of a sample had refused, and no golden's."""
    known = shown(comparison.golden, lambda golden: [parameter for parameter, _ in golden.rejected])
    refused = {parameter: replacement for sample in comparison.candidate for parameter, replacement in sample.rejected}
    # once for the scenario: each sample's first attempt was refused for the same parameter
    for parameter, replacement in refused.items():
        if parameter not in known:
            outcome = f"works as {replacement}" if replacement else "works without it"
            # it counts for all samples: the later ones were spared the refusal
            yield Drift(
                path=f"request.{parameter}",
                message=f"the route refuses the parameter {parameter}; the request {outcome}",
                golden="accepted",
                candidate="refused with 400",
            )


RULE = Rule(
    id="parameter-rejected",
    area="params",
    severity=Severity.BREAKING,
    summary="a parameter that the golden's route accepts is refused",
    who_breaks="every client that sends the parameter gets a 400 on each of its calls",
    hint="rename or drop the parameter in your client, or let the gateway map it; then add it to `map` of the route",
    check=check,
    told_at_once=True,
)
