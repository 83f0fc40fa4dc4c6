"""SARIF 2.1.0 for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.

One run for each route, because GitHub identifies analyses by `automationDetails.id`. It accepts 20 runs and 25,000
results per file, and requires a location in the repository for each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from gate.judge.verdict import uncovered
from gate.model import Crash, Finding, Json, Report, ScenarioResult, Severity, Since
from gate.reports.words.findings import alike, clients_line, crash_lines, crashed_rules, place
from gate.reports.words.history import fixed_lines, since_line
from gate.reports.words.places import repository_place
from gate.reports.words.rule_page import address, in_markdown, parts
from gate.rules import rules
from gate.text.safe import cut, line

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
_MOST_RESULTS = 25_000
_MOST_RUNS = 20
_WHAT = "What it does"
_SHOWN = (_WHAT, "Who breaks", "When to tolerate it")  # the example is long, and made for a terminal
_URL = re.compile(r":(?=//)|\bwww(?=\.)", re.IGNORECASE)
_LEVELS: Mapping[Severity, str] = {Severity.BREAKING: "error", Severity.RISKY: "warning", Severity.INFO: "note"}
# SARIF 2.1.0, 3.27.24. Where the base judged nothing it has no such result either, which is "new". Nothing is "absent":
# GitHub does not read the property, and would open an alert for what is fixed; notifications tell that.
_STATES: Mapping[Since, str] = {"": "new", "new": "new", "worse": "updated", "still": "unchanged"}


def render(report: Report) -> str:
    """ASCII JSON. Tolerated findings are notes with a suppression; what policy switched off is left out."""
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": list(_runs(report))}
    text = json.dumps(document, indent=1)
    # `##[command]` is executed by a runner that prints the file; the escape is the same JSON.
    return text.replace("##", "#\\u0023") + "\n"


def _runs(report: Report) -> Iterator[Json]:
    shown = [finding for finding in report.findings if finding.outcome != "off"]
    # Findings are sorted: what is left out is the least important, and a notification counts it.
    known = shown[:_MOST_RESULTS]
    names = list(dict.fromkeys(result.route for result in report.scenarios)) or [""]
    for number, name in enumerate(names[:_MOST_RUNS], 1):
        # the last run has all that is left, so that no finding is lost
        rest = number == _MOST_RUNS or number == len(names)
        findings = [finding for finding in known if finding.route == name or (rest and finding.route not in names)]
        if rest:
            findings += [finding for finding in known if finding.route in names[_MOST_RUNS:]]
        yield _run(report, name or report.route, findings, len(shown) - len(known))


def _run(report: Report, route: str, findings: Sequence[Finding], left_out: int) -> Json:
    order = {name: number for number, name in enumerate(sorted({finding.rule for finding in findings}))}
    firsts = {finding.rule: finding for finding in reversed(findings)}
    version = report.candidate.get("gate")
    driver = {"name": "swapgate"} | ({"version": line(version)} if isinstance(version, str) else {})
    return {
        "tool": {"driver": {**driver, "rules": [_rule(firsts[name], report.rules_url) for name in order]}},
        # GitHub takes the text up to the last slash as the category: each route keeps alerts of its own.
        "automationDetails": {"id": f"drift/{line(route)}/"},
        "invocations": [_invocation(report, left_out)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, order[finding.rule], compared=report.history is not None) for finding in findings],
    }


def _invocation(report: Report, left_out: int) -> Json:
    """Whether everything was judged, with notifications of what was not, and notes."""
    reasons = [report.lead] if report.lead else []
    groups = alike(result for result in report.scenarios if result.reason)
    reasons += [f"{group[0].status}: {_whose(group)}: {group[0].reason}" for group in groups]
    reasons += [f"{left_out:,} more findings are in the json report only"] if left_out else []
    texts = [*map(_text, reasons), *map(_crashed, crashed_rules(report.crashes)), *map(_text, report.notes)]
    notifications = [{"level": "warning", "message": {"text": text}} for text in texts]
    notifications += [{"level": "note", "message": {"text": text}} for text in map(_text, _since(report))]
    judged = not report.crashes and not uncovered(report)
    whole = judged and all(result.status != "incomplete" for result in report.scenarios)
    return {"executionSuccessful": whole, "toolExecutionNotifications": notifications}


def _since(report: Report) -> Iterator[str]:
    yield from filter(None, [since_line(report)])
    yield from (f"fixed since the base: {text}" for text in fixed_lines(report))


def _whose(group: Sequence[ScenarioResult]) -> str:
    route = f" of {group[0].route}" if group[0].route else ""
    return group[0].id if len(group) == 1 else f"{len(group)} scenarios{route}"


def _crashed(first: tuple[Crash, str]) -> str:
    crash, cells = first
    head = f"crashed: {line(crash.rule)} in {line(crash.scenario)} ({cells})"
    return "\n".join(map(_unlinked, [head, *crash_lines(crash)[1:]]))


# -- rules --------------------------------------------------------------------------------------


def _rule(finding: Finding, rules_url: str) -> Json:
    """A rule with texts from its first finding, and from its page where this gate has the rule.

    `helpUri` must be a URL (SARIF 3.49.12), so it is there where the pages are published.
    """
    published = address(rules_url, finding.rule)
    known = rules().get(finding.rule)
    severity = known.severity if known else finding.severity
    name = line(finding.rule)
    short = _text(known.summary if known else finding.message) or name
    page = parts(finding.rule)
    return {
        "id": name,
        "shortDescription": {"text": short},
        "fullDescription": {"text": _plain(page.get(_WHAT, "")) or short},
        "help": _help(finding, name, {heading: in_markdown(text, rules_url) for heading, text in page.items()}),
        **({"helpUri": published} if published else {}),
        "defaultConfiguration": {"level": _LEVELS[severity]},
        # GitHub orders alerts by severity and precision.
        "properties": {"tags": [finding.area], "precision": "high"},
    }


def _help(finding: Finding, name: str, page: Mapping[str, str]) -> Json:
    labelled = (("Who breaks", finding.who_breaks), ("Fix", finding.hint))
    advice = [f"{label}: {_text(text)}" for label, text in labelled if text]
    text = {"text": "\n\n".join([*advice, f"gate explain {name}"])}
    shown = [f"## {heading}\n\n{page[heading]}" for heading in _SHOWN if heading in page]
    return {**text, "markdown": "\n\n".join([*shown, f"`gate explain {name}` shows an example."])} if shown else text


def _plain(markdown: str) -> str:
    """A paragraph of a rule's page as plain text."""
    return cut(" ".join(markdown.replace("`", "").split()), 1000)


# -- results ------------------------------------------------------------------------------------


def _result(finding: Finding, index: int, *, compared: bool) -> Json:
    result = {
        "ruleId": line(finding.rule),
        "ruleIndex": index,
        "level": _LEVELS[finding.severity] if finding.outcome == "enforced" else "note",
        "message": {"text": _message(finding)},
        "locations": [_location(finding)],
        # GitHub only reads the first; without it, it would hash a line of the golden
        "partialFingerprints": {
            "primaryLocationLineHash": line(finding.fingerprint),
            "swapgate/v1": line(finding.fingerprint),
        },
        "properties": _properties(finding),
    }
    if compared:
        result["baselineState"] = _STATES[finding.since]
    if finding.outcome == "tolerated":
        # `external`: the decision is in gate.yaml, not in the file that the result points at (SARIF 2.1.0, 3.35.2).
        result["suppressions"] = [{"kind": "external", "justification": _text(finding.policy)}]
    return result


def _message(finding: Finding) -> str:
    where = f"{line(finding.endpoint)} / {line(finding.scenario)}  {line(finding.path) or '(whole answer)'}"
    candidate = f"[+ candidate] {line(finding.candidate)}  {place(finding.location)}".rstrip()
    asked = [f"clients: {clients_line(finding)}"] if finding.clients else []
    lines = (f"{line(finding.message)}: {where}", f"[- golden] {line(finding.golden)}", candidate, *asked)
    return "\n".join(_unlinked(text) for text in lines)


def _location(finding: Finding) -> Json:
    file, number = repository_place(finding)
    name = line(f"{finding.scenario} {finding.path}".strip())
    return {
        "physicalLocation": {
            # %SRCROOT%: relative to the root of the checkout, as GitHub wants it.
            "artifactLocation": {"uri": quote(file), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": number},
        },
        "logicalLocations": [{"fullyQualifiedName": name, "kind": "member"}],
    }


def _properties(finding: Finding) -> Json:
    """Hits, policy, and the place in the candidate's answer, which is not a file of the repository."""
    known = {
        "hits": finding.hits,
        "samples": finding.samples,
        "interval": [round(end, 3) for end in finding.rate.interval] if finding.rate else None,
        "policy": _text(finding.policy),
        "candidateFrame": finding.location.frame,
        "candidateByte": finding.location.byte,
    }
    return {name: value for name, value in known.items() if value is not None}


def _text(text: str) -> str:
    return _unlinked(line(text, 600))


def _unlinked(text: str) -> str:
    """In a message `[text](address)` is a link, also in plain text (SARIF 3.11.6), and viewers make one of any URL."""
    return _URL.sub(r"\g<0> ", text.replace("](", "] ("))
