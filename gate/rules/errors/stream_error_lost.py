"""A stream no longer says that it failed (ER33)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import carries_error, damaged, grammar
from gate.rules.errors._streamed import fails, said
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where every golden stream ends in an error. One that goes on to its end has perhaps not failed at all."""
    golden = list(comparison.golden)
    for pair in comparison.pairs if golden and all(map(fails, golden)) else ():
        candidate = pair.candidate
        if candidate.ok and candidate.form == "stream" and not carries_error(candidate) and not damaged(candidate):
            finished = not candidate.kinds.isdisjoint(grammar(candidate).ends)
            further = finished and _length(candidate) > max(map(_length, golden))
            message, _ = said(golden[0], "message")
            yield pair.drift(
                path="error",
                message="the stream ends as if it were whole"
                if finished
                else "the stream breaks off without its error",
                golden=show(message, 80),
                candidate="an answer" if finished else "no error",
                severity=Severity.RISKY if further else None,
            )
        elif fails(candidate) and _unclosed(candidate) and not any(map(_unclosed, golden)):
            yield pair.drift(
                path="events.failed",
                message="an error event ends the stream, without response.failed",
                golden="response.failed",
                candidate="error alone",
                # Codex reads response.failed and no event of the type error: it reports a stream that broke off
                # (zyycn/codex-proxy-rs 90)
                severity=Severity.RISKY,
            )


def _unclosed(observation: Observation) -> bool:
    return bool(grammar(observation).answer_at) and "failed" not in observation.kinds


def _length(observation: Observation) -> int:
    """How many characters of text came."""
    return sum(len(piece) for pieces in observation.pieces.values() for piece in pieces)


RULE = Rule(
    id="stream-error-lost",
    area="errors",
    # ER33: nothing tells half an answer from a whole one
    severity=Severity.BREAKING,
    summary="a stream that fails does not say so",
    who_breaks="half an answer is shown and stored as a whole one; no retry is tried",
    hint="pass the error event on, before the stream is closed",
    check=check,
)
