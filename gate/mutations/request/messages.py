"""Messages and schemas of a request on their way through a gateway: injected, merged, trimmed, under other roles."""

from __future__ import annotations

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.passages import passed
from gate.mutations.request.fields import tools_of
from gate.mutations.values import every, put


def system_injected(exchange: Exchange) -> Exchange | None:
    """A gateway's own instructions come first: the model does what the application did not ask for."""

    def inject(body: Json) -> bool:
        if messages := _messages(body):
            body["messages"] = [{"role": "system", "content": "Answer in a formal tone."}, *messages]
        return bool(messages)

    return passed(exchange, inject)


def history_trimmed(exchange: Exchange) -> Exchange | None:
    """The oldest messages are left out: the model no longer knows what was said."""

    def trim(body: Json) -> bool:
        messages = _messages(body)
        if len(messages) > 2:
            body["messages"] = messages[-2:]
        return len(messages) > 2

    return passed(exchange, trim)


def messages_merged(exchange: Exchange) -> Exchange | None:
    """The first two messages become one: what was apart is read together."""

    def merge(body: Json) -> bool:
        match _messages(body):
            case [{"content": str(first), **head}, {"content": str(second)}, *rest]:
                body["messages"] = [{**head, "content": f"{first}\n{second}"}, *rest]
                return True
        return False

    return passed(exchange, merge)


def text_as_part(exchange: Exchange) -> Exchange | None:
    """The same text, as the one part of its message."""

    def change(message: Json) -> bool:
        text = message.get("content")
        return isinstance(text, str) and put(message, "content", [{"type": "text", "text": text}])

    return passed(exchange, lambda body: every(_messages(body), change))


def developer_as_system(exchange: Exchange) -> Exchange | None:
    """`developer` becomes `system`: where both stand, a template keeps one of them."""

    def change(message: Json) -> bool:
        return message.get("role") == "developer" and put(message, "role", "system")

    return passed(exchange, lambda body: every(_messages(body), change))


def _messages(body: Json) -> list[dict[str, Json]]:
    messages = body.get("messages")
    return messages if isinstance(messages, list) and all(isinstance(one, dict) for one in messages) else []


def tool_schema_trimmed(exchange: Exchange) -> Exchange | None:
    """A tool's schema keeps type, properties and required: the model may send arguments that it forbids."""

    def trim(function: Json) -> bool:
        schema = function.get("parameters")
        kept = {key: schema[key] for key in schema if key in _CORE} if isinstance(schema, dict) else schema
        return put(function, "parameters", kept)

    return passed(exchange, lambda body: every(tools_of(body), trim))


def empty_description_added(exchange: Exchange) -> Exchange | None:
    """A tool without a description gets an empty one."""

    def add(function: Json) -> bool:
        return "description" not in function and put(function, "description", "")

    return passed(exchange, lambda body: every(tools_of(body), add))


_CORE = ("type", "properties", "required")
_TURNS = ("history", "history-developer")

MUTATIONS = (
    Row(
        drifts=("RQ07",),
        severity=Severity.BREAKING,
        summary="a gateway puts instructions of its own before the messages",
        caught_by=("request-messages-changed",),
        apply=system_injected,
        twin=text_as_part,
        exercised_by=("chat", "chat-stream"),
    ),
    Row(
        drifts=("RQ07",),
        severity=Severity.BREAKING,
        summary="a gateway trims the history",
        caught_by=("request-messages-changed",),
        apply=history_trimmed,
        twin=text_as_part,
        exercised_by=_TURNS,
    ),
    Row(
        drifts=("RQ07",),
        severity=Severity.BREAKING,
        summary="a gateway merges messages",
        caught_by=("request-messages-changed",),
        apply=messages_merged,
        twin=text_as_part,
        exercised_by=_TURNS,
    ),
    Row(
        drifts=("RQ08",),
        severity=Severity.RISKY,
        summary="a gateway sends system for developer",
        caught_by=("request-role-changed",),
        apply=developer_as_system,
        twin=text_as_part,
        exercised_by=("history-developer",),
    ),
    Row(
        drifts=("RQ09",),
        severity=Severity.BREAKING,
        summary="a gateway keeps half of a tool's schema",
        caught_by=("request-schema-rewritten",),
        apply=tool_schema_trimmed,
        twin=empty_description_added,
        exercised_by=("tool-forced", "tool-choose"),
    ),
)
