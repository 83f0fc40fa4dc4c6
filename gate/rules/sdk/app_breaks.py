"""app-breaks: the team's own client crashes or hangs on a known drift or failure, or goes on with less, without a word.

`gate prove --app` runs it once for each. Such clients trust that usage comes, and that a stream ends.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Rule, Severity, Transcript
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, runs
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """How each run ended, and what it printed."""
    for pair, call in runs(comparison):
        found = _ended(call.candidate) or _printed(call)
        if found and call.golden.outcome == "returned":
            path, message, said, severity = found
            golden = show(_output(call.golden)) if path == "output" else "exits with 0"
            yield pair.drift(path=path, message=message, golden=golden, candidate=said, severity=severity)


_Found = tuple[str, str, str, Severity]


def _ended(run: Transcript) -> _Found | None:
    if run.outcome == "waiting":
        return "end", "it hangs: it had to be ended", "still runs when its time is over", Severity.BREAKING
    if run.outcome == "exited":
        return "end", f"it crashes: {run.detail}", run.detail, Severity.BREAKING
    if run.error is not None:
        # what passes with the next attempt should not end an application; of what stays it may well say so
        severity = Severity.RISKY if run.values.get("passes") else Severity.INFO
        return "end", f"it gives up: {run.error.message}", run.error.classes[0], severity
    return None


def _printed(call: Call) -> _Found | None:
    golden, candidate = _output(call.golden), _output(call.candidate)
    if golden == candidate:
        return None
    less = len("".join(str(candidate).split())) < len("".join(str(golden).split()))
    message = f"it prints {'less' if less else 'something else'}, and exits with 0"
    return "output", message, show(candidate), Severity.BREAKING if less else Severity.RISKY


def _output(run: Transcript) -> Json:
    return run.values.get("output")


RULE = Rule(
    id="app-breaks",
    area="sdk",
    severity=Severity.BREAKING,
    summary="your application crashes, hangs or loses something without a word",
    who_breaks="your own users: the application was run on these very bytes",
    hint="check what you read before you use it, set a timeout, and retry what passes",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
