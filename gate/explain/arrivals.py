"""When the events of an answer came, golden against candidate, event by event. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby, islice, pairwise, zip_longest

from gate import endpoints
from gate.explain.kinds import kind_of
from gate.model import Exchange, Frame, Line, Observation, Timing
from gate.observe.exchange import observe
from gate.text.plural import count

# chosen: a run of tokens is told by how it begins and ends, and by its longest pause.
_HEAD, _TAIL = 3, 2  # rows of one run of events that are shown
# chosen: some screens; kinds that take turns make a row of each event.
_ROWS = 300
# A stream may have a million events; those beyond can't change what a table of a screen says.
MOST = 5_000  # events of one side


@dataclass(frozen=True, slots=True)
class Row:
    """Lines of both sides that correspond; None where a side has none. `left_out`: so many rows of this key stand here,
    and none of them is shown."""

    golden: Line | None
    candidate: Line | None
    left_out: int = 0

    @property
    def key(self) -> str:
        """That of either line."""
        return next((one.key for one in (self.golden, self.candidate) if one), "")

    @property
    def wait(self) -> float:
        """The longer of both waits before it."""
        return max((one.gap_ms or 0.0 for one in (self.golden, self.candidate) if one), default=0.0)


def arrivals(observation: Observation) -> list[Line]:
    """The events of a stream, in order; empty for any other answer."""
    endpoint = endpoints.endpoint(observation.endpoint)
    events = [*islice((event for event in observation.events if event.kinds), MOST)]
    gaps = [None, *(_gap(before.at_ms, after.at_ms) for before, after in pairwise(events))]
    return [
        Line(kind_of(event, endpoint), _said(event.frame), event.at_ms, gap)
        for event, gap in zip(events, gaps, strict=False)
    ]


def _said(frame: Frame) -> str:
    return frame.data if frame.data is not None else "".join(f": {comment}" for comment in frame.comments)


def _gap(before: float | None, after: float | None) -> float | None:
    return after - before if before is not None and after is not None else None


def rows(golden: Sequence[Line], candidate: Sequence[Line]) -> list[Row]:
    """Lines of both sides aligned by their keys, the middles of long runs of one key left out but for the longest wait.

    Bounded, whatever the lines are.
    """
    before, after = ([list(run) for _, run in groupby(side, lambda one: one.key)] for side in (golden, candidate))
    found = [row for left, right in _aligned(before, after) for row in _shortened(_paired(left, right))]
    middle = found[_ROWS * 2 // 3 : len(found) - _ROWS // 3]
    return found if len(found) <= _ROWS else [*found[: _ROWS * 2 // 3], *_left_out(middle), *found[-(_ROWS // 3) :]]


_Run = Sequence[Line]


def _aligned(golden: Sequence[_Run], candidate: Sequence[_Run]) -> Iterator[tuple[_Run, _Run]]:
    """Runs of events of one kind that correspond, by the order of the kinds."""
    names, others = ([run[0].key for run in side] for side in (golden, candidate))
    for word, a, b, c, d in SequenceMatcher(None, names, others, autojunk=False).get_opcodes():
        if word == "equal":
            yield from zip(golden[a:b], candidate[c:d], strict=True)
        else:
            yield from ((run, ()) for run in golden[a:b])
            yield from (((), run) for run in candidate[c:d])


def _paired(golden: _Run, candidate: _Run) -> list[Row]:
    return [Row(*both) for both in zip_longest(golden, candidate)]


def _shortened(run: list[Row]) -> Iterator[Row]:
    last = len(run) - _TAIL
    if last <= _HEAD + 2:
        yield from run
        return
    slowest = max(range(_HEAD, last), key=lambda number: run[number].wait)
    yield from run[:_HEAD]
    yield from _left_out(run[_HEAD:slowest])
    yield run[slowest]
    yield from _left_out(run[slowest + 1 : last])
    yield from run[last:]


def _left_out(some: Sequence[Row]) -> Iterator[Row]:
    if some:
        yield replace(some[0], left_out=len(some))


# -- as text ------------------------------------------------------------------------------------


def table(golden: Exchange, candidate: Exchange) -> list[str]:
    """The times of both sides in aligned columns, below 80 wide: of the whole answer, then event by event."""
    before, after = observe(golden), observe(candidate)
    lines = ["when it came, in ms after the request was sent:", _line("", "golden", "", "candidate", "")]
    times = [(name, read(before.timing), read(after.timing)) for name, read in _TIMES]
    lines += [_line(name, _ms(one), "", _ms(other), "") for name, one, other in times if (one, other) != (None, None)]
    events = rows(arrivals(before), arrivals(after))
    if any(one and one.at_ms is not None for row in events for one in (row.golden, row.candidate)):
        lines += ["", _line("event", "golden", "waited", "candidate", "waited"), *map(_event, events)]
    return lines


_TIMES: tuple[tuple[str, Callable[[Timing], float | None]], ...] = (
    ("connection", lambda timing: timing.connect),
    ("first byte", lambda timing: timing.first_byte),
    ("first token", lambda timing: timing.first_token),
    ("whole answer", lambda timing: timing.total),
)


def _event(row: Row) -> str:
    if row.left_out:
        return f"  … {count(row.left_out, f'more {row.key} event')}"
    return _line(row.key, *_cells(row.golden), *_cells(row.candidate))


def _cells(one: Line | None) -> tuple[str, str]:
    return (_ms(one.at_ms), _ms(one.gap_ms)) if one else ("-", "")


def _line(name: str, golden: str, waited: str, candidate: str, later: str) -> str:
    return f"  {name:<14}{golden:>12}{waited:>12}{candidate:>16}{later:>12}".rstrip()


def _ms(value: float | None) -> str:
    """Whole milliseconds, tenths below ten."""
    return "" if value is None else f"{value:,.1f}" if 0 < value < 10 else f"{value:,.0f}"
