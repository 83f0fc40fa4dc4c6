"""A stream fails without a word of why, where the golden says it (ER32)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.errors._streamed import explains, said, streamed_errors
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The frame that carries code, type and message is gone; a failed response alone says nothing."""
    for pair, golden in streamed_errors(comparison):
        if all(map(explains, golden)) and not explains(pair.candidate):
            value, _ = said(golden[0], "message")
            yield pair.drift(
                path="error",
                message="the stream fails, and nothing in it says why",
                golden=show(value, 80),
                candidate="no code, type or message",
            )
        elif all(map(_message, golden)) and not _message(pair.candidate):
            value, event = said(pair.candidate, "message")
            yield pair.drift(
                path="error.message",
                message="the error in the stream has no message",
                golden=show(_message(golden[0]), 80),
                candidate=show(value, 80),
                # code and type are left to decide by
                severity=Severity.RISKY,
                at=event,
            )


def _message(observation: Observation) -> str:
    """What an error says to a person; "" where that is no text."""
    value, _ = said(observation, "message")
    return value if isinstance(value, str) else ""


RULE = Rule(
    id="stream-error-reason-lost",
    area="errors",
    # ER32: the SDKs raise an error without a message, and no code decides whether to try again
    severity=Severity.BREAKING,
    summary="a stream fails without its reason",
    who_breaks="code that reads response.error.message: None; limits, filters and faults look alike",
    hint="pass the error event on, or put the error into the response that failed",
    check=check,
    where=has_streams,
)
