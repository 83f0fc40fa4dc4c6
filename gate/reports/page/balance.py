"""Figures of both routes over the whole run: latency, errors, retries, broken streams, tokens, cost. Pure.

The sides have different numbers of samples, so answers are not simply pooled: each request counts once, with the mean
of its samples, and only where both sides have the figure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gate.model import Ending, Exhibit, Json, Report, Timing
from gate.reports.page.axis import duration
from gate.reports.page.strips import FIGURES, slower
from gate.wire.timing import percentile

_Values = tuple[float, ...]
_Read = Callable[[Exhibit], Iterable[float | None]]
_WORSE = 1.1  # times the golden's; a smaller difference would need many more samples


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of both sides, as text; `worse`: the candidate's is much worse."""

    name: str
    golden: str
    candidate: str
    worse: bool = False


def balance(report: Report) -> tuple[Line, ...]:
    """Figures over all requests; empty for a report without exhibits, such as a merged one."""
    golden, candidate = (
        [exhibit for exhibit in report.exhibits if exhibit.side == side] for side in ("golden", "candidate")
    )
    if not (golden and candidate):
        return ()
    return (
        Line("answers", str(len(golden)), str(len(candidate))),
        *(_share(report, name, holds) for name, holds in _EVENTS),
        _mean_line("retries per answer", _sides(report, lambda exhibit: (exhibit.attempts - 1,))),
        *_latency(report),
        *(_mean_line(name, _sides(report, read), judged=False) for name, read in _TOKENS),
        *_cost(report),
    )


# CANCELLED is the scenario's own doing.
_BROKEN = frozenset(Ending) - {Ending.COMPLETE, Ending.CANCELLED}
_EVENTS: tuple[tuple[str, Callable[[Exhibit], bool]], ...] = (
    ("with an error status", lambda exhibit: exhibit.status >= 400),
    ("without an answer", lambda exhibit: exhibit.form == "none"),
    ("broken streams", lambda exhibit: exhibit.form == "stream" and exhibit.ending in _BROKEN),
)
_TOKENS: tuple[tuple[str, _Read], ...] = (
    ("prompt tokens per answer", lambda exhibit: exhibit.tokens[:1]),
    ("completion tokens per answer", lambda exhibit: exhibit.tokens[1:]),
)


# -- means by request ---------------------------------------------------------------------------


def _sides(report: Report, read: _Read) -> tuple[_Values, _Values]:
    """The figures of requests that have one on both sides, sorted; where only one side has any, all of that side."""
    golden, candidate = (_means(report.exhibits, side, read) for side in ("golden", "candidate"))
    both = golden.keys() & candidate.keys()
    # Only requests that both sides answered: a request that fails on one side must not look cheap there.
    if golden and candidate:
        return tuple(sorted(golden[request] for request in both)), tuple(sorted(candidate[request] for request in both))
    return tuple(sorted(golden.values())), tuple(sorted(candidate.values()))


def _means(exhibits: Iterable[Exhibit], side: str, read: _Read) -> Mapping[tuple[str, int], float]:
    """(scenario, step) → the mean over the samples of one side."""
    by_request: dict[tuple[str, int], list[float]] = {}
    for exhibit in exhibits:
        known = [value for value in read(exhibit) if value is not None and 0 <= value < math.inf]
        if exhibit.side == side and known:
            by_request.setdefault((exhibit.scenario, exhibit.step), []).append(_mean(known))
    return {request: _mean(values) for request, values in by_request.items()}


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


# -- lines --------------------------------------------------------------------------------------


def _share(report: Report, name: str, holds: Callable[[Exhibit], bool]) -> Line:
    """How many answers `holds` is true of, and for which share of the requests."""
    means = [_mean(side) if side else 0.0 for side in _sides(report, lambda exhibit: (float(holds(exhibit)),))]
    counts = [
        sum(holds(exhibit) for exhibit in report.exhibits if exhibit.side == side) for side in ("golden", "candidate")
    ]
    golden, candidate = (
        f"{number} ({mean:.1%} of requests)" if number else "0" for number, mean in zip(counts, means, strict=True)
    )
    return Line(name, golden, candidate, means[1] > _WORSE * means[0])


def _mean_line(name: str, sides: tuple[_Values, _Values], *, judged: bool = True) -> Line:
    golden, candidate = (_mean(side) if side else None for side in sides)
    worse = judged and golden is not None and candidate is not None and candidate > _WORSE * golden
    return Line(name, _figure(golden), _figure(candidate), worse)


def _figure(value: float | None) -> str:
    """Three significant digits: `14.0`, `0.00630`, `1,240`; a dash for None."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.{max(0, digits)}f}"


def _latency(report: Report) -> Iterable[Line]:
    for _, words, read in FIGURES:
        sides = _sides(report, _answered(read))
        for q in (50, 95):
            golden, candidate = (duration(percentile(side, q) if side else None) for side in sides)
            # Only the median is coloured: the p95 of a few samples is a single call (`budgets.minimum_samples`).
            yield Line(f"{words}, p{q}", golden, candidate, q == 50 and slower(*sides))


def _answered(read: Callable[[Timing], _Values]) -> _Read:
    return lambda exhibit: read(exhibit.timing) if 200 <= exhibit.status < 300 else ()


# -- cost ---------------------------------------------------------------------------------------


def _cost(report: Report) -> Iterable[Line]:
    """The cost of a thousand answers; no line without prices."""
    tables = {"golden": report.golden.get("prices"), "candidate": report.candidate.get("prices")}
    sides = _sides(report, lambda exhibit: (_price(exhibit, tables[exhibit.side]),))
    if any(sides):
        yield _mean_line("cost of 1,000 answers", sides)


def _price(exhibit: Exhibit, table: Json) -> float | None:
    """The price of a thousand such answers; the table has prices per million tokens."""
    prices = table.get(exhibit.model) if isinstance(table, Mapping) else None
    if not isinstance(prices, Mapping) or exhibit.tokens == (None, None):
        return None
    each = (prices.get("input", 0), prices.get("output", 0))
    # The table is a fact of a report that may come from anybody; a price of 1e300 would break the formatting.
    if not all(isinstance(price, int | float) and 0 <= price < 1e6 for price in each):
        return None
    prompt, completion = (tokens or 0 for tokens in exhibit.tokens)
    return float(prompt * each[0] + completion * each[1]) / 1e3
