"""Reports of shards and routes → one report. Pure; what is missing is never a pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from gate.errors import ConfigError
from gate.judge.verdict import conclude
from gate.model import Finding, Json, Report, ScenarioResult, Severity
from gate.text.safe import line

MATCHED_NOTHING = "matched nothing"
_SHARD = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")
_FIX = "give the JSON report of every shard once, all of one run"


@dataclass(frozen=True, slots=True)
class Part:
    """One report, and the file it came from. `shard` is (2, 4) for the second of four, (1, 1) for a whole suite."""

    file: str
    report: Report
    route: str
    shard: tuple[int, int]

    @property
    def name(self) -> str:
        return f"shard {self.shard[0]}/{self.shard[1]}"


def part(file: str, report: Report) -> Part:
    """The report with its route and shard, both from the candidate's facts. Raises ConfigError for a wrong shard, and
    for a report that is of several routes already."""
    if any(result.route for result in report.scenarios):
        _refuse("a merged report of several routes; merge the reports that it was made of", file)
    route, shard = report.candidate.get("route"), report.candidate.get("shard")
    match = _SHARD.fullmatch(shard) if isinstance(shard, str) else None
    if shard is not None and (match is None or int(match[1]) > int(match[2])):
        _refuse(f"candidate.shard is {str(shard)[:40]!r}, not one like 2/4", file)
    place = (int(match[1]), int(match[2])) if match else (1, 1)
    return Part(file, report, route if isinstance(route, str) and route else "candidate", place)


def merge(
    parts: Sequence[Part],
    *,
    expect_shards: int | None = None,
    expect_routes: Iterable[str] = (),
    fail_on: Severity | None = Severity.BREAKING,
) -> Report:
    """One report over all parts, its verdict found anew under `fail_on`.

    With more than one route every scenario is called `<route>/<id>`. A missing shard or route becomes an incomplete
    scenario. Raises ConfigError for what is there twice, and for shards of different runs.
    """
    routes: dict[str, list[Part]] = {name: [] for name in expect_routes}
    for part in parts:
        routes.setdefault(part.route, []).append(part)
    several = len(routes) > 1
    scenarios: list[ScenarioResult] = []
    findings: list[Finding] = []
    for name, own in sorted(routes.items()):
        shards = _shards(name, own, expect_shards)
        route = name if several else ""
        known = [result for part in own for result in part.report.scenarios]
        scenarios += [_renamed(result, route) for result in (*known, *_missing(route, own, shards))]
        findings += [_moved(finding, route) for part in own for finding in part.report.findings]
    return conclude(
        Report(
            verdict="pass",
            golden=_golden(parts),
            candidate=_candidate(routes),
            scenarios=tuple(scenarios),
            findings=tuple(findings),
            crashes=tuple(
                replace(crash, scenario=_prefixed(crash.scenario, part.route if several else ""))
                for part in parts
                for crash in part.report.crashes
            ),
            notes=tuple(_notes(routes, several)),
            fail_on=fail_on,
            lead="; ".join(_said(routes, several, lambda report: [report.lead] if report.lead else [])),
        )
    )


def strictest(fail_ons: Iterable[Severity | None]) -> Severity:
    """The least severity that fails any of them. Shards that never fail leave the verdict to the merge: breaking."""
    return min((least for least in fail_ons if least is not None), default=Severity.BREAKING)


# -- what must fit together ---------------------------------------------------------------------


def _shards(route: str, parts: Sequence[Part], expected: int | None) -> int:
    """How many shards the route must have. Raises ConfigError where its parts contradict each other."""
    number = expected or next((part.shard[1] for part in parts), 1)
    for part in parts:
        if part.shard[1] != number:
            _refuse(f"{part.name} of the route {route}, where {number} shards belong together", part.file)
    _refuse_twice(((part.shard, part.name, part.file) for part in parts), route)
    results = ((result.id, result.id, part.file) for part in parts for result in part.report.scenarios)
    _refuse_twice(results, route)
    return number


def _refuse_twice(keyed: Iterable[tuple[object, str, str]], route: str) -> None:
    first: dict[object, str] = {}
    for key, name, file in keyed:
        if key in first:
            _refuse(f"{name} of the route {route} is in {first[key]} already", file)
        first[key] = file


def _refuse(what: str, file: str) -> NoReturn:
    # names in it come out of a file that a stranger's run may have written
    raise ConfigError(line(what, 400), where=file, fix=_FIX)


def _missing(route: str, parts: Sequence[Part], shards: int) -> Iterator[ScenarioResult]:
    there = {part.shard[0] for part in parts}
    whose = f"{route}: " if route else ""
    for number in range(1, shards + 1):
        if number not in there:
            name = f"shard {number}/{shards}" if shards > 1 else "the whole suite"
            yield ScenarioResult(
                name, "", "incomplete", reason=f"{whose}{name} is missing, its scenarios were not judged"
            )


# -- the parts of the one report ----------------------------------------------------------------


def _renamed(result: ScenarioResult, route: str) -> ScenarioResult:
    return replace(result, id=_prefixed(result.id, route), route=route)


def _moved(finding: Finding, route: str) -> Finding:
    """The fingerprint stays, so that a finding is known from its shard's own report."""
    return replace(finding, scenario=_prefixed(finding.scenario, route), route=route)


def _prefixed(scenario: str, route: str) -> str:
    return f"{route}/{scenario}" if route else scenario


def _golden(parts: Sequence[Part]) -> Mapping[str, Json]:
    return parts[0].report.golden if parts else {}


def _candidate(routes: Mapping[str, Sequence[Part]]) -> Mapping[str, Json]:
    """The facts of the one route, or those of each by its name; no part is told apart by its shard any more."""
    several = len(routes) > 1
    unsaid = {"shard", "route"} if several else {"shard"}
    facts: dict[str, Json] = {}
    for route, own in sorted(routes.items()):
        known = own[0].report.candidate if own else {}
        facts[route] = {name: value for name, value in known.items() if name not in unsaid}
    return {"routes": facts} if several else next(iter(facts.values()), {})


def _notes(routes: Mapping[str, Sequence[Part]], several: bool) -> Iterator[str]:
    goldens = {_same(part.report.golden) for own in routes.values() for part in own}
    if len(goldens) > 1:
        yield f"the reports were judged against {len(goldens)} different goldens; the facts of the first are shown"
    yield from _said(routes, several, lambda report: report.notes)


def _said(
    routes: Mapping[str, Sequence[Part]], several: bool, sentences: Callable[[Report], Sequence[str]]
) -> Iterator[str]:
    """What every shard of a route says is said once; what some say, with their names."""
    for name, own in sorted(routes.items()):
        prefix = f"{name}: " if several else ""
        for words in dict.fromkeys(words for part in own for words in sentences(part.report)):
            names = [part.name for part in own if words in sentences(part.report)]
            if len(names) == len(own):
                yield f"{prefix}{words}"
            elif MATCHED_NOTHING not in words:  # a tolerance for a scenario of another shard is no leftover
                yield f"{prefix}{', '.join(names)}: {words}"


def _same(golden: Mapping[str, Json]) -> str:
    return repr(sorted((name, value) for name, value in golden.items() if name in ("route", "run", "date")))
