"""Timelines of streams: when events came, golden above candidate, on one scale. Pure geometry; the template draws it.

A row is 1,000 units wide, whatever its width on screen. Events that came together are one bar, whose height shows how
many: a buffered stream is one tower, a good one a long, even row.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gate.explain.kinds import KINDS
from gate.model import Ending, Exhibit, Mark
from gate.model.exhibits import Forwarded
from gate.reports.page.axis import Tick, ticks
from gate.reports.page.labels import Note, apart, within
from gate.reports.words.durations import duration
from gate.text.plural import count
from gate.text.safe import cut

WIDTH, FLOOR = 1000, 46  # units; the y of the line on which the bars stand
# chosen: 200 bars for a row, each about a pixel wide on a phone.
_BIN = 5  # units that one bar stands for
# chosen: a single event stays visible, and a tower of 64 or more does not leave the row.
_LOW, _HIGH, _MANY = 13, 42, 64  # height of one event, of as many as _MANY
_LABELS = 3  # most gaps and most bursts of one row with a label
# chosen: a wait that is twice that of the fastest sample can be seen without measuring.
_WAIT_TIMES = 2.0  # times the wait of the sample that began first
# chosen: a pause that a reader notices, that has room for its label, and that is unlike the stream's own rhythm.
_GAP_MS, _GAP_SHARE, _GAP_TIMES = 250.0, 0.08, 6.0  # least pause in ms, as share of the whole, times the median one


@dataclass(frozen=True, slots=True)
class Row:
    """One exchange. `bars` are (kind, SVG path); places are per cent of the width. `labels` are those of the pauses and
    of the wait before the first event that fit."""

    side: str
    title: str
    facts: str
    bars: tuple[tuple[str, str], ...]
    end: float
    start: float
    first: Note | None
    pauses: tuple[Note, ...]
    labels: tuple[Note, ...]
    bursts: tuple[Note, ...]
    broken: Note | None
    posts: tuple[Note, ...] = ()  # requests upstream, labelled with their answers


@dataclass(frozen=True, slots=True)
class Timeline:
    """One sample of each side, the others, and the scale and the kinds of events that are drawn."""

    rows: tuple[Row, ...]
    others: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    kinds: tuple[str, ...]
    timed: bool
    hops: bool = False  # whether rows of an upstream are among them


def timeline(samples: Sequence[Exhibit]) -> Timeline | None:
    """The streams of one step, both sides on one scale, and below a side what reached the upstream of its gateway; None
    where neither side streamed or stands before an upstream.

    Samples come golden first; the one with texts is shown for its side.
    """
    if not any(exhibit.form == "stream" or exhibit.forwarded is not None for exhibit in samples):
        return None
    drawn = [exhibit for exhibit in samples if exhibit.marks or exhibit.forwarded is not None]
    # Cassettes of plain vcrpy have no times: then all rows count events, so that they can be compared.
    timed = all(mark.at_ms is not None for exhibit in drawn for mark in exhibit.marks)
    whole = max((_end(exhibit, timed) for exhibit in drawn), default=1.0) or 1.0
    main = [max(group, key=lambda exhibit: bool(exhibit.response)) for group in _sides(drawn)]
    numbers = {id(exhibit): n for group in _sides(samples) for n, exhibit in enumerate(group, 1)}
    # Of both sides: a wait is only long against the sample that began first.
    soonest = min((_start(exhibit, timed) for exhibit in drawn), default=0.0) if timed else math.inf
    rows = {id(exhibit): _row(exhibit, numbers[id(exhibit)], whole, timed, soonest) for exhibit in drawn}
    upstream = {id(exhibit): _upstream(exhibit, whole) for exhibit in main if timed and exhibit.forwarded is not None}
    seen = {mark.kind for exhibit in drawn for mark in (*exhibit.marks, *_forwarded_marks(exhibit))}
    return Timeline(
        rows=tuple(row for exhibit in main for row in (rows[id(exhibit)], upstream.get(id(exhibit))) if row),
        others=tuple(rows[id(exhibit)] for exhibit in drawn if exhibit not in main),
        ticks=ticks(whole) if timed else (),
        kinds=tuple(kind for kind in _LEGEND if kind in seen),
        timed=timed,
        hops=bool(upstream),
    )


# In the order of an answer's life; `KINDS` has the order of what hides what.
_LEGEND = ("role", "text", "reasoning", "tool", "usage", "finish", "done", "comment", "error", "bytes", "other")


def _sides(samples: Iterable[Exhibit]) -> list[list[Exhibit]]:
    known = list(samples)
    groups = ([exhibit for exhibit in known if exhibit.side == side] for side in ("golden", "candidate"))
    return [group for group in groups if group]


# -- one row ------------------------------------------------------------------------------------

_Placed = tuple[float, Mark]
"""Place on the scale (ms, or the number of the event without times), and the mark."""


def _row(exhibit: Exhibit, number: int, whole: float, timed: bool, soonest: float) -> Row:
    placed = _placed(exhibit, timed)
    towers = _towers(placed, whole)
    events = sum(mark.count for mark in exhibit.marks)
    first = exhibit.timing.first_token if timed else None
    start = _start(exhibit, timed)
    end = _percent(_end(exhibit, timed), whole)
    waits = start >= max(_GAP_MS, _WAIT_TIMES * soonest)
    wait = Note(0.0, f"nothing for {duration(start)}", _percent(start, whole))
    pauses = tuple(_gaps(placed, whole)) if timed else ()
    broken = None if exhibit.ending in (Ending.COMPLETE, Ending.CANCELLED) else Note(end, f"✕ {exhibit.ending}")
    bursts = list(_bursts(towers, events)) if timed else []
    return Row(
        side=exhibit.side,
        title=f"sample {number}",
        facts=_facts(exhibit, events, timed),
        bars=tuple(_bars(towers)),
        end=end,
        start=_percent(start, whole),
        first=Note(_percent(first, whole), f"first token {duration(first)}") if first is not None else None,
        pauses=pauses,
        labels=tuple(within((wait, *pauses) if waits else pauses)),
        bursts=tuple(apart(bursts, [broken] if broken else [])),
        broken=broken,
    )


def _facts(exhibit: Exhibit, events: int, timed: bool) -> str:
    timing = exhibit.timing
    spread = f" over {duration(timing.spread)}" if timed and timing.spread is not None else ""
    parts = [
        f"first token {duration(timing.first_token)}" if timing.first_token is not None else "",
        _amount(exhibit, events, timed) + spread,
        f"longest gap {duration(max(timing.gaps))}" if timing.gaps else "",
        f"{exhibit.ending} after {duration(timing.total)}" if timing.total is not None else str(exhibit.ending),
    ]
    return " · ".join(part for part in parts if part)


def _amount(exhibit: Exhibit, events: int, timed: bool) -> str:
    if exhibit.form != "stream":
        return f"status {exhibit.status}" if exhibit.status else "no answer"
    return f"{count(events, 'event')} in {count(exhibit.reads, 'read')}" if timed else count(events, "event")


def _placed(exhibit: Exhibit, timed: bool) -> list[_Placed]:
    if timed:
        return [(_finite(mark.at_ms), mark) for mark in exhibit.marks]
    before, placed = 0, []
    for mark in exhibit.marks:
        placed.append((float(before), mark))
        before += mark.count
    return placed


def _start(exhibit: Exhibit, timed: bool) -> float:
    """Where the first event is drawn; without any, where the exchange ended."""
    return next((at for at, _ in _placed(exhibit, timed)), _finite(exhibit.timing.total))


def _end(exhibit: Exhibit, timed: bool) -> float:
    last = _placed(exhibit, timed)[-1:]
    total = _finite(exhibit.timing.total) if timed else 0.0
    later = [_finite(call.end_ms) for call in exhibit.forwarded or ()] if timed else []
    return max([total, *later, *(at for at, _ in last)])


def _finite(ms: float | None) -> float:
    return ms if ms is not None and math.isfinite(ms) and ms > 0 else 0.0


def _percent(at: float, whole: float) -> float:
    return round(100 * min(1.0, at / whole), 2)


# -- the upstream's side of a gateway ------------------------------------------------------------


def _upstream(exhibit: Exhibit, whole: float) -> Row:
    """What the gateway asked for one request of its client, and when the answers came."""
    calls = exhibit.forwarded or ()
    placed = sorted(((_finite(mark.at_ms), mark) for mark in _forwarded_marks(exhibit)), key=lambda one: one[0])
    start = _percent(_finite(calls[0].at_ms), whole) if calls else 0.0
    end = _percent(max(_finite(call.end_ms) for call in calls), whole) if calls else 0.0
    last = calls[-1].ending if calls else Ending.COMPLETE
    broken = None if last in (Ending.COMPLETE, Ending.CANCELLED) else Note(end, f"✕ {last}")
    posts = [Note(_percent(_finite(call.at_ms), whole), _answer(call)) for call in calls]
    pauses = tuple(_between(calls, whole))
    return Row(
        side="upstream",
        title=f"behind the {exhibit.side}",
        facts=_asked(calls),
        bars=tuple(_bars(_towers(placed, whole))),
        end=end,
        start=start,
        first=None,
        pauses=pauses,
        labels=tuple(within(pauses)),
        bursts=(),
        broken=broken,
        posts=_labelled(posts, [broken] if broken else []),
    )


def _forwarded_marks(exhibit: Exhibit) -> Iterator[Mark]:
    for call in exhibit.forwarded or ():
        yield from call.marks


def _answer(call: Forwarded) -> str:
    """`429`, `200 cut`, `reset`."""
    ended = "" if call.ending is Ending.COMPLETE else str(call.ending)
    return f"{call.status or ''} {ended}".strip()


def _asked(calls: Sequence[Forwarded]) -> str:
    if not calls:
        return "nothing reached it"
    span = calls[-1].at_ms - calls[0].at_ms
    number = count(len(calls), "request") + (f" within {duration(span)}" if len(calls) > 1 else "")
    faults = dict.fromkeys(call.fault for call in calls if call.fault)
    return " · ".join((number, ", ".join(map(_answer, calls)), *(cut(fault, 40) for fault in faults)))


def _between(calls: Sequence[Forwarded], whole: float) -> Iterator[Note]:
    """The waits between an answer and the next request."""
    for before, after in pairwise(calls):
        length = _finite(after.at_ms) - _finite(before.end_ms)
        if length > 0:
            yield Note(_percent(_finite(before.end_ms), whole), duration(length), _percent(length, whole))


def _labelled(posts: Sequence[Note], taken: Sequence[Note]) -> tuple[Note, ...]:
    """All of them, for each has its stroke; those whose label finds no room have none."""
    labels = {note.at: note for note in apart(posts, taken)}
    return tuple(labels.get(post.at, replace(post, text="")) for post in posts)


# -- bars ---------------------------------------------------------------------------------------

_Tower = tuple[int, Counter[str]]


def _towers(placed: Iterable[_Placed], whole: float) -> list[_Tower]:
    """(number of a bin, kinds of the events in it)."""
    bins: dict[int, Counter[str]] = {}
    for at, mark in placed:
        place = min(WIDTH // _BIN - 1, int(at / whole * WIDTH / _BIN))
        bins.setdefault(place, Counter())[mark.kind] += mark.count
    return sorted(bins.items())


def _bars(towers: Iterable[_Tower]) -> Iterator[tuple[str, str]]:
    """(kind, path) of vertical strokes; those of several kinds in one bin are stacked."""
    strokes: dict[str, list[str]] = {}
    for place, kinds in towers:
        x, floor = place * _BIN + _BIN / 2, float(FLOOR)
        scale = _height(kinds.total()) / kinds.total()
        for kind in sorted(kinds, key=KINDS.index, reverse=True):
            top = floor - kinds[kind] * scale
            strokes.setdefault(kind, []).append(f"M{x:g} {floor:.4g}V{top:.4g}")
            floor = top
    yield from ((kind, "".join(strokes[kind])) for kind in KINDS if kind in strokes)


def _height(events: int) -> float:
    """Logarithmic: one event and hundreds are both visible."""
    return _LOW + (_HIGH - _LOW) * min(1.0, math.log(events) / math.log(_MANY))


# -- labels -------------------------------------------------------------------------------------


def _bursts(towers: Sequence[_Tower], events: int) -> Iterator[Note]:
    counted = [(kinds.total(), place) for place, kinds in towers]
    # chosen: a quarter of all events at one moment is what buffering looks like (LA01).
    least = max(5, events / 4)
    for number, place in sorted(counted, reverse=True)[:_LABELS]:
        if number >= least:
            yield Note(round(100 * (place + 0.5) * _BIN / WIDTH, 2), f"×{number}")


def _gaps(placed: Sequence[_Placed], whole: float) -> Iterator[Note]:
    times = [at for at, _ in placed]
    pauses = sorted(((later - earlier, earlier) for earlier, later in pairwise(times)), reverse=True)
    usual = pauses[len(pauses) // 2][0] if pauses else 0.0
    for length, start in pauses[:_LABELS]:
        if length >= max(_GAP_MS, _GAP_SHARE * whole, _GAP_TIMES * usual):
            yield Note(_percent(start, whole), f"{duration(length)} gap", _percent(length, whole))
