"""A chunk with `choices: []` and no usage: Azure's first frame (ST01), or a filter result in mid-stream."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Pair, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.stream._streams import Stream, streams


def check(comparison: Comparison) -> Iterator[Drift]:
    """Clients of a golden that sends usage in a chunk of its own can read empty choices, but not in the first chunk."""
    for pair, stream, golden in streams(comparison):
        bare = stream.of("choiceless")
        if not bare or any(v.path == "choices" for v in pair.candidate.violations):
            continue
        if _leads(stream):
            if not any(map(_leads, golden)):
                yield _drift(pair, bare[0], "the first chunk has no choices")
        elif not any(g.of("choiceless") for g in golden):
            # a golden with a usage chunk has clients that skip empty choices somewhere, perhaps at the end alone
            known = any(_without_choice(event) for g in golden for event in g.of("usage"))
            severity = Severity.RISKY if known else None
            yield _drift(pair, bare[0], "a chunk has neither choices nor usage", severity)


def _leads(stream: Stream) -> bool:
    first = next((event for event in stream.observation.events if isinstance(event.doc, dict)), None)
    return first is not None and ("choiceless", None) in first.kinds


def _without_choice(event: Event) -> bool:
    return all(lane is None for _, lane in event.kinds)


def _drift(pair: Pair, event: Event, message: str, severity: Severity | None = None) -> Drift:
    return pair.drift(
        path="choices",
        message=message,
        golden="a choice in every chunk",
        candidate="choices: []",
        severity=severity,
        at=event,
    )


RULE = Rule(
    id="chunk-without-choices",
    area="stream",
    # ST01: IndexError in dozens of clients, at the first chunk
    severity=Severity.BREAKING,
    summary="a chunk of the stream has empty choices and no usage",
    who_breaks="loops that take chunk.choices[0] of every chunk: IndexError, undefined",
    hint="skip chunks whose choices are empty, or let the gateway drop prompt_filter_results",
    check=check,
    where=has_streams,
    of_order=True,
)
