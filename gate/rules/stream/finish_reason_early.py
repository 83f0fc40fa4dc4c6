"""finish_reason comes before the content is over: on the first chunk, or in between."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._order import unseen_breaks
from gate.rules.stream._streams import Stream


def check(comparison: Comparison) -> Iterator[Drift]:
    """Content after the finish of its own choice; other choices of the answer may go on."""
    for (pair, stream, _), b in unseen_breaks(comparison):
        content, ends = stream.endpoint.content, stream.endpoint.ends
        if b.lane is None or b.after or b.kind not in content or "finish" not in ends:
            continue
        first = stream.of("finish", b.lane)[0]
        where = " of the first chunk" if first.frame.number == 0 else ""
        yield pair.drift(
            path=stream.finish_path(b.lane),
            message=_message(stream, b.lane, b.kind, where),
            golden="finish_reason after all content",
            candidate=f"finish_reason in frame {first.frame.number}, {b.kind} in frame {b.event.frame.number}",
            at=first,
        )


def _message(stream: Stream, lane: int, kind: str, where: str) -> str:
    what, times = {"tool": "a tool call"}.get(kind, kind), len(stream.of("finish", lane))
    if times > 1:
        return f"{what} comes after a finish_reason{where}: one choice gets {times} of them"
    return f"{what} comes after the finish_reason{where} of its choice"


RULE = Rule(
    id="finish-reason-early",
    area="stream",
    # gcli2api sent the finish on the first chunk (a row): clients that stop there have one token of the answer
    severity=Severity.BREAKING,
    summary="content follows the finish_reason of its choice",
    who_breaks="clients that stop reading at finish_reason lose the rest of the answer",
    hint="send null until the last chunk of a choice; some gateways set finish_reason on every chunk",
    check=check,
    where=has_streams,
    of_order=True,
)
