"""finish_reason comes before the content is over: on the first chunk, or in between."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import grammar
from gate.rules.stream._order import unseen_breaks
from gate.rules.stream._streams import drift


def check(comparison: Comparison) -> Iterator[Drift]:
    """Content after the finish of its own choice; other choices of the answer may go on."""
    golden, candidate = comparison.golden, comparison.candidate
    for stream, b in unseen_breaks(golden, candidate):
        endpoint = grammar(stream.found)
        if b.lane is None or b.after or b.kind not in endpoint.content or "finish" not in endpoint.ends:
            continue
        first = stream.of("finish", b.lane)[0]
        where = " of the first chunk" if first.frame.number == 0 else ""
        message = f"{b.kind} comes after the finish_reason{where} of its choice"
        seen = f"finish_reason in frame {first.frame.number}, {b.kind} in frame {b.event.frame.number}"
        yield drift(stream, first, stream.lane_path(b.lane), message, "finish_reason after all content", seen)


RULE = Rule(
    id="finish-reason-early",
    area="stream",
    severity=Severity.BREAKING,
    summary="content follows the finish_reason of its choice",
    who_breaks="clients that stop reading at finish_reason lose the rest of the answer",
    hint="send null until the last chunk of a choice; some gateways set finish_reason on every chunk",
    check=check,
    of_order=True,
)
