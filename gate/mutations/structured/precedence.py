"""Which of the two an answer has where a request gives tools and asks for JSON."""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import calls_tools, finishing, messages, text
from gate.mutations.edit import in_plain
from gate.mutations.facts import CHAT, asked
from gate.mutations.harmless import other_spacing_of_arguments
from gate.mutations.tools.choice import CALL, uncalled
from gate.mutations.values import parsed


def tools_ranked_otherwise(exchange: Exchange) -> Exchange | None:
    """JSON where the golden calls, or a call where it writes JSON: agents end early, or never."""
    wants_json = member(asked(exchange, "response_format"), "type") in ("json_schema", "json_object")
    free = asked(exchange, "tool_choice") in (None, "auto")
    if not (asked(exchange, "tools") and wants_json and free):
        return None
    if calls_tools(exchange):
        return None if text(exchange).strip() else uncalled(exchange, lambda _, arguments: arguments)
    return in_plain(exchange, _call, CHAT) if parsed(text(exchange)) else None


def _call(doc: Json) -> bool:
    for part in messages(doc):
        part.update(content=None, tool_calls=[CALL])
    return finishing(lambda _: "tool_calls")(doc)


MUTATIONS = (
    Row(
        drifts=("SO08",),
        severity=Severity.RISKY,
        summary="JSON in place of a tool call, or the reverse",
        caught_by=("json-precedence",),
        apply=tools_ranked_otherwise,
        twin=other_spacing_of_arguments,
        exercised_by=("tool-or-json",),
    ),
)
