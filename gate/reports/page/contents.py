"""The data of the page: anchors, cells of the matrix, scenarios, excerpts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gate.judge.order import by_scenario
from gate.judge.verdict import fails
from gate.model import Area, Excerpt, Exhibit, Finding, Report, ScenarioResult
from gate.model.words import AREAS
from gate.reports.page import exchange
from gate.reports.page.strips import Strip, strips
from gate.reports.page.timeline import Timeline, timeline
from gate.reports.words.findings import alike
from gate.reports.words.matrix import GRAVITY

# All but the unreserved characters of a URL (RFC 3986, 2.3; `~` is one more), so that links need no escapes.
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
# chosen: about a screen.
_ROWS = 40  # with more rows of the matrix or of strips, those without a finding are folded


@dataclass(frozen=True, slots=True)
class Cell:
    """One area of one scenario. `word` is the worst finding's severity, tolerated or off; pass without findings, idle
    where the golden does not exercise the area, and "" where nothing was judged."""

    area: Area
    word: str = ""
    number: int = 0
    link: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario: the exhibits with texts, one per side, their lines side by side, and a timeline where
    something streamed."""

    number: int
    shown: tuple[Exhibit, ...]
    lines: tuple[exchange.Part, ...]
    picture: Timeline | None


@dataclass(frozen=True, slots=True)
class Part:
    """One scenario on the page."""

    result: ScenarioResult
    link: str
    findings: tuple[Finding, ...]
    cells: tuple[Cell, ...]
    steps: tuple[Step, ...]
    strips: tuple[Strip, ...]

    @property
    def noted(self) -> bool:
        """Whether it has findings or did not pass."""
        return bool(self.findings) or self.result.status != "pass"


@dataclass(frozen=True, slots=True)
class Links:
    """Unique anchors that are valid in URLs; fingerprints and scenario ids may come from anybody's file."""

    taken: set[str] = field(default_factory=set)
    findings: dict[int, str] = field(default_factory=dict)

    def add(self, prefix: str, name: str) -> str:
        """An anchor for the name, with a number where another has taken it."""
        # Cut, because the ids of a stranger's report may be as long as the report.
        plain = f"{prefix}-{_UNSAFE.sub('-', name[:64])}"
        anchor, number = plain, 1
        while anchor in self.taken:
            number += 1
            anchor = f"{plain}-{number}"
        self.taken.add(anchor)
        return anchor

    def of(self, finding: Finding) -> str:
        """The anchor of a finding of this report."""
        return self.findings[id(finding)]


def links(report: Report) -> Links:
    """Anchors of all findings, by fingerprint."""
    anchors = Links()
    anchors.findings.update((id(finding), anchors.add("f", finding.fingerprint)) for finding in report.findings)
    return anchors


def word(finding: Finding) -> str:
    """The severity of an enforced finding, otherwise its outcome."""
    return finding.severity.word if finding.outcome == "enforced" else finding.outcome


# -- scenarios ----------------------------------------------------------------------------------


def parts(report: Report, known: Links) -> tuple[Part, ...]:
    """Scenarios, the most important first."""
    findings = by_scenario(report.findings)
    exhibits: dict[str, list[Exhibit]] = {}
    for exhibit in report.exhibits:
        exhibits.setdefault(exhibit.scenario, []).append(exhibit)
    results = sorted(report.scenarios, key=lambda result: (GRAVITY.index(result.status), result.id not in findings))
    areas = columns(report)
    return tuple(
        _part(result, findings.get(result.id, ()), exhibits.get(result.id, ()), areas, known) for result in results
    )


def together(parts: Sequence[Part]) -> list[tuple[Part, ...]]:
    """The parts, those without findings that could not be judged for one reason together."""
    # by identity: a stranger's report may have one id twice
    known = {id(part.result): part for part in parts}
    found = {part.result.id for part in parts if part.findings}
    return [tuple(known[id(result)] for result in group) for group in alike((p.result for p in parts), found)]


def columns(report: Report) -> tuple[Area, ...]:
    """The columns of the matrix: areas that any golden exercises, or that have a finding; the worst first, because a
    phone shows three of them at a time."""
    worst: dict[Area, int] = {}
    for finding in report.findings:
        worst[finding.area] = min(worst.get(finding.area, len(_WORDS)), _WORDS.index(word(finding)))
    seen = {*worst, *(area for result in report.scenarios for area in result.areas)}
    return tuple(sorted((area for area in AREAS if area in seen), key=lambda area: worst.get(area, len(_WORDS))))


def folded(parts: Sequence[Part]) -> bool:
    """Whether rows without a finding are folded: there are many rows, and some have a finding."""
    return len(parts) > _ROWS and any(part.noted for part in parts)


def _part(
    result: ScenarioResult,
    findings: Sequence[Finding],
    samples: Sequence[Exhibit],
    areas: Sequence[Area],
    known: Links,
) -> Part:
    return Part(
        result=result,
        link=known.add("s", result.id),
        findings=tuple(findings),
        cells=tuple(_cell(area, result, findings, known) for area in areas),
        steps=tuple(_steps(samples)),
        strips=strips(samples, result) if result.status != "skipped" else (),
    )


def _cell(area: Area, result: ScenarioResult, findings: Sequence[Finding], known: Links) -> Cell:
    here = [finding for finding in findings if finding.area == area]
    if here:
        worst = min(here, key=lambda finding: _WORDS.index(word(finding)))
        return Cell(area, word(worst), len(here), known.of(worst))
    judged = result.status in ("pass", "drift")
    return Cell(area, ("pass" if area in result.areas else "idle") if judged else "")


_WORDS = ("breaking", "risky", "info", "tolerated", "off")


def _steps(samples: Iterable[Exhibit]) -> Iterator[Step]:
    steps: dict[int, list[Exhibit]] = {}
    for exhibit in samples:
        steps.setdefault(exhibit.step, []).append(exhibit)
    for number, group in sorted(steps.items()):
        shown = tuple(exhibit for exhibit in group if exhibit.request or exhibit.response or exhibit.headers)
        yield Step(number, shown, exchange.parts(shown), timeline(group))


def pictures(parts: Iterable[Part], known: Links) -> Mapping[str, Timeline]:
    """Anchor of a finding → the timeline shown with it: of latency, of a stream that broke off, of what a gateway made
    of one request."""
    by_anchor: dict[str, Timeline] = {}
    for part in parts:
        steps = {step.number: step.picture for step in part.steps}
        for finding in part.findings:
            picture = steps.get(finding.step)
            if picture and _told_by(picture, finding):
                by_anchor[known.of(finding)] = picture
    return by_anchor


def _told_by(picture: Timeline, finding: Finding) -> bool:
    """Whether times say something about a finding; of a wrong header or status they say nothing."""
    broken = any(row.broken for row in picture.rows)
    both_hops = picture.hops and (finding.path in _ASKED or broken)
    return (
        finding.area == "latency"
        or (finding.area == "transport" and broken)
        or (finding.area in ("request", "stream") and both_hops)
    )


_ASKED = ("request", "headers.retry-after")  # where findings are made about how often and when an upstream was asked


# -- the top ------------------------------------------------------------------------------------


def tally(report: Report) -> tuple[tuple[str, int], ...]:
    """How many findings of each word, those that may fail a build first."""
    words = [word(finding) for finding in report.findings]
    return tuple((name, words.count(name)) for name in _WORDS)


def failing(report: Report) -> int:
    """How many findings fail the build."""
    return sum(fails(finding, report.fail_on) for finding in report.findings)


def excerpts(report: Report) -> Mapping[tuple[str, str], Excerpt]:
    """The bytes of a finding by (side, fingerprint)."""
    return {(exhibit.side, part.fingerprint): part for exhibit in report.exhibits for part in exhibit.excerpts}
