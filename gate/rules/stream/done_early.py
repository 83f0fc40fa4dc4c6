"""Events come after `data: [DONE]`."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Rule, Severity
from gate.observe.answer import grammar
from gate.rules.stream._streams import Stream, drift, judged

_EMPTY = frozenset({"comment", "dataless", "unknown"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Clients stop at the sentinel: what follows is lost, were it the answer, its finish or its usage."""
    golden, candidate = comparison.golden, comparison.candidate
    for like, stream in judged(golden, candidate):
        endpoint = grammar(stream.found)
        if not endpoint.sentinel or any(map(_late, like)):
            continue
        late = _late(stream)
        kinds = {kind for event in late for kind, _ in event.kinds}
        if late:
            lost = kinds & (endpoint.content | endpoint.ends | {"usage", "role"})
            message = f"events come after {endpoint.sentinel}: {', '.join(sorted(kinds))}"
            severity, seen = None if lost else Severity.INFO, f"{len(late)} events after it"
            yield drift(stream, late[0], endpoint.sentinel, message, "the last event", seen, severity)


def _late(stream: Stream) -> list[Event]:
    done = stream.of("done")
    later = stream.found.events[done[0].frame.number + 1 :] if done else ()
    return [event for event in later if any(kind not in _EMPTY for kind, _ in event.kinds)]


RULE = Rule(
    id="done-early",
    area="stream",
    severity=Severity.BREAKING,
    summary="the sentinel [DONE] is not the last event",
    who_breaks="every client stops reading at data: [DONE] and loses what follows",
    hint="send data: [DONE] after the finish and usage chunks; look for a gateway that joins two streams",
    check=check,
    of_order=True,
)
