"""How a stream of chat ends: the finish chunk, its finish_reason, and [DONE] after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import choices, finishing
from gate.mutations.edit import in_docs, in_stream
from gate.mutations.facts import CHAT, COMPLETIONS
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.harmless_streams import empty_delta_before_finish, finish_left_out, finish_with_content
from gate.mutations.values import drop, each, put


def delta_missing(exchange: Exchange) -> Exchange | None:
    """The finish chunk has no `delta`: typed clients miss the field, others read a property of undefined."""

    def change(choice: dict[str, Any]) -> bool:
        return bool(choice.get("finish_reason")) and choice.get("delta") == {} and drop(choice, "delta")

    return in_docs(exchange, each(choices, change), CHAT)


def done_early(exchange: Exchange) -> Exchange | None:
    """[DONE] comes before the finish chunk: every client stops there, and misses the reason."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        done, ends = places(pieces, "done"), places(pieces, "finish")
        if not done or not ends or ends[-1] > done[0]:
            return None
        early = replace(pieces[done[0]], chunks=pieces[ends[-1]].chunks[-1:])
        return [*pieces[: ends[-1]], early, *pieces[ends[-1] : done[0]]]

    return in_events(exchange, edit, CHAT, COMPLETIONS)


def comment_after_done(exchange: Exchange) -> Exchange | None:
    """A comment after [DONE]."""
    return in_events(exchange, lambda pieces: [*pieces, pieces[-1].framed(b": bye\n\n")], CHAT)


def finish_chunk_missing(exchange: Exchange) -> Exchange | None:
    """From the last text straight to [DONE]: clients crash where they expect the terminal chunk."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        left = [piece for piece in pieces if piece.kinds != ("finish",)]
        return None if places(left, "finish") else left

    return in_events(exchange, edit, CHAT, COMPLETIONS)


# -- one reason too many --------------------------------------------------------------------------


def finish_conflicting(exchange: Exchange) -> Exchange | None:
    """Two finish chunks that say different things: which one counts depends on the client."""
    other = finishing(lambda reason: "length" if reason == "stop" else "stop")
    return _finished_again(exchange, lambda last: last.changed(other))


def finish_twice(exchange: Exchange) -> Exchange | None:
    """Two finish chunks: the second overwrites assembled tool calls with nothing."""
    return _finished_again(exchange, lambda last: last.beside(last.doc))


def _finished_again(exchange: Exchange, second: Callable[[Piece], Piece]) -> Exchange | None:
    """One more chunk after the finish chunk, which `second` makes of it; None where that one holds text as well."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        ends = places(pieces, "finish")
        if not ends or pieces[ends[-1]].kinds != ("finish",):
            return None
        return spliced(pieces, ends[-1], pieces[ends[-1]], second(pieces[ends[-1]]))

    return in_events(exchange, edit, CHAT)


def finish_early(exchange: Exchange) -> Exchange | None:
    """finish_reason comes with the first text, and text goes on: clients that stop there lose the rest."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts, ends = places(pieces, "content"), places(pieces, "finish")
        if len(texts) < 2 or len(ends) != 1 or ends[0] in texts:
            return None
        reason = next(choices(pieces[ends[0]].doc)).get("finish_reason")
        first = pieces[texts[0]].changed(lambda doc: put(next(choices(doc)), "finish_reason", reason))
        return spliced(spliced(pieces, texts[0], first), ends[0])

    return in_events(exchange, edit, CHAT)


# -- no reason ------------------------------------------------------------------------------------


def finish_empty_text(exchange: Exchange) -> Exchange | None:
    """finish_reason is an empty string until the end: it is neither null nor a reason."""

    def change(choice: dict[str, Any]) -> bool:
        return choice.get("finish_reason", 0) is None and put(choice, "finish_reason", "")

    return in_stream(exchange, each(choices, change), CHAT)


def finish_missing(exchange: Exchange) -> Exchange | None:
    """finish_reason stays null through [DONE]: clients take the stream for cut, loops end early."""

    def change(choice: dict[str, Any]) -> bool:
        return bool(choice.get("finish_reason")) and put(choice, "finish_reason", None)

    return in_stream(exchange, each(choices, change), CHAT, COMPLETIONS)


_STREAMS = ("chat-stream", "tool-forced-stream")

MUTATIONS = (
    Row(
        drifts=("ST03",),
        severity=Severity.BREAKING,
        summary="the finish chunk has no delta",
        caught_by=("field-missing",),
        apply=delta_missing,
        twin=empty_delta_before_finish,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("T05", "ST12"),
        # T05 is risky for a missing [DONE]; an early one hides the finish from every client
        severity=Severity.BREAKING,
        summary="[DONE] comes before the end",
        caught_by=("done-early",),
        apply=done_early,
        twin=comment_after_done,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST12",),
        severity=Severity.BREAKING,
        summary="the terminal chunk never comes",
        caught_by=("finish-reason-missing",),
        apply=finish_chunk_missing,
        twin=finish_with_content,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST14",),
        # ST14 is risky for a repeat; two values make one of two clients wrong
        severity=Severity.BREAKING,
        summary="two finish reasons that disagree",
        caught_by=("finish-reason-conflict",),
        apply=finish_conflicting,
        twin=finish_with_content,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST14",),
        severity=Severity.RISKY,
        summary="the finish chunk comes twice",
        caught_by=("finish-reason-repeated",),
        apply=finish_twice,
        twin=finish_with_content,
        exercised_by=_STREAMS,
    ),
    Row(
        drifts=("ST13", "ST14"),
        # ST13 is info for the last text; the texts after this finish are lost to clients that stop there
        severity=Severity.RISKY,
        summary="text goes on after finish_reason",
        caught_by=("finish-reason-early",),
        apply=finish_early,
        twin=finish_with_content,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("ST11",),
        # ST11 is breaking at the end; in mid-stream "" misleads only clients that test for null
        severity=Severity.RISKY,
        summary="finish_reason is an empty string in mid-stream",
        caught_by=("finish-reason-changed",),
        apply=finish_empty_text,
        twin=finish_left_out,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("ST11",),
        severity=Severity.BREAKING,
        summary="finish_reason never comes",
        caught_by=("finish-reason-missing",),
        apply=finish_missing,
        twin=finish_with_content,
        exercised_by=_STREAMS,
    ),
)
