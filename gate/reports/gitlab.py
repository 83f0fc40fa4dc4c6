"""GitLab's Code Quality report, a JSON array: https://docs.gitlab.com/ci/testing/code_quality/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from gate.model import Finding, Json, Report, Severity
from gate.prose.places import CONFIG, repository_place
from gate.prose.safetext import line

_SEVERITIES: Mapping[Severity, str] = {Severity.BREAKING: "critical", Severity.RISKY: "major", Severity.INFO: "info"}


def render(report: Report) -> str:
    """ASCII JSON. A tolerated finding is `info`; what could not be judged is a `blocker`, because none is clean."""
    text = json.dumps([*_of_the_run(report), *_issues(report)], indent=2)
    return text.replace("##", "#\\u0023") + "\n"


def _of_the_run(report: Report) -> Iterator[Json]:
    if report.crashes or report.verdict == "incomplete":
        yield _issue("not-judged", report.reason, "blocker", "not-judged", *CONFIG)


def _issues(report: Report) -> Iterator[Json]:
    taken: set[str] = set()
    for finding in report.findings:
        if finding.outcome != "off":
            severity = _SEVERITIES[finding.severity] if finding.outcome == "enforced" else "info"
            known = _unique(finding, taken)
            yield _issue(finding.rule, _described(finding), severity, known, *repository_place(finding))


def _unique(finding: Finding, taken: set[str]) -> str:
    """GitLab ignores the second of two issues with the same fingerprint."""
    known = stem = "-".join(part for part in (line(finding.fingerprint), line(finding.route)) if part)
    number = 1
    while known in taken:
        number += 1
        known = f"{stem}-{number}"
    taken.add(known)
    return known


def _described(finding: Finding) -> str:
    where = f"{line(finding.scenario)} {line(finding.path)}".rstrip()
    evidence = f"golden {line(finding.golden)}, candidate {line(finding.candidate)}"
    return f"{where}: {line(finding.message)} ({evidence})"


def _issue(rule: str, description: str, severity: str, known: str, file: str, number: int) -> Json:
    return {
        "description": line(description, 2000),
        "check_name": line(rule),
        "fingerprint": known,
        "severity": severity,
        "location": {"path": file, "lines": {"begin": number}},
    }
