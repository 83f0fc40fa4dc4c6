"""A chunk with `choices: []` and no usage: Azure's first frame (ST01), or a filter result in mid-stream."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Rule, Severity
from gate.rules.stream._streams import Stream, drift, judged


def check(comparison: Comparison) -> Iterator[Drift]:
    """Clients of a golden whose usage has a chunk of its own know empty choices, but not as the first thing."""
    golden, candidate = comparison.golden, comparison.candidate
    for like, stream in judged(golden, candidate):
        bare = stream.of("choiceless")
        if not bare or any(v.path == "choices" for v in stream.found.violations):
            continue
        if _leads(stream):
            if not any(map(_leads, like)):
                yield _drift(stream, bare[0], "the first chunk has no choices", None)
        elif not any(g.of("choiceless") for g in like):
            known = any(_alone(event) for g in like for event in g.of("usage"))
            yield _drift(stream, bare[0], "a chunk has neither choices nor usage", Severity.RISKY if known else None)


def _leads(stream: Stream) -> bool:
    first = next((e for e in stream.found.events if isinstance(e.doc, dict)), None)
    return first is not None and ("choiceless", None) in first.kinds


def _alone(event: Event) -> bool:
    return all(lane is None for _, lane in event.kinds)


def _drift(stream: Stream, event: Event, message: str, severity: Severity | None) -> Drift:
    return drift(stream, event, "choices", message, "a choice in every chunk", "choices: []", severity)


RULE = Rule(
    id="chunk-without-choices",
    area="stream",
    severity=Severity.BREAKING,
    summary="a chunk of the stream has empty choices and no usage",
    who_breaks="loops that take chunk.choices[0] of every chunk: IndexError, undefined",
    hint="skip chunks whose choices are empty, or let the gateway drop prompt_filter_results",
    check=check,
    of_order=True,
)
