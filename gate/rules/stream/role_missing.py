"""No delta of the stream carries the role (ST07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Rule, Samples, Severity
from gate.rules.stream._streams import drift, judged


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """In its own chunk or with the first content, both are right (B11). A wrong value is the schema's."""
    for like, stream in judged(golden, candidate):
        if not all(any(g.of("role", lane) for lane in g.lanes) for g in like) or not stream.whole:
            continue
        none = stream.lanes and not any(stream.of("role", lane) for lane in stream.lanes)
        if none and not any(v.path.endswith(".role") for v in stream.found.violations):
            path = f"choices[{stream.lanes[0]}].delta.role"
            first = stream.spans[stream.lanes[0]][0]
            yield drift(stream, first, path, "no chunk says the role", '"assistant"', "absent or null")


RULE = Rule(
    id="role-missing",
    area="stream",
    severity=Severity.RISKY,
    summary="the stream never says that the assistant speaks",
    who_breaks="clients that build the message from its deltas send it back without a role; attribute access raises",
    hint='send {"role": "assistant"} with the first delta of each choice',
    check=check,
)
