"""What became of a demand for JSON: the value, or the way in which the answer is none. Told once, for all rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gate.model import MISSING, Choice, Json, Observation, Samples
from gate.observe.answer import answered, choices
from gate.observe.breaches import Text, read
from gate.observe.request import asked, output

Outcome = Literal["json", "fenced", "truncated", "prose", "other"]
"""`other`: a refusal, a filter, tool calls instead, or nothing at all; other rules judge those."""

LIMITS = ("length", "max_output_tokens")  # a tuple: what is looked up in it may be anything
_FENCE = re.compile(r"```[\w-]{0,16}\s*(.*?)(?:```|\Z)", re.DOTALL)
_CUT_WORD = re.compile(r"-?[a-zA-Z0-9.+]{0,24}|\\u?[0-9a-fA-F]{0,4}")


@dataclass(frozen=True, slots=True)
class Output:
    """One choice of an answer that should be JSON. `fault` says in a parser's words why it is none."""

    choice: Choice
    outcome: Outcome
    value: Json = MISSING
    fault: str = ""
    twice: str = ""

    @property
    def path(self) -> str:
        """Where the text stands."""
        return self.choice.content_path


def outputs(found: Observation) -> Iterator[Output]:
    """Each choice of an answer to a request for JSON; none where the request asked for none."""
    if answered(found) and output(found) is not None:
        yield from map(_output, choices(found))


def _output(choice: Choice) -> Output:
    text = choice.text.strip()
    if not text or choice.finish == "content_filter" or choice.refusal:
        return Output(choice, "other")
    found = read(text)
    if not found.fault:
        return Output(choice, "json", found.value, twice=found.twice)
    jsonish = text.startswith(("{", "["))
    fence = None if jsonish else _FENCE.search(text)
    inside = read(fence[1].strip()) if fence else found
    if fence and (not inside.fault or truncated(inside, fence[1].strip())):
        return Output(choice, "fenced", inside.value)
    cut = truncated(found, text) or (choice.finish in LIMITS and jsonish)
    return Output(choice, "truncated" if cut else "prose", fault=found.fault)


def truncated(found: Text, text: str) -> bool:
    """JSON that was right until it stopped: inside a string, or where something must follow."""
    if found.value is not MISSING or not text.startswith(("{", "[")):
        return False
    return found.fault.startswith("Unterminated string") or _CUT_WORD.fullmatch(text, found.at) is not None


def complies(golden: Samples) -> bool:
    """Whether every golden sample holds what it was asked: bare JSON, or an outcome of its own, but JSON once."""
    found = [o.outcome for g in golden for o in outputs(g)]
    return "json" in found and set(found) <= {"json", "other"}


def near_limit(golden: Samples) -> bool:
    """Whether the golden's own answers come close to the request's limit, so that the next one may pass it (B25)."""
    return any(_near_limit(g) for g in golden)


def _near_limit(found: Observation) -> bool:
    limits = [asked(found, k) for k in ("max_tokens", "max_completion_tokens", "max_output_tokens")]
    limit = next((n for n in limits if type(n) is int), None)
    usage = found.answer.usage if found.answer else None
    used = [usage.get(k) for k in ("completion_tokens", "output_tokens")] if isinstance(usage, dict) else []
    return limit is not None and any(type(n) is int and n > 0.7 * limit for n in used)


def faulty(golden: Samples, candidate: Samples, outcome: Outcome) -> Iterator[tuple[int, Output]]:
    """(position, output) of each candidate sample's first output with that outcome, where the golden complies."""
    bad = [(n, o) for n, found in enumerate(candidate) for o in list(_with(found, outcome))[:1]]
    if bad and complies(golden):
        yield from bad


def _with(found: Observation, outcome: Outcome) -> Iterator[Output]:
    return (o for o in outputs(found) if o.outcome == outcome)
