"""Usage in a chunk of its own, or beside the choices, where the golden has it at the other place."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Pair, Rule, Severity
from gate.observe.scopes import has_streams
from gate.observe.usage import alone, bearing, wanted

_OWN, _BESIDE = "in a chunk without choices", "beside the choices"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Code looks for usage in one of two places; and `chunk.choices[0]` fails on a chunk that has none."""
    for pair in comparison.answers:
        usual = {alone(event) for golden in pair.golden for event in bearing(golden)}
        places = {alone(event) for event in bearing(pair.candidate)}
        # a stream that has usage in both places works for both kinds of client; usage-repeated has the rest
        if not places or places & usual:
            continue
        if usual == {True}:
            yield pair.drift(
                path="usage",
                message="usage is beside the choices, not in its own chunk",
                golden=_OWN,
                candidate=_BESIDE,
                at=bearing(pair.candidate)[-1],
            )
        elif True in places and (usual or wanted(pair.candidate)):
            yield _choiceless(pair, _BESIDE if usual else "no usage")


def _choiceless(pair: Pair, usual: str) -> Drift:
    # a client of a golden with choiceless chunks (Azure's first) does not read chunk.choices[0] of every chunk;
    # and where usage was requested, the API documents the chunk
    known = usual != _BESIDE or any("choiceless" in golden.kinds for golden in pair.golden)
    return pair.drift(
        path="usage",
        message="usage is in a chunk whose choices are empty",
        golden=usual,
        candidate=_OWN,
        severity=None if known else Severity.BREAKING,
        at=next(filter(alone, bearing(pair.candidate))),
    )


RULE = Rule(
    id="usage-place",
    area="usage",
    # readers of one place find nothing; an unknown choiceless chunk is breaking, as ST01 is
    severity=Severity.RISKY,
    summary="a stream's usage is in another chunk than the golden's",
    who_breaks="code that reads usage only where choices are empty; loops that take chunk.choices[0] of every chunk",
    hint="let the gateway send usage where the golden has it, or read it from any chunk",
    check=check,
    where=has_streams,
    of_order=True,
)
