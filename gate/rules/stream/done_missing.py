"""`data: [DONE]` does not come (T05)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.answer import grammar
from gate.rules.stream._streams import drift, judged


def check(comparison: Comparison) -> Iterator[Drift]:
    """Of finished streams only. The Responses API has no sentinel: what a gateway adds there means nothing (B37)."""
    golden, candidate = comparison.golden, comparison.candidate
    for like, stream in judged(golden, candidate):
        found, endpoint = stream.found, grammar(stream.found)
        if endpoint.ends and (not endpoint.sentinel or found.kinds.isdisjoint(endpoint.ends)):
            continue
        closed = stream.whole and found.ending is Ending.COMPLETE
        if "done" not in found.kinds and closed and all("done" in g.found.kinds for g in like):
            word = endpoint.sentinel or "[DONE]"
            message = f"the stream ends without its sentinel {word}"
            yield drift(stream, found.events[-1], word, message, f"data: {word}", "absent")


RULE = Rule(
    id="done-missing",
    area="stream",
    severity=Severity.RISKY,
    summary="the sentinel [DONE] at the end of the stream is missing",
    who_breaks="clients that wait for data: [DONE] hang, or take the answer for a cut one",
    hint="let the gateway send data: [DONE] after the last chunk",
    check=check,
    of_order=True,
)
