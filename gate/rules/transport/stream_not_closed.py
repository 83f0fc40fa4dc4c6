"""The answer is finished, but the connection stays open until the client gives up (T06)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.answer import ended, grammar
from gate.rules.transport._endings import ending, unseen_endings


def check(comparison: Comparison) -> Iterator[Drift]:
    """Clients that stop at the sentinel are not affected; without one all of them hang."""
    for pair in unseen_endings(comparison, Ending.TIMEOUT):
        if pair.candidate.form == "stream" and ended(pair.candidate):
            done, sentinel = "done" in pair.candidate.kinds, grammar(pair.candidate).sentinel
            missing = "" if done or not sentinel else f", and {sentinel} never came"
            yield pair.drift(
                path="body",
                message=f"the stream is finished but its connection is never closed{missing}",
                golden="closed at the end",
                candidate=ending(pair.candidate),
                # after [DONE] SDKs stop reading by themselves; the connection is lost to the pool
                severity=Severity.RISKY if done else None,
            )


RULE = Rule(
    id="stream-not-closed",
    area="transport",
    severity=Severity.BREAKING,
    summary="the connection stays open after the stream's end",
    who_breaks="OpenAI SDKs, Open WebUI and OpenCode hang after a complete answer until their own timeout",
    hint="let the server end its response after the last event",
    check=check,
)
