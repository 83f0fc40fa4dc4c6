"""sdk-failure-hidden: a broken answer raised before, and passes for a whole one now.

Clients differ in what a cut stream is to them (openai/openai-python#3811); an application that is told nothing stores
half an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.sdk._calls import Call, Told, drifts, words


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls that raised and return now."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    if call.golden.error and call.candidate.outcome == "returned":
        message = "an exception of the version before is an answer now"
        yield Told("error", message, words(call.golden), words(call.candidate))


RULE = Rule(
    id="sdk-failure-hidden",
    area="sdk",
    severity=Severity.BREAKING,
    summary="the SDK returns an answer where the version before raised",
    who_breaks="code that relies on the exception: a cut or refused answer is taken for a whole one",
    hint="check finish_reason and the end of the stream yourself before the answer is used",
    check=check,
    told_at_once=True,
)
