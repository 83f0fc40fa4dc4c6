"""A stream was asked for and the golden streamed; the candidate answers in another form (T20, T23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import carries_error
from gate.rules.transport._bodies import compressed, compressed_twice, excerpt
from gate.rules.transport._frames import is_stream


def check(comparison: Comparison) -> Iterator[Drift]:
    """One JSON body, JSON lines or text. The rules about errors report an error with status 200."""
    if not all(map(is_stream, comparison.golden)):
        return
    for pair in comparison.pairs:
        body = pair.candidate
        if body.ok and body.form != "stream" and _judgeable(body):
            yield pair.drift(
                path="body",
                message=f"the stream is answered with {_form(body)}",
                golden="server-sent events",
                candidate=excerpt(body),
            )


def _judgeable(body: Observation) -> bool:
    cut = body.form == "empty" and body.ending is not Ending.COMPLETE
    return not (carries_error(body) or cut or compressed(body))


def _form(body: Observation) -> str:
    if body.form == "json":
        return "one JSON body, not SSE"
    if body.form == "empty":
        return "an empty body"
    if compressed_twice(body):
        return "a body compressed twice, and labelled once"
    lines = body.text.strip().splitlines()
    # two lines tell JSON lines from one JSON value that is broken (T23)
    if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines[:2]):
        return "JSON lines (NDJSON), not SSE"
    return "an HTML page" if lines[0].lstrip().startswith("<") else "text that is not SSE"


RULE = Rule(
    id="stream-not-sse",
    area="transport",
    # T20, T23: no event comes out of the parser
    severity=Severity.BREAKING,
    summary="a streaming request is not answered with an event stream",
    who_breaks="SSE parsers yield nothing, or wait for events that never come",
    hint='look for a gateway or server that ignores "stream": true, or speaks its native streaming format',
    check=check,
)
