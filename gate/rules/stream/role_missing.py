"""No delta of the stream, or of one of its choices, has the role (ST07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import Stream, unseen


def check(comparison: Comparison) -> Iterator[Drift]:
    """A chunk of its own and the first content are both right (B11). A wrong value is role-wrong's."""
    for pair, stream, lanes in unseen(comparison, _without_role):
        if stream.undamaged and not any(v.path.endswith(".role") for v in pair.candidate.violations):
            which = "" if len(lanes) == len(stream.lanes) else f" of choice {lanes[0]}"
            yield pair.drift(
                path=f"choices[{lanes[0]}].delta.role",
                message=f"no chunk{which} has the role",
                golden='"assistant"',
                candidate="absent or null",
                at=stream.spans[lanes[0]][0],
            )


def _without_role(stream: Stream) -> list[int]:
    """The choices whose chunks have no role, of an API that sends one; items of a response have theirs inside."""
    known = any("role" in row for row in stream.endpoint.lanes.values())
    return [lane for lane in stream.lanes if known and not stream.of("role", lane)]


RULE = Rule(
    id="role-missing",
    area="stream",
    # docs/clients.md: openai-node's stream helper raises OpenAIError, "missing role for choice 0"
    severity=Severity.BREAKING,
    summary="the stream has no role",
    who_breaks="clients that build the message from its deltas send it back without a role; attribute access raises",
    hint='send {"role": "assistant"} with the first delta of each choice',
    check=check,
    where=has_streams,
    of_order=True,
)
