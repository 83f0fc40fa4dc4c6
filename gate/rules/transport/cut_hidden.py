"""The upstream's answer was cut, and the client gets a clean end (T07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import carries_error, ended
from gate.observe.scopes import has_passages

_BROKEN = frozenset({Ending.CUT, Ending.RESET})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Through a gateway whose upstream is seen: half an answer that nothing tells from a whole one."""
    if any(_hidden(sample) for sample in comparison.golden):
        return
    for pair in comparison.pairs:
        if _hidden(pair.candidate):
            made_up = " and made up its end" if pair.candidate.form == "stream" and ended(pair.candidate) else ""
            yield pair.drift(
                path="body",
                message=f"the upstream's answer stops half-way, the gateway's own as if all were well{made_up}",
                golden="an answer without an end",
                candidate=f"a clean end: {_last(pair.candidate)}",
            )


def _hidden(client: Observation) -> bool:
    """Whether the upstream's last answer is half of one, and the client's ends as if it were whole."""
    calls = client.passage.calls if client.passage else ()
    if not calls or not client.ok or client.ending is not Ending.COMPLETE or carries_error(client):
        return False
    upstream = calls[-1].answer
    streamed = upstream.form == "stream"
    if not upstream.ok or upstream.form == "none" or (streamed and (ended(upstream) or carries_error(upstream))):
        return False
    # a stream that ends cleanly without its own end is passed on by some, and completed by others
    return upstream.ending in _BROKEN or (streamed and ended(client))


def _last(client: Observation) -> str:
    kinds = [kind for event in client.events for kind, _ in event.kinds]
    return f"the last events are {', '.join(kinds[-3:])}" if kinds else f"{client.size} bytes"


RULE = Rule(
    id="cut-hidden",
    area="transport",
    severity=Severity.BREAKING,
    summary="a cut upstream becomes a clean end",
    who_breaks="half an answer is stored, shown and paid for as a whole one; no retry is tried",
    hint="let the gateway break its own connection off, or send an error event",
    check=check,
    where=has_passages,
)
