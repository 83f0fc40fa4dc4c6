"""Events come after `data: [DONE]`."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import Stream, unseen

# frames that no client reads after the sentinel: nothing is lost with them (row "a comment after it")
_EMPTY = frozenset({"comment", "dataless", "unknown"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Clients stop reading at the sentinel: content, finish or usage after it is lost."""
    for pair, stream, late in unseen(comparison, _late):
        endpoint, kinds = stream.endpoint, {kind for event in late for kind, _ in event.kinds}
        lost = kinds & (endpoint.content | endpoint.ends | {"usage", "role"})
        sentinel = endpoint.sentinel or ""
        yield pair.drift(
            path=sentinel,
            message=f"events come after {sentinel}: {', '.join(sorted(kinds))}",
            golden="the last event",
            candidate=f"{len(late)} events after it",
            severity=None if lost else Severity.INFO,
            at=late[0],
        )


def _late(stream: Stream) -> list[Event]:
    done = stream.of("done") if stream.endpoint.sentinel else ()
    later = stream.observation.events[done[0].frame.number + 1 :] if done else ()
    return [event for event in later if any(kind not in _EMPTY for kind, _ in event.kinds)]


RULE = Rule(
    id="done-early",
    area="stream",
    # https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream: the stream is terminated by [DONE]
    severity=Severity.BREAKING,
    summary="the sentinel [DONE] is not the last event",
    who_breaks="every client stops reading at data: [DONE] and loses what follows",
    hint="send data: [DONE] after the finish and usage chunks; look for a gateway that joins two streams",
    check=check,
    where=has_streams,
    of_order=True,
)
