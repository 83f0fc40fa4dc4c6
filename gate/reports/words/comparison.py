"""Golden and candidate, or the routes of a merged report, side by side in figures. Pure.

Columns have different numbers of samples, so answers are not simply pooled: each request counts once, with the mean of
its samples, and only where all columns have the figure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gate.model import Json, Measures, Report
from gate.reports.words.durations import duration, slower, times
from gate.reports.words.figures import routes_of
from gate.reports.words.matrix import scenario_of
from gate.wire.timing import percentile

_Request = tuple[str, int]
"""A scenario without its route, and a step."""
_Read = Callable[[Measures, "Column"], float | None]
_WORSE = 1.1  # times the golden's; a smaller difference would need many more samples


@dataclass(frozen=True, slots=True)
class Column:
    """One side, or one route. `prices` are those of its facts: by model, per million tokens."""

    title: str
    requests: Mapping[_Request, Measures]
    prices: Json = None
    counts: Mapping[str, int] = field(default_factory=dict)  # its enforced findings, by severity


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure of one column as text, and how it differs from the golden's: `×1.4`, `+2`, `=`."""

    text: str
    change: str = ""
    worse: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A row; `about` says in a sentence what it counts."""

    name: str
    about: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The columns, golden first, and the rows that say something."""

    columns: tuple[str, ...]
    figures: tuple[Figure, ...]


def comparison(report: Report) -> Comparison:
    """The figures of a report: golden and candidate, or golden and every route. Empty where nothing was measured, as in
    the report of a gate before it had measures."""
    columns = _columns(report)
    if not (columns[0].requests and any(column.requests for column in columns[1:])):
        return Comparison((), ())
    rows = [*_found(columns), *(row for read in _ROWS for row in read(columns))]
    return Comparison(tuple(column.title for column in columns), tuple(row for row in rows if _says(row)))


def _says(row: Figure) -> bool:
    return any(entry.text not in ("–", "0", "") for entry in row.entries)


def legend(compared: Comparison) -> dict[str, str]:
    """What the rows count, percentiles of one figure once."""
    return {row.name.partition(", p")[0]: row.about for row in compared.figures}


# -- columns ------------------------------------------------------------------------------------


def _columns(report: Report) -> tuple[Column, ...]:
    routes = dict(routes_of(report.candidate))
    names = tuple(dict.fromkeys(result.route for result in report.scenarios if result.route))
    golden = _requests(report, "golden", None)
    prices = report.golden.get("prices")
    if not names:
        sides = _requests(report, "candidate", None)
        return Column("golden", golden, prices), Column("candidate", sides, report.candidate.get("prices"))
    of_routes = (
        Column(
            name, _requests(report, "candidate", name), routes.get(name, {}).get("prices"), _severities(report, name)
        )
        for name in names
    )
    return Column("golden", golden, prices), *of_routes


def _requests(report: Report, side: str, route: str | None) -> dict[_Request, Measures]:
    found: dict[_Request, Measures] = {}
    for result in report.scenarios:
        for one in result.measures:
            # All routes were judged against the same golden: its figures are those of the first.
            if one.side == side and route in (None, result.route):
                found.setdefault((scenario_of(result), one.step), one)
    return found


def _severities(report: Report, route: str) -> dict[str, int]:
    told = [f.severity.word for f in report.findings if f.route == route and f.outcome == "enforced"]
    return {name: told.count(name) for name in _FOUND}


# -- rows ---------------------------------------------------------------------------------------


def _found(columns: Sequence[Column]) -> Iterator[Figure]:
    """How many findings each route has; of one route the page lists them."""
    if any(column.counts for column in columns):
        for name, about in _FOUND.items():
            numbers = [column.counts.get(name, 0) for column in columns[1:]]
            entries = (Entry(str(number), worse=number > 0 and name != "info") for number in numbers)
            yield Figure(f"{name} findings", about, (Entry(""), *entries))
    if len({len(column.requests) for column in columns}) > 1:
        requests = (Entry(str(len(column.requests))) for column in columns)
        yield Figure("requests measured", "figures below are over those that every column has", tuple(requests))


_FOUND = {
    "breaking": "a client of the golden can fail",
    "risky": "a client that reads the field or branch can fail",
    "info": "visible, and harmless",
}


def _values(columns: Sequence[Column], read: _Read) -> list[tuple[float, ...]]:
    """The figures of the requests that all columns with any have, sorted: a request that fails on one side must not
    look cheap there."""
    known = [_known(column, read) for column in columns]
    shared = set.intersection(*(set(one) for one in known if one)) if any(known) else set()
    return [tuple(sorted(one[request] for request in shared if request in one)) for one in known]


def _known(column: Column, read: _Read) -> dict[_Request, float]:
    values = ((request, read(one, column)) for request, one in column.requests.items())
    return {request: value for request, value in values if value is not None and 0 <= value < math.inf}


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _row(
    name: str,
    about: str,
    values: Sequence[float | None],
    say: Callable[[float | None], str],
    differ: Callable[[float, float], str],
    worse: Callable[[float, float], bool],
) -> Figure:
    golden = values[0]
    entries = [Entry(say(golden))]
    for value in values[1:]:
        both = golden is not None and value is not None
        change = differ(golden or 0.0, value or 0.0) if both else ""
        entries.append(Entry(say(value), change, both and worse(golden or 0.0, value or 0.0)))
    return Figure(name, about, tuple(entries))


# -- counts -------------------------------------------------------------------------------------


def _shares(name: str, about: str, holds: Callable[[Measures], int]) -> Callable[[Sequence[Column]], Iterator[Figure]]:
    """How many answers are so, and for which share of the requests."""

    def rows(columns: Sequence[Column]) -> Iterator[Figure]:
        means = [_mean(values) for values in _values(columns, lambda one, _: holds(one) / max(1, one.answers))]
        numbers = [sum(map(holds, column.requests.values())) for column in columns]
        row = _row(name, about, means, str, lambda a, b: _points(b - a), lambda a, b: b > _WORSE * a)
        # what never answered has no answer of any kind
        texts = (
            "–" if mean is None else f"{n} ({mean:.1%})" if n else "0" for n, mean in zip(numbers, means, strict=True)
        )
        entries = (Entry(text, e.change, e.worse) for text, e in zip(texts, row.entries, strict=True))
        yield Figure(name, about, tuple(entries))

    return rows


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f} points" if abs(difference) >= 0.0005 else "="


def _each(
    name: str, about: str, read: _Read, *, usual: float | None = None, judged: bool = True
) -> Callable[[Sequence[Column]], Iterator[Figure]]:
    """The mean over the requests; no row where every column has what is `usual`."""

    def rows(columns: Sequence[Column]) -> Iterator[Figure]:
        means = [_mean(values) for values in _values(columns, read)]
        if any(mean not in (usual, None) for mean in means):
            yield _row(name, about, means, figure, _percent, lambda a, b: judged and b > _WORSE * a)

    return rows


def _percent(golden: float, value: float) -> str:
    if golden == value:
        return "="
    return (
        f"{100 * (value / golden - 1):+,.0f} %" if golden > 0 and value < 10 * golden else f"+{figure(value - golden)}"
    )


def figure(value: float | None) -> str:
    """Three significant digits: `14.0`, `0.00630`, `1,240`; a dash for None."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, digits):,.{max(0, digits)}f}"


# -- times --------------------------------------------------------------------------------------


def _percentiles(
    name: str, about: str, read: Callable[[Measures], float | None], quantiles: Iterable[int]
) -> Callable[[Sequence[Column]], Iterator[Figure]]:
    def rows(columns: Sequence[Column]) -> Iterator[Figure]:
        sides = _values(columns, lambda one, _: read(one))
        for q in quantiles:
            found = [percentile(side, q) if side else None for side in sides]
            # Only the median is coloured: the p95 of a few samples is a single call (`budgets.minimum_samples`).
            colour = slower if q == 50 else lambda *_: False
            yield _row(f"{name}, p{q}", about, found, duration, _times, colour)

    return rows


def _times(golden: float, value: float) -> str:
    words = times(golden, value)
    return "=" if words == "×1" else words


# -- cost ---------------------------------------------------------------------------------------


def _cost(one: Measures, column: Column) -> float | None:
    """The price of a thousand such requests, with every POST that the provider answered."""
    prices = column.prices.get(one.model) if isinstance(column.prices, Mapping) else None
    tokens = (one.billed_prompt, one.billed_completion)
    if one.posts == 0:  # a gateway's own cache answered
        tokens = (0.0, 0.0)
    elif tokens == (None, None):
        tokens = (one.prompt, one.completion)
    if not isinstance(prices, Mapping) or tokens == (None, None):
        return None
    each = (prices.get("input", 0), prices.get("output", 0))
    # The table is a fact of a report that may come from anybody; a price of 1e300 would break the formatting.
    if not all(isinstance(price, int | float) and 0 <= price < 1e6 for price in each):
        return None
    return math.fsum((number or 0) * price for number, price in zip(tokens, each, strict=True)) / 1e3


COST = "cost of 1,000 requests"

_ROWS = (
    _shares("with an error status", "status 400 or more; their share of the requests", lambda one: one.errors),
    _shares("without an answer", "refused, reset, timed out", lambda one: one.unanswered),
    _shares("broken streams", "cut, reset, too large, or timed out", lambda one: one.broken),
    _each(
        "retries per answer",
        "how often the gate had to ask again",
        lambda one, _: _per(one, one.attempts - one.answers),
        usual=0.0,
    ),
    _each(
        "POSTs per request",
        "what the provider got, retries and a gateway's own included",
        lambda one, _: _per(one, one.attempts if one.posts is None else one.posts),
        usual=1.0,
    ),
    _percentiles("connect", "TCP and TLS, of requests that opened a connection", lambda one: one.connect, (50,)),
    _percentiles("first token", "from the request to the first token of a stream", lambda one: one.ttft, (50, 95)),
    _percentiles("between tokens", "the mean gap between the tokens of a stream", lambda one: one.gap, (50, 95)),
    _percentiles("whole answer", "from the request to the end", lambda one: one.total, (50, 95)),
    _each("prompt tokens", "of one answer, as it counts them", lambda one, _: one.prompt, judged=False),
    _each("completion tokens", "of one answer, as it counts them", lambda one, _: one.completion, judged=False),
    _each(COST, "every answered POST, at the prices of gate.yaml", _cost),
)  # fmt: skip


def _per(one: Measures, number: int) -> float:
    return number / max(1, one.answers)
