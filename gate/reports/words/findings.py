"""Findings in words: the same lines in a terminal, in a JUnit body and in a test's failure text.

All lines are safe to print: remote text goes through `gate.text.safe.line` and never starts a line.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from gate.judge.verdict import fails
from gate.model import Crash, Finding, Location, Rate, Report, ScenarioResult
from gate.reports.words.headlines import Headline, headlines
from gate.reports.words.rule_page import address
from gate.text.plural import count
from gate.text.safe import STORED, cut, line
from gate.wire.shape import indexless

# chosen: a rule's own frames fit; a traceback in a report file may have any length.
TRACEBACK_LINES = 30  # the last lines of a traceback, which name the error
_COLUMN = 60  # characters; the places after longer evidence are not aligned
_NAMES = 30  # most scenarios that the lines of one headline name
_FEW = 3  # most scenarios that its heading names


def finding_lines(finding: Finding) -> list[str]:
    """The lines of one finding: header, evidence of both sides, who breaks, fix, ids, policy."""
    return headline_lines(Headline((finding,)))


def headline_lines(headline: Headline, rules_url: str = "") -> list[str]:
    """The lines of all findings of one cause: the first in full, and the scenarios that have it. `rules_url` is that of
    the report."""
    first = headline.first
    lines = [header(headline), *_evidence(first), f"  what: {line(first.message)}", *_meaning(first)]
    lines += [f"  in: {_names(headline.scenarios)}"] if len(headline.findings) > 1 else []
    lines += _circumstances(headline)
    ids = [
        f"{label} {line(text, 80)}"
        for label, text in (("sent", first.request_id), ("returned", first.remote_id))
        if text
    ]
    lines += [f"  request id: {', '.join(ids)}"] if ids else []
    # a team's repository has no `docs/rules/`
    page = address(rules_url, first.rule) or f"gate explain {line(first.rule)}"
    return [*lines, f"{_decision(first)}; {page}"]


def short_lines(headline: Headline, rules_url: str = "", *, id_below: bool = False) -> list[str]:
    """What a heading (`heading`) has not said: evidence, who breaks, what to do. `id_below` says that a command below
    has the id, and a decision that nobody made needs no line."""
    first = headline.first
    where = [] if len(headline.scenarios) <= _FEW else [f"  in: {_names(headline.scenarios)}"]
    decision = [] if id_below and first.policy == "default" else [_decision(first).strip()]
    page = address(rules_url, first.rule)
    last = "; ".join([*decision, *([page] if page else [])])
    return [*_evidence(first), *_meaning(first), *where, *_circumstances(headline), *([f"  {last}"] if last else [])]


def _meaning(finding: Finding) -> list[str]:
    told = (("who breaks", finding.who_breaks), ("fix", finding.hint))
    lines = [f"  {label}: {line(text, 600)}" for label, text in told if text]
    return [*lines, f"  clients: {clients_line(finding)}"] if finding.clients else lines


def _circumstances(headline: Headline) -> list[str]:
    fresh = dict.fromkeys(finding.scenario for finding in headline.findings if finding.since == "new")
    lines = [f"  new in: {_names(tuple(fresh))}"] if 0 < len(fresh) < len(headline.scenarios) else []
    lines += [f"  route or model: {line(headline.first.origin, 400)}"] if headline.first.origin else []
    return [*lines, f"  follows from: {line(headline.follows)}"] if headline.follows else lines


def _decision(finding: Finding) -> str:
    return f"  policy: {line(finding.policy, 600)}; id {line(finding.fingerprint)}"


def clients_line(finding: Finding) -> str:
    """`openai 2.54.0 raises IndexError; npm:ai 7.0.173 reads it`: those that fail first; empty where none was asked."""
    effects = sorted(finding.clients, key=lambda effect: (not effect.fails, effect.did == "reads"))
    return line("; ".join(map(str, effects)), 600)


def heading(headline: Headline) -> tuple[str, str, str]:
    """(where, what, `rule, 3/3`), the parts of a heading."""
    first = headline.first
    field = indexless(cut(first.path, STORED)).rpartition(".")[2]
    what = first.message if field in first.message else f"{first.message}: {first.path}"
    hits = _hits(headline).strip("()").replace(" samples", "")
    where = ", ".join(map(line, headline.scenarios)) if 1 < len(headline.scenarios) <= _FEW else _where(headline)
    return where, line(what), ", ".join(part for part in (line(first.rule), hits) if part)


def brief_line(headline: Headline) -> str:
    """Rule, place and message on one line."""
    first = headline.first
    follows = f"; follows from: {line(headline.follows)}" if headline.follows else ""
    asked = f"; clients: {clients_line(first)}" if first.clients else ""
    return f"{header(headline)}: {line(first.message)}{follows}{asked}; id {line(first.fingerprint)}"


def header(headline: Headline) -> str:
    """`breaking[rule] endpoint / scenario   path   (3/3 samples)`, and with a base `   new`; several scenarios are
    counted."""
    first = headline.first
    endpoints = dict.fromkeys(finding.endpoint for finding in headline.findings)
    endpoint = line(first.endpoint) if len(endpoints) == 1 else f"{len(endpoints)} endpoints"
    parts = [
        f"{first.severity.word}[{line(first.rule)}] {endpoint} / {_where(headline)}",
        line(first.path) or "(whole answer)",
        _hits(headline),
        headline.since,
    ]
    return "   ".join(part for part in parts if part)


def sections(report: Report) -> Iterator[tuple[str, tuple[Headline, ...]]]:
    """(title, headlines) of what fails the build, what does not and what is tolerated, where there is any."""
    shown = [finding for finding in report.findings if finding.outcome != "off"]
    fail_on = "never" if report.fail_on is None else report.fail_on.word
    titled = (
        ("Fails the build, fix from the top", [f for f in shown if fails(f, report.fail_on)]),
        (
            f"Does not fail the build (fail_on: {fail_on})",
            [f for f in shown if f.outcome == "enforced" and not fails(f, report.fail_on)],
        ),
        ("Tolerated by policy", [f for f in shown if f.outcome == "tolerated"]),
    )
    for title, findings in titled:
        groups = headlines(findings, shown)
        causes = f" from {count(len(groups), 'cause')}" if len(groups) < len(findings) else ""
        if groups:
            yield f"{title}: {count(len(findings), 'finding')}{causes}", groups


def switched_off(report: Report) -> str:
    """How many findings the policy switched off; empty for none."""
    number = sum(finding.outcome == "off" for finding in report.findings)
    return f"Switched off by policy: {number}, listed in the json report" if number else ""


def place(location: Location) -> str:
    """`file:line, frame 7, byte 1834`, the known parts of it."""
    file = line(location.file) if location.file else ""
    parts = [f"{file}:{location.line}" if file and location.line is not None else file]
    parts += [f"{name} {at}" for name, at in (("frame", location.frame), ("byte", location.byte)) if at is not None]
    return ", ".join(part for part in parts if part)


def crash_lines(crash: Crash) -> list[str]:
    """The lines for a rule that raised: a header, and the end of its traceback."""
    # Cut before it is split: the traceback may be a stranger's text of megabytes.
    traceback = [line(text) for text in crash.traceback[-20_000:].rstrip().split("\n")[-TRACEBACK_LINES:]]
    where = f"{line(crash.scenario)} step {crash.step}"
    return [f"crashed[{line(crash.rule)}] {where}", *(f"  | {text}" for text in traceback)]


def alike(scenarios: Iterable[ScenarioResult], noted: Container[str] = ()) -> list[tuple[ScenarioResult, ...]]:
    """The results, those of one route with one status and one reason together, at the place of the first: a route that
    is down is one line and a count. Scenarios that are `noted` have something of their own to say and stay apart."""
    groups: dict[tuple[str, ...], list[ScenarioResult]] = {}
    for result in scenarios:
        own = (result.id,) if not result.reason or result.id in noted or result.missing else ()
        groups.setdefault((result.route, result.status, result.reason, *own), []).append(result)
    return [tuple(group) for group in groups.values()]


def crashed_rules(crashes: Iterable[Crash]) -> list[tuple[Crash, str]]:
    """(first crash, `n cells`) of each rule: one bug usually shows in every cell."""
    by_rule: dict[str, list[Crash]] = {}
    for crash in crashes:
        by_rule.setdefault(crash.rule, []).append(crash)
    return [(group[0], count(len(group), "cell")) for group in by_rule.values()]


def _names(scenarios: Sequence[str]) -> str:
    more = f" and {len(scenarios) - _NAMES} more" if len(scenarios) > _NAMES else ""
    return ", ".join(line(scenario) for scenario in scenarios[:_NAMES]) + more


def _where(headline: Headline) -> str:
    first = headline.first
    if len(headline.scenarios) > 1:
        return f"{len(headline.scenarios)} scenarios"
    # steps count from 0, as in cassettes; step 0 is not named
    steps = {finding.step for finding in headline.findings}
    return line(first.scenario) + (f" step {first.step}" if len(steps) == 1 and first.step else "")


def _hits(headline: Headline) -> str:
    hits = sum(finding.hits for finding in headline.findings)
    samples = sum(finding.samples for finding in headline.findings)
    span = f", {Rate(hits, samples).span}" if hits < samples else ""
    return f"({hits}/{samples} samples{span})" if samples else ""


def _evidence(finding: Finding) -> list[str]:
    golden, candidate = line(finding.golden), line(finding.candidate)
    longest = max(len(golden), len(candidate))
    width = longest if longest <= _COLUMN else 0
    return [
        f"  [- golden]    {golden:<{width}}     {place(finding.golden_location)}".rstrip(),
        f"  [+ candidate] {candidate:<{width}}     {place(finding.location)}".rstrip(),
    ]
