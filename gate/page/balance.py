"""Both routes over the whole run, side by side: latency, errors, retries, broken streams, tokens. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gate.model import Ending, Exhibit, Json, Report
from gate.page.axis import duration
from gate.page.strips import FIGURES, SLOWER, change, measured
from gate.wire.timing import percentile


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of both sides, in words; `worse`: the candidate's is one to look at."""

    name: str
    golden: str
    candidate: str
    worse: bool = False


def balance(report: Report) -> tuple[Line, ...]:
    """Figures over all exchanges; nothing where a report has none (a merged one)."""
    golden, candidate = ([one for one in report.exhibits if one.side == side] for side in ("golden", "candidate"))
    if not (golden and candidate):
        return ()
    costs = (
        _cost(side, facts.get("prices")) for side, facts in ((golden, report.golden), (candidate, report.candidate))
    )
    return (
        *_counts(golden, candidate),
        *_latency(report.exhibits),
        *_tokens(golden, candidate),
        *_compared("cost of 1,000 answers", *costs),
    )


def _counts(golden: Sequence[Exhibit], candidate: Sequence[Exhibit]) -> Iterable[Line]:
    yield Line("answers", str(len(golden)), str(len(candidate)))
    for name, holds in _EVENTS:
        worse = _share(candidate, holds) > 1.1 * _share(golden, holds)  # as many samples of each scenario nobody sends
        yield Line(name, _of(golden, holds), _of(candidate, holds), worse)
    ours, theirs = (sum(one.attempts - 1 for one in side) for side in (golden, candidate))
    yield Line("retries", str(ours), str(theirs), theirs > ours)


_BROKEN = frozenset(Ending) - {Ending.COMPLETE, Ending.CANCELLED}
_EVENTS: tuple[tuple[str, Callable[[Exhibit], bool]], ...] = (
    ("with an error status", lambda one: one.status >= 400),
    ("without an answer", lambda one: one.form == "none"),
    ("broken streams", lambda one: one.form == "stream" and one.ending in _BROKEN),
)


def _share(side: Sequence[Exhibit], holds: Callable[[Exhibit], bool]) -> float:
    return sum(map(holds, side)) / len(side)


def _of(side: Sequence[Exhibit], holds: Callable[[Exhibit], bool]) -> str:
    return f"{sum(map(holds, side))} of {len(side)}"


def _latency(exhibits: Sequence[Exhibit]) -> Iterable[Line]:
    answered = [one for one in exhibits if 200 <= one.status < 300]
    for _, words, read in FIGURES:
        golden, candidate = (measured(answered, side, read) for side in ("golden", "candidate"))
        ratio = change(golden, candidate)
        for q in (50, 95):
            ours, theirs = (duration(percentile(side, q) if side else None) for side in (golden, candidate))
            yield Line(f"{words}, p{q}", ours, theirs, q == 50 and ratio is not None and ratio >= SLOWER)


def _tokens(golden: Sequence[Exhibit], candidate: Sequence[Exhibit]) -> Iterable[Line]:
    for place, name in enumerate(("prompt tokens per answer", "completion tokens per answer")):
        yield Line(name, _mean(one.tokens[place] for one in golden), _mean(one.tokens[place] for one in candidate))


def _mean(values: Iterable[int | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{sum(known) / len(known):,.1f}" if known else "–"


# -- cost ---------------------------------------------------------------------------------------


def _cost(side: Iterable[Exhibit], prices: Json) -> float | None:
    """What a thousand answers cost on average, over those whose tokens and prices per million are known."""
    table = prices if isinstance(prices, Mapping) else {}
    known = [cost for one in side if (cost := _price(one, table.get(one.model))) is not None]
    return 1000 * sum(known) / len(known) if known else None


def _price(one: Exhibit, prices: Json) -> float | None:
    if not isinstance(prices, Mapping) or one.tokens == (None, None):
        return None
    each = (prices.get("input", 0), prices.get("output", 0))
    if not all(isinstance(price, int | float) and 0 <= price < 1e6 for price in each):
        return None
    prompt, completion = (tokens or 0 for tokens in one.tokens)
    return float(prompt * each[0] + completion * each[1]) / 1e6


def _compared(name: str, golden: float | None, candidate: float | None) -> Iterable[Line]:
    """A line where a price is known at all: without a table nobody asked for cost."""
    if golden is not None or candidate is not None:
        ours, theirs = ("–" if cost is None else f"{cost:,.4g}" for cost in (golden, candidate))
        yield Line(name, ours, theirs, golden is not None and candidate is not None and candidate > 1.1 * golden)
