"""A tool is called although tool_choice is none: content is null, and nobody is there to run the tool."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Mutation
from gate.mutations._chat import calling, finishing, spoken
from gate.mutations._edit import CHAT, asked, in_docs, streamed
from gate.mutations._noise import again

_CALL = {"id": "call_9", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}


def _apply(exchange: Exchange) -> Exchange | None:
    fits = asked(exchange, "tool_choice") == "none" and not calling(exchange) and not streamed(exchange)
    return in_docs(exchange, _called, CHAT) if fits else None


def _called(doc: Json) -> bool:
    said = list(spoken(doc))
    for part in said:
        part.update(content=None, tool_calls=[_CALL])
    return bool(said) and finishing(lambda _: "tool_calls")(doc)


MUTATION = Mutation(
    id="tool-none-ignored",
    drifts=("TL19",),
    area="tools",
    severity=Severity.BREAKING,
    summary="a tool is called although the request forbids it",
    apply=_apply,
    twin=again,
    exercised_by=("tool-none", "param-tool-choice-none"),
)
