"""Reports of shards and routes → one report. Pure. A missing report makes it incomplete, never a pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from gate.errors import ConfigError
from gate.judge.origins import originated
from gate.judge.policy import MATCHED_NOTHING
from gate.judge.verdict import conclude
from gate.model import Finding, Json, Report, Requests, ScenarioResult, Severity
from gate.text.safe import line

# At most 9999, as for `--expect-shards` and the action's input; more digits would let a file ask for a loop of any
# length.
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
        """`shard 2/4`."""
        return f"shard {self.shard[0]}/{self.shard[1]}"


def part(file: str, report: Report) -> Part:
    """The report with its route and shard, both from the candidate's facts. Raises ConfigError for a malformed shard,
    and for a merged report of several routes."""
    if any(result.route for result in report.scenarios):
        _refuse("a merged report of several routes; merge the reports that it was made of", file)
    shard = report.candidate.get("shard")
    match = _SHARD.fullmatch(shard) if isinstance(shard, str) else None
    if shard is not None and (match is None or int(match[1]) > int(match[2])):
        _refuse(f"candidate.shard is {str(shard)[:40]!r}; it must have the form 2/4", file)
    # A check without `--shard` ran the whole suite, which is one shard of one.
    place = (int(match[1]), int(match[2])) if match else (1, 1)
    return Part(file, report, report.route, place)


def merge(
    parts: Sequence[Part],
    *,
    expect_shards: int | None = None,
    expect_routes: Iterable[str] = (),
    fail_on: Severity | None = Severity.BREAKING,
    min_coverage: int | None = None,
) -> Report:
    """One report over all parts, with its own verdict under `fail_on`.

    With more than one route every scenario is called `<route>/<id>`. A missing shard or route becomes an incomplete
    scenario. Raises ConfigError for a shard or scenario that two parts have, and for shards of different runs.
    """
    routes: dict[str, list[Part]] = {name: [] for name in expect_routes}
    for part in parts:
        routes.setdefault(part.route, []).append(part)
    several = len(routes) > 1
    scenarios: list[ScenarioResult] = []
    findings: list[Finding] = []
    for name, shards in sorted(routes.items()):
        number = _shards(name, shards, expect_shards)
        route = name if several else ""
        results = [result for shard in shards for result in shard.report.scenarios]
        scenarios += [_renamed(result, route) for result in (*results, *_missing(route, shards, number))]
        findings += [_moved(finding, route) for shard in shards for finding in shard.report.findings]
    facts = _candidate(routes)
    if several:
        findings = originated(findings, scenarios, dict(_of_routes(facts)))
    return conclude(
        Report(
            # `conclude` works it out below; the field has no default.
            verdict="pass",
            golden=_golden(parts),
            candidate=facts,
            scenarios=tuple(scenarios),
            findings=tuple(findings),
            crashes=tuple(
                replace(crash, scenario=_prefixed(crash.scenario, part.route if several else ""))
                for part in parts
                for crash in part.report.crashes
            ),
            notes=tuple(_notes(routes, several)),
            fail_on=fail_on,
            min_coverage=min_coverage or _min_coverage(parts),
            rules_url=next((part.report.rules_url for part in parts if part.report.rules_url), ""),
            about=parts[0].report.about if parts else "route",
            requests=_requests(parts),
            lead="; ".join(_common(routes, several, lambda report: [report.lead] if report.lead else [])),
        )
    )


def strictest(fail_ons: Iterable[Severity | None]) -> Severity:
    """The least severity that fails any of them; breaking where all are None, the setting of shards to be merged."""
    return min((least for least in fail_ons if least is not None), default=Severity.BREAKING)


def _min_coverage(parts: Sequence[Part]) -> int | None:
    """What the reports agree to be enough; None where one of them wants a golden for every scenario."""
    least = [part.report.min_coverage for part in parts]
    known = [number for number in least if number is not None]
    return max(known) if known and len(known) == len(least) else None


# -- shards of a route --------------------------------------------------------------------------


def _shards(route: str, parts: Sequence[Part], expected: int | None) -> int:
    """How many shards the route must have. Raises ConfigError where its parts are not of one run."""
    # What the workflow expects counts before what the files claim: a lost shard can't say that it is lost.
    number = expected or next((part.shard[1] for part in parts), 1)
    for part in parts:
        if part.shard[1] != number:
            _refuse(f"{part.name} of the route {route}, but {number} shards are expected", part.file)
    _refuse_duplicates(((part.shard, part.name, part.file) for part in parts), route)
    results = ((result.id, f"scenario {result.id}", part.file) for part in parts for result in part.report.scenarios)
    _refuse_duplicates(results, route)
    return number


def _refuse_duplicates(keyed: Iterable[tuple[object, str, str]], route: str) -> None:
    first: dict[object, str] = {}
    for key, name, file in keyed:
        if key in first:
            _refuse(f"duplicate {name} of the route {route}: also in {first[key]}", file)
        first[key] = file


def _refuse(what: str, file: str) -> NoReturn:
    # names in it come from a file that anybody may have written
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
    """The fingerprint stays the same as in the shard's own report."""
    return replace(finding, scenario=_prefixed(finding.scenario, route), route=route, since="")


def _prefixed(scenario: str, route: str) -> str:
    return f"{route}/{scenario}" if route else scenario


def _requests(parts: Sequence[Part]) -> Requests | None:
    known = [part.report.requests for part in parts if part.report.requests]
    return sum(known, Requests(0)) if known else None


def _golden(parts: Sequence[Part]) -> Mapping[str, Json]:
    return parts[0].report.golden if parts else {}


def _candidate(routes: Mapping[str, Sequence[Part]]) -> Mapping[str, Json]:
    """The facts of the one route, or those of each route by its name; without the shard."""
    several = len(routes) > 1
    left_out = {"shard", "route"} if several else {"shard"}
    facts: dict[str, Json] = {}
    for route, shards in sorted(routes.items()):
        known = shards[0].report.candidate if shards else {}
        facts[route] = {name: value for name, value in known.items() if name not in left_out}
    return {"routes": facts} if several else next(iter(facts.values()), {})


def _of_routes(facts: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    routes = facts.get("routes")
    for name, known in routes.items() if isinstance(routes, Mapping) else ():
        yield name, known if isinstance(known, Mapping) else {}


def _notes(routes: Mapping[str, Sequence[Part]], several: bool) -> Iterator[str]:
    goldens = {_identity(shard.report.golden) for shards in routes.values() for shard in shards}
    if len(goldens) > 1:
        yield f"the reports were judged against {len(goldens)} different goldens; the facts of the first are shown"
    yield from _common(routes, several, lambda report: report.notes)


def _common(
    routes: Mapping[str, Sequence[Part]], several: bool, sentences: Callable[[Report], Sequence[str]]
) -> Iterator[str]:
    """Sentences that all shards of a route have come once, others with the names of their shards."""
    for name, shards in sorted(routes.items()):
        prefix = f"{name}: " if several else ""
        for sentence in dict.fromkeys(text for shard in shards for text in sentences(shard.report)):
            names = [shard.name for shard in shards if sentence in sentences(shard.report)]
            # Once for all: each of 20 shards would repeat that the goldens are old.
            if len(names) == len(shards):
                yield f"{prefix}{sentence}"
            elif MATCHED_NOTHING not in sentence:  # a tolerance may be for a scenario of another shard
                yield f"{prefix}{', '.join(names)}: {sentence}"


def _identity(golden: Mapping[str, Json]) -> str:
    # Route, run and date name a recording; other facts, such as prices, may change without another golden.
    return repr(sorted((name, value) for name, value in golden.items() if name in ("route", "run", "date")))
