"""The events of the Responses API: which ones come, what they repeat, and their numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from gate.endpoints import member
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.edit import in_docs
from gate.mutations.facts import RESPONSES, seen
from gate.mutations.frames import Piece, in_events, places, spliced
from gate.mutations.harmless import again
from gate.mutations.harmless_streams import comments
from gate.mutations.values import drop, every, put

# the one of RS25's report
_KEEP_ALIVE = {"type": "response.keep_alive", "sequence_number": 0}

# -- events that never come -----------------------------------------------------------------------


def lifecycle_missing(exchange: Exchange) -> Exchange | None:
    """Only text and the end come, no item is ever opened: clients with a state machine drop the text."""
    return _without(exchange, "output_item.added", "content_part.added", "output_text.delta")


def progress_left_out(exchange: Exchange) -> Exchange | None:
    """No `in_progress` (B37)."""
    return _without(exchange, "in_progress")


def text_done_missing(exchange: Exchange) -> Exchange | None:
    """Only deltas, then the end of the item: clients that commit text on `done` show nothing."""
    return _without(exchange, "output_text.done", "content_part.done")


def terminal_missing(exchange: Exchange) -> Exchange | None:
    """No terminal event: agents stop in mid-output, and somebody has to type `continue`."""
    return _without(exchange, "completed", "incomplete")


def _without(exchange: Exchange, *kinds: str) -> Exchange | None:
    """The stream without events of these kinds, numbered as if they had never been."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        left = [piece for piece in pieces if not set(kinds) & set(piece.kinds)]
        # more than two events: a stream of created and completed alone has no item
        return _renumbered(left) if len(left) < len(pieces) and len(pieces) > 2 else None

    return in_events(exchange, edit, RESPONSES)


# -- events of a gateway's own --------------------------------------------------------------------


def event_foreign(exchange: Exchange) -> Exchange | None:
    """A gateway keeps the connection alive with an event of its own: decoders with a closed list refuse it."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        if any(member(piece.doc, "type") == _KEEP_ALIVE["type"] for piece in pieces):
            return None
        return _renumbered([pieces[0], _kept_alive(pieces[0]), *pieces[1:]])

    return in_events(exchange, edit, RESPONSES)


def _kept_alive(first: Piece) -> Piece:
    name = b"event: response.keep_alive\n" if first.raw.startswith(b"event:") else b""
    return replace(first.framed(name + b"data: {}\n\n"), doc={}).holding(_KEEP_ALIVE)


# -- what they say --------------------------------------------------------------------------------


def completed_bare(exchange: Exchange) -> Exchange | None:
    """The terminal event holds neither output nor usage: readers iterate over None."""

    def bare(doc: Json) -> bool:
        return every(("output", "usage"), lambda key: drop(member(doc, "response"), key))

    def edit(pieces: list[Piece]) -> list[Piece]:
        return [piece.changed(bare) if "completed" in piece.kinds else piece for piece in pieces]

    return in_events(exchange, edit, RESPONSES)


def done_differs(exchange: Exchange) -> Exchange | None:
    """The text of `done` is not that of the deltas: what was shown and what is stored disagree."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        deltas = places(pieces, "output_text.delta")
        if not deltas or not places(pieces, "output_text.done"):
            return None
        # RS15: stop trimming reached the done events and not the deltas
        longer = pieces[deltas[-1]].changed(lambda doc: put(doc, "delta", f"{doc.get('delta')} STOP"))
        return spliced(pieces, deltas[-1], longer)

    return in_events(exchange, edit, RESPONSES)


def opened_whole(exchange: Exchange) -> Exchange | None:
    """The part is opened with the text that its deltas bring again: accumulators have it twice."""
    docs = [event.doc for event in seen(exchange).events]
    text = next((member(d, "text") for d in docs if member(d, "type") == "response.output_text.done"), "")

    def change(doc: Json) -> bool:
        opens = member(doc, "type") == "response.content_part.added" and bool(text)
        return opens and put(member(doc, "part"), "text", text)

    return in_docs(exchange, change, RESPONSES)


def fewer_deltas(exchange: Exchange) -> Exchange | None:
    """Two deltas of text as one (B37)."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts = [i for i in places(pieces, "output_text.delta") if isinstance(member(pieces[i].doc, "delta"), str)]
        if len(texts) < 2 or texts[1] != texts[0] + 1:
            return None
        first, second = pieces[texts[0]], pieces[texts[1]]
        both = first.doc["delta"] + second.doc["delta"]
        joined = second.changed(lambda doc: put(doc, "delta", both))
        return _renumbered([*pieces[: texts[0]], joined, *pieces[texts[1] + 1 :]])

    return in_events(exchange, edit, RESPONSES)


# -- sequence numbers -----------------------------------------------------------------------------


def sequence_gaps(exchange: Exchange) -> Exchange | None:
    """Guardrails drop and merge events: the numbers jump, and strict parsers refuse them."""

    def change(doc: Json) -> bool:
        number = member(doc, "sequence_number")
        # from the third on: 0, 1, 2, 9, 12 … looks like merged events, not like another start (B38)
        return type(number) is int and number > 2 and put(doc, "sequence_number", number * 3)

    return in_docs(exchange, change, RESPONSES)


def sequence_missing(exchange: Exchange) -> Exchange | None:
    """Events without sequence_number: typed clients lose the whole turn."""
    return in_docs(exchange, lambda doc: drop(doc, "sequence_number"), RESPONSES)


def sequence_from_five(exchange: Exchange) -> Exchange | None:
    """Numbers that start elsewhere (B38)."""
    # 5 is chosen: any start is right (B38)
    return in_events(exchange, lambda pieces: _renumbered(pieces, 5), RESPONSES)


def _renumbered(pieces: list[Piece], start: int = 0) -> list[Piece]:
    """Sequence numbers that count up by one."""
    numbers = count(start)
    return [
        piece.changed(lambda doc: "sequence_number" in doc and put(doc, "sequence_number", next(numbers)))
        for piece in pieces
    ]


_STREAM = ("responses-stream",)

MUTATIONS = (
    Row(
        drifts=("RS04",),
        severity=Severity.BREAKING,
        summary="items and parts are never opened",
        caught_by=("lifecycle-events-missing",),
        apply=lifecycle_missing,
        twin=progress_left_out,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("RS14",),
        severity=Severity.RISKY,
        summary="text and parts are never closed",
        caught_by=("lifecycle-events-missing",),
        apply=text_done_missing,
        twin=fewer_deltas,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("RS07",),
        severity=Severity.BREAKING,
        summary="the terminal event never comes",
        caught_by=("stream-unfinished",),
        apply=terminal_missing,
        twin=fewer_deltas,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("RS06",),
        severity=Severity.BREAKING,
        summary="response.completed has no output and no usage",
        caught_by=("field-missing",),
        apply=completed_bare,
        twin=again,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("RS15",),
        severity=Severity.RISKY,
        summary="deltas and done disagree",
        caught_by=("done-differs-from-deltas",),
        apply=done_differs,
        twin=fewer_deltas,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("RS03",),
        severity=Severity.RISKY,
        summary="sequence numbers jump",
        caught_by=("sequence-number",),
        apply=sequence_gaps,
        twin=fewer_deltas,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("RS01",),
        severity=Severity.BREAKING,
        summary="events have no sequence_number",
        caught_by=("sequence-number",),
        apply=sequence_missing,
        twin=sequence_from_five,
        exercised_by=_STREAM,
    ),
    Row(
        drifts=("RS15",),
        severity=Severity.RISKY,
        summary="a part is opened with its whole text",
        caught_by=("done-differs-from-deltas",),
        apply=opened_whole,
        twin=fewer_deltas,
        exercised_by=("responses-stream",),
    ),
    Row(
        drifts=("RS25",),
        severity=Severity.BREAKING,
        summary="an event that the API does not have",
        caught_by=("event-type-added",),
        apply=event_foreign,
        twin=comments,
        exercised_by=_STREAM,
    ),
)
