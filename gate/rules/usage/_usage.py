"""What the rules about usage share: the usage objects that an answer carries, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.model import MISSING, Observation, Samples
from gate.observe.answer import choices, comparable, finished, numbered
from gate.observe.usage import usage


def uncounted(golden: Samples, candidate: Samples) -> Iterator[tuple[int, Observation, dict[str, Any]]]:
    """(position, candidate, the golden's usage) where every golden answer of that form says what it cost, and this one
    does not. A stream that broke off, an empty usage, or no answer at all, is told by other rules."""
    for sample, found in numbered(candidate):
        counts = [usage(g) for g in comparable(golden, found)]
        said = found.answer.usage if found.answer else None
        silent = said in (None, MISSING) and finished(found)
        if counts and all(counts) and silent and (choices(found) or not any(choices(g) for g in golden)):
            yield sample, found, counts[0] or {}
