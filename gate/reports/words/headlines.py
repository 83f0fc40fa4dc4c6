"""Findings grouped by cause, in the order in which a team should fix them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from gate.judge.order import order
from gate.judge.served import subject
from gate.model import Finding
from gate.reports.words.causes import cause

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


def headlines(findings: Iterable[Finding], among: Iterable[Finding] = ()) -> tuple[Headline, ...]:
    """The causes of `findings`; enforced before tolerated, consequences directly below their cause.

    `among` are all findings of the report, where `findings` are only a part: the cause may be in another part.
    """
    chosen = sorted(findings, key=order)
    unserved = {_cell(finding): subject(finding) for finding in (*among, *chosen) if subject(finding)}
    groups: dict[tuple[str, Hashable], list[Finding]] = {}
    for finding in chosen:
        follows = "" if subject(finding) else unserved.get(_cell(finding), "")
        groups.setdefault((follows, cause(finding)), []).append(finding)
    grouped = [Headline(tuple(group), follows) for (follows, _), group in groups.items()]
    return tuple(_below(sorted(grouped, key=lambda headline: _OUTCOMES[headline.first.outcome])))


def _cell(finding: Finding) -> _Cell:
    return finding.route, finding.scenario, finding.step


def _below(grouped: list[Headline]) -> list[Headline]:
    """Each consequence below the headline that it follows from; it keeps its own place where that is not among them."""
    causes = ((place, headline.first) for place, headline in enumerate(grouped) if subject(headline.first))
    places = {(first.route, subject(first)): place for place, first in causes}
    ranked = [(places.get((h.first.route, h.follows), place), bool(h.follows), h) for place, h in enumerate(grouped)]
    return [headline for _, _, headline in sorted(ranked, key=lambda ranks: ranks[:2])]
