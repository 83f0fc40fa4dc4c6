"""Usage in a chunk of its own against usage beside the choices (fact: usage beside choices, not in its own chunk)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Observation, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.observe.usage import alone, bearing, wanted

_WORDS = {True: "in a chunk without choices", False: "beside the choices"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Code looks for usage in one of two places; and `chunk.choices[0]` fails on a chunk that has none."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        like, mine = comparable(golden, found), bearing(found)
        places = {alone(event) for g in like for event in bearing(g)}
        here = {alone(event) for event in mine}
        # a stream that shows usage in both places serves both kinds of client; usage-repeated has the rest
        if not like or not here or here & places:
            continue
        if places == {True}:
            yield _drift(mine[-1], True, "usage comes beside the choices, not in its own chunk", sample)
        elif True in here and (places or wanted(found)):
            bare = next(event for event in mine if alone(event))
            # who never saw empty choices reads chunk.choices[0] of every chunk; asked for, the API documents the chunk
            severity = Severity.BREAKING if places and not _choiceless(like) else None
            yield _drift(bare, False, "usage comes in a chunk whose choices are empty", sample, severity, bool(places))


def _choiceless(like: list[Observation]) -> bool:
    """A client of such a golden knows chunks without choices (Azure's first)."""
    return any("choiceless" in g.kinds for g in like)


def _drift(
    event: Event, golden: bool, message: str, sample: int, severity: Severity | None = None, shown: bool = True
) -> Drift:
    gold = _WORDS[golden] if shown else "no usage"
    frame = event.frame
    return Drift(
        path="usage",
        message=message,
        golden=gold,
        candidate=_WORDS[not golden],
        sample=sample,
        severity=severity,
        frame=frame.number,
        byte=frame.start,
    )


RULE = Rule(
    id="usage-place",
    area="usage",
    severity=Severity.RISKY,
    summary="a stream's usage comes in another chunk than in the golden",
    who_breaks="code that reads usage only where choices are empty; loops that take chunk.choices[0] of every chunk",
    hint="let the gateway send usage where the golden has it, or read it from any chunk",
    check=check,
    of_order=True,
)
