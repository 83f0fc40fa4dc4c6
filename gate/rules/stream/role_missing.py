"""No delta of the stream, or of one of its choices, carries the role (ST07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.rules.stream._streams import Stream, drift, judged


def check(comparison: Comparison) -> Iterator[Drift]:
    """In its own chunk or with the first content, both are right (B11). A wrong value is the schema's."""
    golden, candidate = comparison.golden, comparison.candidate
    for like, stream in judged(golden, candidate):
        if any(_silent(g) for g in like) or not stream.whole:
            continue
        silent = _silent(stream)
        if silent and not any(v.path.endswith(".role") for v in stream.found.violations):
            whole = "" if len(silent) == len(stream.lanes) else f" of choice {silent[0]}"
            path, message = f"choices[{silent[0]}].delta.role", f"no chunk{whole} says the role"
            yield drift(stream, stream.spans[silent[0]][0], path, message, '"assistant"', "absent or null")


def _silent(stream: Stream) -> list[int]:
    """The choices that never say their role."""
    return [lane for lane in stream.lanes if not stream.of("role", lane)]


RULE = Rule(
    id="role-missing",
    area="stream",
    severity=Severity.RISKY,
    summary="the stream never says that the assistant speaks",
    who_breaks="clients that build the message from its deltas send it back without a role; attribute access raises",
    hint='send {"role": "assistant"} with the first delta of each choice',
    check=check,
    of_order=True,
)
