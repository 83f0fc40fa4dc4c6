"""Findings grouped by cause, in the order in which a team should fix them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from gate.judge.order import order
from gate.judge.served import subject
from gate.model import Finding, Severity, Since
from gate.reports.words.causes import cause

SINCE: Mapping[Since, str] = {"new": "new", "worse": "worse", "still": "still there"}
"""What a finding is against the base's report, in words."""
_OUTCOMES = {"enforced": 0, "tolerated": 1, "off": 2}

_Cell = tuple[str, str, int]
"""Route, scenario, step."""


@dataclass(frozen=True, slots=True)
class Headline:
    """Findings of one cause in any scenarios; never empty, in report order.

    `follows` is the cause of which it is only a consequence, such as "the candidate does not serve /responses".
    """

    findings: tuple[Finding, ...]
    follows: str = ""

    @property
    def first(self) -> Finding:
        """The finding that the report shows in full."""
        return self.findings[0]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios that have it, each once, in report order."""
        return tuple(dict.fromkeys(finding.scenario for finding in self.findings))

    @property
    def since(self) -> str:
        """`new`, `still there`, or `1 new, 2 still there`; empty where nothing can be said."""
        counts = Counter(finding.since for finding in self.findings)
        known = [since for since in SINCE if counts[since]]
        if known and counts[known[0]] == len(self.findings):
            return SINCE[known[0]]
        return ", ".join(f"{counts[since]} {SINCE[since]}" for since in known)

    @property
    def old(self) -> bool:
        """Whether the base has all of it, no better than it is now."""
        return all(finding.since == "still" for finding in self.findings)


def headlines(findings: Iterable[Finding], among: Iterable[Finding] = ()) -> tuple[Headline, ...]:
    """The causes of `findings`; enforced before tolerated, what the base has too below what is new, consequences
    directly below their cause.

    `among` are all findings of the report, where `findings` are only a part: the cause may be in another part.
    """
    chosen = sorted(findings, key=order)
    unserved = {_cell(finding): subject(finding) for finding in (*among, *chosen) if subject(finding)}
    groups: dict[tuple[str, Hashable], list[Finding]] = {}
    for finding in chosen:
        follows = "" if subject(finding) else unserved.get(_cell(finding), "")
        groups.setdefault((follows, cause(finding)), []).append(finding)
    grouped = [Headline(tuple(group), follows) for (follows, _), group in groups.items()]
    return tuple(_below(sorted(grouped, key=_rank)))


def _rank(headline: Headline) -> tuple[int, bool, bool]:
    """Whoever made a change asks first what it broke; what is info stays below all that is not."""
    first = headline.first
    return _OUTCOMES[first.outcome], first.severity is Severity.INFO, headline.old


def _cell(finding: Finding) -> _Cell:
    return finding.route, finding.scenario, finding.step


def _below(grouped: list[Headline]) -> list[Headline]:
    """Each consequence below the headline that it follows from; it keeps its own place where that is not among them."""
    causes = ((place, headline.first) for place, headline in enumerate(grouped) if subject(headline.first))
    places = {(first.route, subject(first)): place for place, first in causes}
    ranked = [(places.get((h.first.route, h.follows), place), bool(h.follows), h) for place, h in enumerate(grouped)]
    return [headline for _, _, headline in sorted(ranked, key=lambda ranks: ranks[:2])]
