"""What the rules about usage share: the usage objects that an answer carries, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.model import MISSING, Event, Json, Observation, Samples
from gate.observe.answer import asked, choices, comparable, grammar, numbered, occurrences


def usage(found: Observation) -> dict[str, Any] | None:
    """The filled usage of the final answer; None where there is none, or an empty one."""
    value = found.answer.usage if found.answer else None
    return value if isinstance(value, dict) and value else None


def bearing(found: Observation) -> list[Event]:
    """The events of a stream that carry a filled usage of their own."""
    return [event for event, _ in occurrences(found, "usage") if event.doc.get("usage")]


def alone(event: Event) -> bool:
    """A chunk that has no choice beside its usage."""
    # a kind that belongs to a choice has the lane of that choice
    return all(lane is None for _, lane in event.kinds)


def wanted(found: Observation) -> bool:
    """The request asks for usage in the stream."""
    return bool(asked(found, "stream_options", "include_usage"))


def finished(found: Observation) -> bool:
    """A plain body, or a stream that came to its end: what a cut stream lacks is not missing."""
    return found.form != "stream" or not found.kinds.isdisjoint(grammar(found).ends | {"done"})


def uncounted(golden: Samples, candidate: Samples) -> Iterator[tuple[int, Observation, dict[str, Any]]]:
    """(position, candidate, the golden's usage) where every golden answer of that form says what it cost, and this one
    does not. A stream that broke off, an empty usage, or no answer at all, is told by other rules."""
    for sample, found in numbered(candidate):
        counts = [usage(g) for g in comparable(golden, found)]
        said = found.answer.usage if found.answer else None
        silent = said in (None, MISSING) and finished(found)
        if counts and all(counts) and silent and (choices(found) or not any(choices(g) for g in golden)):
            yield sample, found, counts[0] or {}


def by_chunk(found: Observation) -> bool:
    """A stream whose usage has a chunk of its own; a response has it in its terminal event."""
    return found.form == "stream" and not grammar(found).typed


def tokens(counts: dict[str, Any] | None, *names: str) -> int | None:
    """The first of these counts that is an integer, whatever the API calls it."""
    found: Json
    for name in names:
        found = (counts or {}).get(name)
        # true is an int in Python, and no count
        if type(found) is int:
            return found
    return None


PROMPT = ("prompt_tokens", "input_tokens")
COMPLETION = ("completion_tokens", "output_tokens")
