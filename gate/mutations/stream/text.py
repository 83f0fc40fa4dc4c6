"""The text of a stream: deltas that repeat, start again, get lost or change places.

Counted numbers check themselves: a hole, a repeat or another order shows in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate

from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.chat import messages, text
from gate.mutations.facts import CHAT
from gate.mutations.frames import Piece, halfway, in_events, places, spliced, tokens
from gate.mutations.harmless_streams import fewer_events
from gate.mutations.values import put

_NUMBERS = re.compile(r"\d+")


def deltas_cumulative(exchange: Exchange) -> Exchange | None:
    """Each delta holds the whole text so far: clients that append show every word many times."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts = [i for i in places(pieces, "content") if _content(pieces[i])]
        # three of them may repeat each other by chance: "a", "aa"
        # MIN_GROWN of endpoints/_fold.py is three steps, so four pieces
        if len(texts) < 4:
            return None
        so_far = dict(zip(texts, accumulate(str(_content(pieces[i])) for i in texts), strict=True))
        return [_with_content(piece, so_far[i]) if i in so_far else piece for i, piece in enumerate(pieces)]

    return in_events(exchange, edit, CHAT)


def _content(piece: Piece) -> Json:
    return next(messages(piece.doc), {}).get("content")


def _with_content(piece: Piece, text: str) -> Piece:
    return piece.changed(lambda doc: put(next(messages(doc)), "content", text))


def stream_restarts(exchange: Exchange) -> Exchange | None:
    """A gateway loses its upstream, asks again and forwards the second answer after half of the first."""

    def edit(pieces: list[Piece]) -> list[Piece] | None:
        texts = tokens(exchange, pieces)
        fits = places(pieces, "role") == [0] and len(texts) > 2 and texts == places(pieces, "content")
        return [*pieces[: halfway(exchange, pieces)], *pieces] if fits else None

    return in_events(exchange, edit, CHAT)


# -- counted numbers ------------------------------------------------------------------------------


def text_hole(exchange: Exchange) -> Exchange | None:
    """An event is lost on the way: a number is missing in a counted text."""
    return _miscounted(exchange, lambda pieces, numbers: spliced(pieces, numbers[2]))


def text_repeated(exchange: Exchange) -> Exchange | None:
    """An event is sent twice: a number stands twice in a counted text."""
    return _miscounted(
        exchange, lambda pieces, numbers: spliced(pieces, numbers[2], pieces[numbers[2]], pieces[numbers[2]])
    )


def text_reordered(exchange: Exchange) -> Exchange | None:
    """Two events change places: the numbers of a counted text are out of order."""

    def edit(pieces: list[Piece], numbers: list[int]) -> list[Piece]:
        one, other = pieces[numbers[1]], pieces[numbers[3]]
        # each takes the other's time as well: what comes first arrived first
        turned = spliced(pieces, numbers[1], replace(other, chunks=one.chunks))
        return spliced(turned, numbers[3], replace(one, chunks=other.chunks))

    return _miscounted(exchange, edit)


def _miscounted(exchange: Exchange, edit: Callable[[list[Piece], list[int]], list[Piece]]) -> Exchange | None:
    """A streamed text that counts from 1 to 10 at least, edited; `edit` gets the places of five numbers or more."""

    def edited(pieces: list[Piece]) -> list[Piece] | None:
        numbers = [i for i in places(pieces, "content") if any(map(str.isdigit, str(_content(pieces[i]))))]
        return edit(pieces, numbers) if len(numbers) > 4 else None

    # nine digits: `int` of a hostile text of thousands of digits would raise
    numbers = [int(number[:9]) for number in _NUMBERS.findall(text(exchange))]
    # numbers-lost judges ten numbers or more
    counting = len(numbers) >= 10 and numbers == list(range(1, len(numbers) + 1))
    return in_events(exchange, edited, CHAT) if counting else None


MUTATIONS = (
    Row(
        drifts=("ST14",),
        severity=Severity.RISKY,
        summary="each delta repeats the whole text so far",
        caught_by=("deltas-cumulative",),
        apply=deltas_cumulative,
        twin=fewer_events,
        exercised_by=("count-stream", "chat-stream"),
    ),
    Row(
        drifts=("ST14", "T07"),
        # T07 is breaking for a cut; here the whole answer is there, behind half of another one
        severity=Severity.RISKY,
        summary="the answer starts again in mid-stream",
        caught_by=("stream-restarted",),
        apply=stream_restarts,
        twin=fewer_events,
        exercised_by=("chat-stream", "count-stream"),
    ),
    Row(
        drifts=("T07",),
        # T07 is breaking for all that follows; a lost piece in a whole answer shows in counted texts alone
        severity=Severity.RISKY,
        summary="a piece of the text is lost",
        caught_by=("numbers-lost",),
        apply=text_hole,
        twin=fewer_events,
        exercised_by=("count-stream",),
    ),
    Row(
        drifts=("ST14",),
        severity=Severity.RISKY,
        summary="a piece of the text comes twice",
        caught_by=("numbers-disordered",),
        apply=text_repeated,
        twin=fewer_events,
        exercised_by=("count-stream",),
    ),
    Row(
        drifts=("ST14",),
        severity=Severity.RISKY,
        summary="pieces of the text change places",
        caught_by=("numbers-disordered",),
        apply=text_reordered,
        twin=fewer_events,
        exercised_by=("count-stream",),
    ),
)
