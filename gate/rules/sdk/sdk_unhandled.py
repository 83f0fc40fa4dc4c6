"""sdk-unhandled: the SDK leaves an exception to nobody: no `except` or `catch` around the call sees it.

Node ends the process on a rejection that nobody handles (https://nodejs.org/api/cli.html#--unhandled-rejectionsmode);
Python prints what ends a thread, or a task that nobody awaits, and goes on.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts


def check(comparison: Comparison) -> Iterator[Drift]:
    """Exceptions that nobody can catch, and that the version before did not leave."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    for name in call.candidate.unhandled:
        if name not in call.golden.unhandled:
            yield Told("unhandled", f"{name} is raised where no application can catch it", "none", name)


RULE = Rule(
    id="sdk-unhandled",
    area="sdk",
    severity=Severity.BREAKING,
    summary="the SDK raises an exception outside of the call, where no application can catch it",
    who_breaks="services in Node, whose process ends; in Python the failure is in the log alone",
    hint="handle it for the whole process (unhandledRejection, threading.excepthook), or keep the version before",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
