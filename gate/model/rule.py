"""A rule: one kind of drift, who breaks on it, and the function that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gate.model.comparison import Comparison
from gate.model.findings import Drift
from gate.model.words import Absent, Area, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of drift. `id` equals the file name, the page and the JUnit name.

    Special cases are flags here, so that no other module lists rule ids. `of_order`: its drifts are about the order of
    a stream although their paths name a field, so `depends_on: [events]` covers them. `told_at_once`: further samples
    would show nothing more, so `check` does not send any to confirm it. `needs`: what all samples must hold. `where`:
    what a comparison must have (`gate.observe.scopes`); without it the rule has nothing to say, and is not asked.
    """

    id: str
    area: Area
    severity: Severity
    summary: str
    who_breaks: str
    hint: str
    check: Callable[[Comparison], Iterator[Drift]]
    of_order: bool = False
    told_at_once: bool = False
    needs: tuple[Absent, ...] = ()
    where: Callable[[Comparison], bool] | None = None
