"""A stream was asked for and the golden streamed; the candidate answers in another form (T20, T23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import carries_error, numbered
from gate.rules.transport._frames import is_stream


def check(comparison: Comparison) -> Iterator[Drift]:
    """One JSON body, JSON lines or text. An error in a 200 is told by the rules about errors."""
    golden, candidate = comparison.golden, comparison.candidate
    if not all(map(is_stream, golden)):
        return
    for sample, found in numbered(candidate):
        if found.ok and found.form not in ("stream", "none") and _judgeable(found):
            yield Drift(
                path="body",
                message=f"the stream is answered with {_form(found)}",
                golden="server-sent events",
                candidate=_seen(found),
                sample=sample,
            )


def _judgeable(found: Observation) -> bool:
    cut = found.form == "empty" and found.ending is not Ending.COMPLETE
    compressed = found.form == "text" and found.encoding and found.encoding_true
    return not (carries_error(found) or cut or compressed)


def _form(found: Observation) -> str:
    if found.form == "json":
        return "one JSON body, not SSE"
    if found.form == "empty":
        return "an empty body"
    lines = found.text.strip().splitlines()
    if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines[:2]):
        return "JSON lines (NDJSON), not SSE"
    return "an HTML page" if lines[0].lstrip().startswith("<") else "text that is no SSE"


def _seen(found: Observation) -> str:
    start = " ".join(found.text[:80].split())
    return f"{found.media_type or 'no content-type'}: {start}"


RULE = Rule(
    id="stream-not-sse",
    area="transport",
    severity=Severity.BREAKING,
    summary="a streaming request is not answered with an event stream",
    who_breaks="SSE parsers yield nothing, or wait for events that never come",
    hint='look for a gateway or server that ignores "stream": true, or speaks its native streaming format',
    check=check,
)
