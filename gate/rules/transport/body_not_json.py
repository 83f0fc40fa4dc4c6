"""A success whose body is not JSON, where the golden's is."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.rules.transport._bodies import compressed, compressed_twice, excerpt


def check(comparison: Comparison) -> Iterator[Drift]:
    """An HTML page with status 200, plain text, half a JSON, nothing. A cut body is body-cut's."""
    if not all(golden.ok and golden.form == "json" for golden in comparison.golden):
        return
    for pair in comparison.pairs:
        body = pair.candidate
        if body.ok and body.form in ("text", "empty") and body.ending is Ending.COMPLETE:
            yield pair.drift(
                path="body",
                message=f"the body is {_form(body)}",
                golden="JSON",
                candidate=excerpt(body),
                # our client sends `accept-encoding: identity`; one that accepts br may read the body
                severity=Severity.RISKY if compressed(body) else None,
            )


def _form(body: Observation) -> str:
    if body.form == "empty":
        return "empty"
    if compressed_twice(body):
        return f"compressed twice, and labelled {body.encoding[:20]} once"
    if compressed(body):
        return f"compressed with {body.encoding[:20]}, which was not asked for"
    start = body.text.lstrip()[:1]
    return "an HTML page" if start == "<" else "broken JSON" if start in ("{", "[") else "text, not JSON"


RULE = Rule(
    id="body-not-json",
    area="transport",
    # OpenRouter answered a POST with its web page and 200 on 2025-08-09 (a row): every parser raises
    severity=Severity.BREAKING,
    summary="the body of a success is not JSON",
    who_breaks="every client: its JSON parser raises although the status says success",
    hint="see what answers on this path: a web app, a login page or a proxy in front of the API",
    check=check,
)
