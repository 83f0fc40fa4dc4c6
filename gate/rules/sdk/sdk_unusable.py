"""sdk-unusable: the version does not install, import or start.

openai 1.99.2 moved names that a framework imports (openai/openai-agents-python#1395): nothing ran at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, words


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls that the golden's version could make and the candidate's could not even begin."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    if call.candidate.outcome == "unusable" and call.golden.outcome != "unusable":
        yield Told("start", "the version can't be used here", "it starts", words(call.candidate))


RULE = Rule(
    id="sdk-unusable",
    area="sdk",
    severity=Severity.BREAKING,
    summary="the SDK's version does not install, import or start",
    who_breaks="every application that takes the upgrade: it does not start",
    hint="keep the version before, or the interpreter and packages that the new one asks for",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
