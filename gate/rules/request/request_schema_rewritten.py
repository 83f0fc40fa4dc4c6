"""Tools, or the schema of an output, are rewritten on their way (RQ09)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import endpoint
from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.changes import Change
from gate.observe.fields import is_default
from gate.observe.scopes import has_passages
from gate.rules.request._parts import part
from gate.rules.request._passages import drift, in_body
from gate.wire.shape import indexless


def check(comparison: Comparison) -> Iterator[Drift]:
    """A field that a tool gains is info where it is null or a default, as `strict: null`."""
    for pair, change in in_body(comparison, "dropped", "added", "changed"):
        if part(change.path) in ("tools", "schema"):
            yield drift(
                pair, change, _WORDS[change.kind].format(change.path), _severity(pair.candidate.endpoint, change)
            )


_WORDS = {
    "dropped": "{} does not reach the upstream",
    "added": "{} is added on the way",
    "changed": "{} is another one upstream",
}


def _severity(name: str, change: Change) -> Severity:
    if change.kind == "added":
        # an empty schema for a tool without arguments means the same: https://platform.openai.com/docs/guides/function-calling
        empty = is_default(endpoint(name), indexless(change.path), change.after) or change.after in ({}, "", _EMPTY)
        return Severity.INFO if empty else Severity.RISKY
    if change.kind == "dropped" and change.before in (None, {}, "", _EMPTY):
        return Severity.INFO
    return Severity.BREAKING


# a tool without arguments: https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools
_EMPTY = {"type": "object", "properties": {}}


RULE = Rule(
    id="request-schema-rewritten",
    area="request",
    severity=Severity.BREAKING,
    summary="the schema of an output or the tools differ upstream",
    who_breaks="structured output and tool loops: the model is held to another schema than the client validates",
    hint="let the gateway pass tools and schemas on as they are",
    check=check,
    where=has_passages,
)
