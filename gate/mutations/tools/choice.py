"""Whether the model calls a tool where it must, may or must not, and how the answer says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import answer, calls_tools, finish_reason, finishing, messages
from gate.mutations.edit import in_body, in_docs, in_plain
from gate.mutations.facts import CHAT, asked, served, streamed
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.harmless import again
from gate.mutations.values import drop, each, put

# a call of the tool that the suite's scenarios offer, so that no other rule speaks
CALL = {"id": "call_9", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}}

_stopped = finishing(lambda _: "stop")


def tool_call_as_text(exchange: Exchange) -> Exchange | None:
    """The route's tool parser is off: the call comes as markup in the text, and nobody runs it."""

    def text_of(name: str, arguments: str) -> str:
        # Hermes markup (TL18, waybarrios/vllm-mlx 107)
        return f'<tool_call>{{"name": "{name}", "arguments": {arguments}}}</tool_call>'

    return uncalled(exchange, text_of)


def tool_text_dropped(exchange: Exchange) -> Exchange | None:
    """What the model says beside a call is lost: users no longer see why a tool is run."""
    alternatives = answer(exchange).choices
    if len(alternatives) != 1 or not alternatives[0].tool_calls or not alternatives[0].text.strip():
        return None
    if streamed(exchange):
        return in_events(exchange, lambda pieces: [piece for piece in pieces if piece.kinds != ("content",)], CHAT)
    return in_plain(exchange, each(messages, lambda part: put(part, "content", None)), CHAT)


def tool_choice_ignored(exchange: Exchange) -> Exchange | None:
    """`tool_choice: required` has no effect: the model says that it will call the function, and does not."""
    choice = asked(exchange, "tool_choice")
    forced = choice == "required" or isinstance(choice, dict)
    return uncalled(exchange, lambda name, _: f"I'll call {name} now.") if forced else None


def talk_by_choice(exchange: Exchange) -> Exchange | None:
    """The model may choose, and talks (B26)."""
    free = asked(exchange, "tool_choice") in (None, "auto")
    return uncalled(exchange, lambda *_: "Paris is mild today.") if free else None


def uncalled(exchange: Exchange, text_of: Callable[[str, str], str]) -> Exchange | None:
    """The first call as the text that `text_of` makes of its name and arguments; None where nothing is called."""
    alternatives = answer(exchange).choices
    if not served(exchange, CHAT) or len(alternatives) != 1 or not alternatives[0].tool_calls:
        return None
    call = alternatives[0].tool_calls[0]
    text = text_of(str(call.name), str(call.arguments))
    if not streamed(exchange):
        return in_body(exchange, lambda body: _put_text(next(messages(body)), text) and _stopped(body))
    return in_events(exchange, lambda pieces: _as_text(pieces, text))


def _as_text(pieces: list[Piece], text: str) -> list[Piece] | None:
    """The text where the call began, and nothing else of it."""
    first, *others = places(pieces, "tool") or [-1]
    if first < 0 or not any(True for _ in messages(pieces[first].doc)):
        return None
    changed = spliced(pieces, first, pieces[first].changed(lambda doc: _put_text(next(messages(doc)), text)))
    kept = [piece for i, piece in enumerate(changed) if i not in others or "finish" in piece.kinds]
    return [piece.changed(_stopped).changed(each(messages, lambda part: drop(part, "tool_calls"))) for piece in kept]


def _put_text(part: dict[str, Any], text: str) -> bool:
    part.pop("tool_calls", None)
    return put(part, "content", text)


def tool_none_ignored(exchange: Exchange) -> Exchange | None:
    """A tool is called although tool_choice is none: content is null, and nobody is there to run the tool."""

    def change(doc: Json) -> bool:
        parts = list(messages(doc))
        for part in parts:
            part.update(content=None, tool_calls=[CALL])
        return bool(parts) and finishing(lambda _: "tool_calls")(doc)

    fits = asked(exchange, "tool_choice") == "none" and not calls_tools(exchange)
    return in_plain(exchange, change, CHAT) if fits else None


def tool_finish_stop(exchange: Exchange) -> Exchange | None:
    """finish_reason is `stop` although tools are called: loops that wait for `tool_calls` never run them."""
    return None if isinstance(asked(exchange, "tool_choice"), dict) else _finished_with_stop(exchange)


def named_tool_finish_stop(exchange: Exchange) -> Exchange | None:
    """A function demanded by name, which OpenAI itself ends with `stop` (B24)."""
    return _finished_with_stop(exchange) if isinstance(asked(exchange, "tool_choice"), dict) else None


def _finished_with_stop(exchange: Exchange) -> Exchange | None:
    fits = calls_tools(exchange) and finish_reason(exchange) == "tool_calls"
    return in_docs(exchange, _stopped, CHAT) if fits else None


_FORCED = ("tool-forced", "tool-forced-stream")

MUTATIONS = (
    Row(
        drifts=("TL18",),
        severity=Severity.BREAKING,
        summary="the tool call comes as text",
        caught_by=("tool-call-in-text",),
        apply=tool_call_as_text,
        twin=again,
        exercised_by=_FORCED,
    ),
    Row(
        drifts=("TL19",),
        severity=Severity.BREAKING,
        summary="a demanded tool call does not come",
        caught_by=("tool-choice-ignored",),
        apply=tool_choice_ignored,
        twin=talk_by_choice,
        exercised_by=("tool-forced", "tool-forced-stream", "tool-named"),
    ),
    Row(
        drifts=("TL19",),
        severity=Severity.BREAKING,
        summary="a tool is called although the request forbids it",
        caught_by=("tool-choice-none-ignored",),
        apply=tool_none_ignored,
        twin=again,
        exercised_by=("tool-none", "param-tool-choice-none"),
    ),
    Row(
        drifts=("TL16", "RS16"),
        # RS16 is risky in the catalogue, TL16 breaking: agents stop after the first call in both
        severity=Severity.BREAKING,
        summary="finish_reason stop although tools are called",
        caught_by=("finish-reason-changed",),
        apply=tool_finish_stop,
        twin=named_tool_finish_stop,
        exercised_by=_FORCED,
    ),
    Row(
        drifts=("TL21",),
        severity=Severity.RISKY,
        summary="the text beside a tool call is lost",
        caught_by=("tool-text-dropped",),
        apply=tool_text_dropped,
        twin=again,
        exercised_by=("tool-text-stream",),
        needs="samples",
    ),
)
