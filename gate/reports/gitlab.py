"""GitLab's Code Quality report, a JSON array: https://docs.gitlab.com/ci/testing/code_quality/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from gate.model import Finding, Json, Report, Severity
from gate.reports.words.findings import clients_line, crash_lines, crashed_rules
from gate.reports.words.places import CONFIG, repository_place
from gate.text.safe import line

# GitLab's words are info, minor, major, critical and blocker; blocker is left for a run that could not be judged.
_SEVERITIES: Mapping[Severity, str] = {Severity.BREAKING: "critical", Severity.RISKY: "major", Severity.INFO: "info"}
_TRACEBACK = 6  # last lines of a traceback


def render(report: Report) -> str:
    """ASCII JSON. A tolerated finding is `info`; a run that could not be judged is a `blocker`, because no issue at all
    would look like a pass."""
    text = json.dumps(list(_issues(report)), indent=2)
    # `##[command]` is executed by a runner that prints the file; the escape is the same JSON.
    return text.replace("##", "#\\u0023") + "\n"


def _issues(report: Report) -> Iterator[Json]:
    taken: set[str] = set()
    for rule, description, severity in _of_the_run(report):
        yield _issue(rule, description, severity, _unique(rule, taken), *CONFIG)
    for finding in report.findings:
        if finding.outcome != "off":
            severity = _SEVERITIES[finding.severity] if finding.outcome == "enforced" else "info"
            # The same finding on two routes of a merged report are two issues.
            known = "-".join(part for part in (line(finding.fingerprint), line(finding.route)) if part)
            yield _issue(finding.rule, _described(finding), severity, _unique(known, taken), *repository_place(finding))


def _of_the_run(report: Report) -> Iterator[tuple[str, str, str]]:
    """(check, description, severity) for what is not a finding."""
    if report.crashes or report.verdict == "incomplete":
        yield "not-judged", report.reason, "blocker"
    if report.lead:
        yield "warning", report.lead, "info"
    for crash, cells in crashed_rules(report.crashes):
        head, *traceback = crash_lines(crash)
        description = " ".join([f"{head} ({cells}):", *traceback[-_TRACEBACK:]])
        yield f"crashed-{line(crash.rule)}", " ".join(description.split()), "blocker"


def _unique(stem: str, taken: set[str]) -> str:
    """The stem, with a number where it is taken: GitLab ignores the second of two issues with the same fingerprint."""
    known, number = stem, 1
    while known in taken:
        number += 1
        known = f"{stem}-{number}"
    taken.add(known)
    return known


def _described(finding: Finding) -> str:
    where = f"{line(finding.scenario)} {line(finding.path)}".rstrip()
    evidence = f"golden {line(finding.golden)}, candidate {line(finding.candidate)}"
    asked = f"; clients: {clients_line(finding)}" if finding.clients else ""
    return f"{where}: {line(finding.message)} ({evidence}){asked}"


def _issue(rule: str, description: str, severity: str, known: str, file: str, number: int) -> Json:
    return {
        # chosen: room for the evidence of both sides, and for the end of a traceback.
        "description": line(description, 2000),
        "check_name": line(rule),
        "fingerprint": known,
        "severity": severity,
        "location": {"path": file, "lines": {"begin": number}},
    }
