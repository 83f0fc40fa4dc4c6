"""JSON that was asked for stops before its end (SO04)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.structured._asked import LIMITS, faulty, near_limit
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Cut JSON, whether or not finish_reason owns up to it; near the golden's own limit it may be chance (B25)."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, output in faulty(golden, candidate, "truncated"):
        told = output.choice.finish in LIMITS
        if not (told and near_limit(golden)):
            signal = f"finish is {show(output.choice.finish, 40)}" + ("" if told else ", as if it were whole")
            message = f"the JSON answer is cut; {signal}"
            yield Drift(
                path=output.path,
                message=message,
                golden="whole JSON",
                candidate=show(f"…{output.choice.text[-80:]}"),
                sample=sample,
            )


RULE = Rule(
    id="json-truncated",
    area="structured",
    severity=Severity.BREAKING,
    summary="the JSON answer is cut off",
    who_breaks="parsers stop at the end of input (pydantic: EOF while parsing a string)",
    hint="compare the default output limits of both routes; send max_tokens, and leave room for reasoning",
    check=check,
)
