"""The members of a tool call besides its arguments: id, type, name, signature."""

from __future__ import annotations

import re
from typing import Any

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, calls, functions, named_calls, slot
from gate.mutations.edit import in_docs, in_stream
from gate.mutations.facts import CHAT, RESPONSES
from gate.mutations.harmless import again
from gate.mutations.harmless_streams import nulls_in_fragments
from gate.mutations.values import drop, each, every, put


def tool_id_missing(exchange: Exchange) -> Exchange | None:
    """A call without an id: its result can't be sent back, and clients drop it."""
    return in_docs(exchange, each(calls, lambda call: drop(call, "id")), CHAT)


# what a server counts up already: `call_1`, `functions.get_weather:0`
_COUNTED = re.compile(r"\D*\d{1,3}")


def tool_ids_restart(exchange: Exchange) -> Exchange | None:
    """Ids are numbered anew in each answer: agents that keep results by id mix up two turns."""
    made = [call.id for choice in answer(exchange).choices for call in choice.tool_calls]
    counted = any(not isinstance(name, str) or _COUNTED.fullmatch(name) for name in made)

    def change(doc: Json) -> bool:
        found = [(call, place if slot(call) is None else slot(call)) for place, call in enumerate(calls(doc))]
        return every(found, lambda one: bool(one[0].get("id")) and put(one[0], "id", f"call_{one[1]}"))

    return None if counted else in_docs(exchange, change, CHAT)


def tool_type_missing(exchange: Exchange) -> Exchange | None:
    """A call without `type`: clients that check for `function` refuse it."""
    return in_docs(exchange, each(named_calls, lambda call: drop(call, "type")), CHAT)


def type_on_every_part(exchange: Exchange) -> Exchange | None:
    """`type` on every part of a streamed call."""
    return in_stream(exchange, each(calls, lambda call: put(call, "type", _type(call))), CHAT)


def _type(call: dict[str, Any]) -> str:
    return "custom" if "custom" in call else "function"


def tool_name_case(exchange: Exchange) -> Exchange | None:
    """The function's name comes in another case: no tool has that name."""

    def change(function: dict[str, Any]) -> bool:
        name = function["name"]
        # a name that is in title case already needs another change
        return isinstance(name, str) and put(function, "name", name.upper() if name.istitle() else name.title())

    return in_docs(exchange, each(functions, change), CHAT, RESPONSES)


def tool_signature_lost(exchange: Exchange) -> Exchange | None:
    """The opaque signature of a call is stripped: the next turn is refused because it is missing."""
    return in_docs(exchange, each(calls, lambda call: drop(call, "extra_content")), CHAT)


def another_signature(exchange: Exchange) -> Exchange | None:
    """Another signature."""

    def change(call: dict[str, Any]) -> bool:
        google = member(call.get("extra_content"), "google")
        signed = isinstance(google, dict) and "thought_signature" in google
        return signed and put(google, "thought_signature", "b3RoZXI=")

    return in_docs(exchange, each(calls, change), CHAT)


_FORCED = ("tool-forced", "tool-forced-stream")

MUTATIONS = (
    Row(
        drifts=("TL04",),
        severity=Severity.BREAKING,
        summary="tool calls have no id",
        caught_by=("tool-id-missing",),
        apply=tool_id_missing,
        twin=nulls_in_fragments,
        exercised_by=_FORCED,
    ),
    Row(
        drifts=("TL11",),
        severity=Severity.BREAKING,
        summary="tool calls have no type",
        caught_by=("tool-type-missing",),
        apply=tool_type_missing,
        twin=type_on_every_part,
        exercised_by=_FORCED,
    ),
    Row(
        drifts=("TL09",),
        # TL09 is risky, because careful clients join the pieces; no client corrects another case
        severity=Severity.BREAKING,
        summary="the function's name is in another case",
        caught_by=("tool-name-altered",),
        apply=tool_name_case,
        twin=again,
        exercised_by=("tool-forced", "tool-forced-stream", "responses-tool"),
    ),
    Row(
        drifts=("TL23",),
        severity=Severity.BREAKING,
        summary="the signature of tool calls is lost",
        caught_by=("tool-signature-lost",),
        apply=tool_signature_lost,
        twin=another_signature,
        exercised_by=("tool-forced", "tool-roundtrip"),
    ),
    Row(
        drifts=("TL34",),
        severity=Severity.RISKY,
        summary="the ids of calls restart with each answer",
        caught_by=("tool-id-reused",),
        apply=tool_ids_restart,
        twin=again,
        exercised_by=_FORCED,
        needs="samples",
    ),
)
