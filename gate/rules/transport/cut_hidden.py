"""The upstream's answer was cut, and the client gets a clean end (T07)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import carries_error, ended

_BROKEN = frozenset({Ending.CUT, Ending.RESET})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Through a gateway whose upstream is seen: half an answer that nothing tells from a whole one."""
    if any(_hidden(sample) for sample in comparison.golden):
        return
    for pair in comparison.pairs:
        if _hidden(pair.candidate):
            made_up = " and made up an end" if ended(pair.candidate) else ""
            yield pair.drift(
                path="body",
                message=f"the upstream's answer was cut; the gateway ended its own as if all were well{made_up}",
                golden="a connection that breaks off",
                candidate=f"a clean end: {_last(pair.candidate)}",
            )


def _hidden(client: Observation) -> bool:
    """Whether the upstream's last answer broke off in its middle, and the client's is whole and without an error."""
    calls = client.passage.calls if client.passage else ()
    if not calls or calls[-1].answer.ending not in _BROKEN:
        return False
    upstream = calls[-1].answer
    cut = upstream.ok and upstream.form != "none" and not (upstream.form == "stream" and ended(upstream))
    return cut and client.ok and client.ending is Ending.COMPLETE and not carries_error(client)


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
)
