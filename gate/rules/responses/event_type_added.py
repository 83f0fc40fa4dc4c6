"""Events of a type that neither the golden nor the API has come in a stream (RS25)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import grammar, occurrences
from gate.observe.scopes import is_responses
from gate.wire.shape import show

# OpenAI itself has sent it here; its reference has it for Realtime alone:
# https://platform.openai.com/docs/api-reference/realtime-server-events/rate_limits/updated
_OPENAIS = frozenset({"rate_limits.updated"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """One finding for each type."""
    for pair in comparison.answers:
        usual = frozenset[str]().union(*(golden.kinds for golden in pair.golden))
        pattern = grammar(pair.candidate).vocabulary
        for kind in sorted(pair.candidate.kinds - usual) if pattern else ():
            event = occurrences(pair.candidate, kind)[0][0]
            # what is no event of the API at all (comments, broken JSON) is told by the rules of transport
            if isinstance(member(event.doc, "type"), str) and not re.fullmatch(pattern, kind):
                yield pair.drift(
                    path=f"events.{kind[:60]}",
                    message=f"events have the type {show(kind, 60)}, which the API does not have",
                    golden="no such event",
                    candidate=show(event.doc, 80),
                    severity=Severity.INFO if kind in _OPENAIS else None,
                    at=event,
                )


RULE = Rule(
    id="event-type-added",
    area="responses",
    # RS25: openai-node's ResponseAccumulator ends with assertNever, and closed unions reject them; others pass them on
    severity=Severity.BREAKING,
    summary="the stream has events of an unknown type",
    who_breaks="openai-node's responses.stream throws on a type that it does not know; decoders with a closed list",
    hint="send keep-alives as comment lines, and a vendor's events only to clients that ask for them",
    check=check,
    where=is_responses,
)
