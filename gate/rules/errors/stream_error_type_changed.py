"""The type of an error inside a stream is gone, or another than the golden's (ER31)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.errors._streamed import explains, said, streamed_errors
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The type alone; that the error says nothing at all is stream-error-reason-lost's."""
    for pair, golden in streamed_errors(comparison):
        usual, (value, event) = [said(sample, "type")[0] for sample in golden], said(pair.candidate, "type")
        if all(usual) and value not in usual and explains(pair.candidate):
            yield pair.drift(
                path="error.type",
                message="the type of the error in the stream " + ("differs from the golden's" if value else "is gone"),
                golden=" or ".join(sorted({show(word, 60) for word in usual})),
                candidate=show(value, 60),
                at=event,
            )


RULE = Rule(
    id="stream-error-type-changed",
    area="errors",
    # ER31: SDKs raise one class for errors in a stream; what reads the type goes on otherwise
    severity=Severity.RISKY,
    summary="an error inside a stream has another type",
    who_breaks="retry logic that branches on error.type in a stream: it tries again what will never work, or gives up",
    hint="compare errors in the middle of a stream like those of plain answers, and pass them on unchanged",
    check=check,
)
