"""A rule: one kind of drift, who feels it, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gate.model.comparison import Comparison
from gate.model.findings import Drift
from gate.model.words import Area, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A pure judge of one kind of drift; `id` equals the file name, the page and the JUnit name.

    What others must know of a rule stands here, and nowhere in a list of rule ids: `of_order` says that its drifts are
    about the order of a stream although their paths name a field, so that `depends_on: [events]` means them too;
    `told_at_once` that one sample says all there is, because what it found is not sent a second time.
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
