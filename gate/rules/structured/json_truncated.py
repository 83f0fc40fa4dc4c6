"""The JSON answer stops before its end (SO04)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import at_limit
from gate.rules.structured._asked import faulty, near_limit
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Cut JSON, whether or not finish_reason says so; near the golden's own limit it may be chance (B25)."""
    for pair, output in faulty(comparison, "truncated"):
        # a client that checks finish_reason is warned, one that parses at once is not
        signalled = at_limit(output.choice)
        if not (signalled and comparison.once(near_limit)):
            finish = f"finish is {show(output.choice.finish, 40)}"
            yield pair.drift(
                path=output.path,
                message=f"the JSON answer is truncated; {finish}{'' if signalled else ', as if it were complete'}",
                golden="whole JSON",
                # the end, not the beginning: it shows where the text stops (80 characters of evidence)
                candidate=show(f"…{output.choice.text[-80:]}"),
            )


RULE = Rule(
    id="json-truncated",
    area="structured",
    # SO04: pydantic meets the end of the text within a string, whatever finish_reason says
    severity=Severity.BREAKING,
    summary="the JSON answer is truncated",
    who_breaks="parsers stop at the end of input (pydantic: EOF while parsing a string)",
    hint="compare the default output limits of both routes; set max_tokens, and leave room for reasoning",
    check=check,
)
