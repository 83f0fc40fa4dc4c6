"""What became of a demand for JSON: the value, or how the answer fails to be one. Worked out once for all rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gate.model import MISSING, Choice, Comparison, Json, Observation, Pair
from gate.observe.answer import answered, at_limit, choices
from gate.observe.breaches import read
from gate.observe.defects import truncated
from gate.observe.request import output as demand
from gate.observe.usage import NEAR, limit, written

Outcome = Literal["json", "fenced", "truncated", "prose", "other"]
"""`other`: a refusal, a filter, tool calls instead, or nothing at all; other rules judge those."""

# https://spec.commonmark.org/0.31.2/#fenced-code-blocks; 16 characters hold `json` and `javascript`. A fence without
# its end is one of an answer that was cut.
_FENCE = re.compile(r"```[\w-]{0,16}\s*(.*?)(?:```|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Output:
    """One choice of an answer that should be JSON. `fault` is the parser's message where it is not, `twice` a key that
    one object has twice."""

    choice: Choice
    outcome: Outcome
    value: Json = MISSING
    fault: str = ""
    twice: str = ""

    @property
    def path(self) -> str:
        """Where the text is."""
        return self.choice.content_path


def outputs(observation: Observation) -> Iterator[Output]:
    """Each choice of an answer to a request for JSON; none where the request asks for none."""
    if answered(observation) and demand(observation) is not None:
        yield from map(_output, choices(observation))


def _output(choice: Choice) -> Output:
    text = choice.text.strip()
    if not text or choice.finish == "content_filter" or choice.refusal:
        return Output(choice, "other")
    parsed = read(text)
    if not parsed.fault:
        return Output(choice, "json", parsed.value, twice=parsed.twice)
    # an object or list from the first character has no fence around it, though a value may hold one (a row)
    opened = text.startswith(("{", "["))
    fence = None if opened else _FENCE.search(text)
    inside = read(fence[1].strip()) if fence else parsed
    if fence and (not inside.fault or truncated(inside, fence[1].strip())):
        return Output(choice, "fenced", inside.value)  # truncated or not, the fence fails the parser first
    cut = truncated(parsed, text) or (at_limit(choice) and opened)
    return Output(choice, "truncated" if cut else "prose", fault=parsed.fault)


def complies(comparison: Comparison) -> bool:
    """Whether every golden sample has what the request asks for: bare JSON, or outcome `other`, but JSON once."""
    outcomes = {output.outcome for golden in comparison.golden for output in outputs(golden)}
    return "json" in outcomes and outcomes <= {"json", "other"}


def near_limit(comparison: Comparison) -> bool:
    """Whether a golden answer comes close to the request's limit, so that the next one may exceed it (B25)."""
    return any(map(_near_limit, comparison.golden))


def _near_limit(observation: Observation) -> bool:
    most, count = limit(observation), written(observation)
    return most is not None and count is not None and count >= NEAR * most


def faulty(comparison: Comparison, outcome: Outcome) -> Iterator[tuple[Pair, Output]]:
    """The first output with that outcome of each candidate sample, where the golden complies."""
    for pair, candidates in zip(comparison.pairs, comparison.once(_candidate_outputs), strict=True):
        for output in [output for output in candidates if output.outcome == outcome][:1]:
            if comparison.once(complies):
                yield pair, output


def _candidate_outputs(comparison: Comparison) -> list[list[Output]]:
    return [list(outputs(pair.candidate)) for pair in comparison.pairs]
