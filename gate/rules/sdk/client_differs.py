"""client-differs: an SDK in use fails on the candidate's answer, or reads less of it than of the golden's.

It is told where no other finding of the same step tells it (`gate.judge.clients`): the team's own client trips over
something that no rule knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Effect, Rule, Severity
from gate.observe.clients import effects_of
from gate.observe.scopes import has_transcripts


def check(comparison: Comparison) -> Iterator[Drift]:
    """What each client did with each sample that it did with no golden sample."""
    for pair in comparison.pairs:
        for effect in effects_of(comparison.golden, pair.candidate):
            if effect.did != "reads":
                yield pair.drift(
                    # without its version, so that a tolerance outlives an upgrade
                    path=effect.client.rpartition(" ")[0],
                    message=f"the SDK does not read it as it read the golden: {effect}",
                    golden="reads it",
                    candidate=_words(effect),
                    severity=Severity.BREAKING if effect.fails else Severity.RISKY,
                )


def _words(effect: Effect) -> str:
    return str(effect).removeprefix(f"{effect.client} ")


RULE = Rule(
    id="client-differs",
    area="sdk",
    severity=Severity.BREAKING,
    summary="an SDK in use fails on the answer, or reads less of it than of the golden's",
    who_breaks="your own application: its SDK was given these very bytes",
    hint="compare the bytes of both sides (gate explain); report it, since no rule tells what the SDK trips over",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
