"""sdk-exception-changed: the exception has another class, status, type, code, param or request id, or says otherwise
whether the call may be repeated, or no longer what the server said.

An `except` clause names a class: a new subclass is caught as before, another branch of the tree is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Raised, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, shown

# What the SDKs' own hierarchies begin with: below them nobody writes an `except` for one SDK.
_ROOTS = frozenset({"Exception", "BaseException", "Error", "Object", "object"})
# Mistakes in the SDK itself: an application names none of them, and had no answer with the version before either.
_CRASHES = frozenset({"AttributeError", "IndexError", "KeyError", "NameError", "ReferenceError", "TypeError"})
# What applications read of an exception: https://github.com/openai/openai-python#handling-errors. `retryable`: AI SDK
_READ = ("status", "type", "code", "param", "retryable")


def check(comparison: Comparison) -> Iterator[Drift]:
    """What `except` clauses and error handlers would notice."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    golden, candidate = call.golden.error, call.candidate.error
    if golden and candidate:
        yield from _classes(golden, candidate)
        yield from _attributes(golden, candidate)


def _classes(golden: Raised, candidate: Raised) -> Iterator[Told]:
    if golden.classes[:1] == candidate.classes[:1]:
        return
    lost = [name for name in golden.classes if name not in candidate.classes and name not in _ROOTS]
    caught = golden.classes[0] in candidate.classes
    if {golden.classes[0], candidate.classes[0]} <= _CRASHES:
        yield Told("error.class", "it crashes otherwise", golden.classes[0], candidate.classes[0], Severity.INFO)
        return
    message = "a subclass of the exception before" if caught else f"`except {golden.classes[0]}` does not catch it"
    severity = Severity.INFO if caught else Severity.BREAKING if lost else Severity.RISKY
    yield Told("error.class", message, " < ".join(golden.classes), " < ".join(candidate.classes), severity)


def _attributes(golden: Raised, candidate: Raised) -> Iterator[Told]:
    for name in _READ:
        before, now = getattr(golden, name), getattr(candidate, name)
        if before != now:
            # what was absent and is told now breaks nobody
            severity = Severity.INFO if before is None else Severity.RISKY
            yield Told(f"error.{name}", f"the exception's {name} changed", shown(before), shown(now), severity)
    if golden.request_id is not None and candidate.request_id is None:
        message = "the exception no longer says which request failed"
        yield Told("error.request_id", message, "present", "absent", Severity.RISKY)
    if golden.quoted and candidate.quoted is False:
        message = "the exception no longer holds the message of the server"
        yield Told("error.message", message, "the server's message", "other words", Severity.RISKY)


RULE = Rule(
    id="sdk-exception-changed",
    area="sdk",
    severity=Severity.BREAKING,
    summary="the same failure is another exception, or says something else",
    who_breaks="except clauses that name the class, and handlers that read status, type, code or is_retryable",
    hint="catch the common base class, or name the new class beside the one before",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
