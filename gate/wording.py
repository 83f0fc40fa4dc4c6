"""One finding in words: the same lines in a terminal, in a JUnit body and in a test's failure text.

Everything here is already safe to print: remote text goes through `safetext.line` and never starts a line.
"""

from __future__ import annotations

from gate.headlines import Headline
from gate.model import Crash, Finding, Location
from gate.safetext import line

TRACEBACK_LINES = 30  # the end of a traceback is what names the bug
_COLUMN = 60  # evidence longer than this does not push the places to the right


def finding_lines(finding: Finding) -> list[str]:
    """The lines of one finding, as DESIGN section 6 draws them."""
    return headline_lines(Headline((finding,)))


def headline_lines(headline: Headline) -> list[str]:
    """The lines of all findings of one cause: the first in full, then the scenarios that share it."""
    first = headline.first
    lines = [header(headline), *_evidence(first), f"  what: {line(first.message)}"]
    lines += [
        f"  {label}: {line(text, 600)}"
        for label, text in (("who breaks", first.who_breaks), ("fix", first.hint))
        if text
    ]
    if len(headline.findings) > 1:
        lines.append(f"  in: {', '.join(line(scenario) for scenario in headline.scenarios)}")
    rule = line(first.rule)
    return [*lines, f"  policy: {line(first.policy, 600)}; id {line(first.fingerprint)}; docs/rules/{rule}.md"]


def header(headline: Headline) -> str:
    """`breaking[rule] endpoint / scenario   path   (3/3 samples)`; many scenarios are counted instead of named."""
    first = headline.first
    endpoints = dict.fromkeys(finding.endpoint for finding in headline.findings)
    endpoint = line(first.endpoint) if len(endpoints) == 1 else f"{len(endpoints)} endpoints"
    parts = [
        f"{first.severity.word}[{line(first.rule)}] {endpoint} / {_where(headline)}",
        line(first.path) or "(whole answer)",
        _hits(headline),
    ]
    return "   ".join(part for part in parts if part)


def place(location: Location) -> str:
    """`file:line, frame 7, byte 1834`, as far as it is known."""
    file = line(location.file) if location.file else ""
    parts = [f"{file}:{location.line}" if file and location.line is not None else file]
    parts += [f"{name} {at}" for name, at in (("frame", location.frame), ("byte", location.byte)) if at is not None]
    return ", ".join(part for part in parts if part)


def crash_lines(crash: Crash) -> list[str]:
    """The lines of a rule that raised."""
    traceback = [line(text) for text in crash.traceback[-20_000:].splitlines()[-TRACEBACK_LINES:]]
    where = f"{line(crash.scenario)} step {crash.step}"
    return [f"crashed[{line(crash.rule)}] {where}", *(f"  | {text}" for text in traceback)]


def _where(headline: Headline) -> str:
    first = headline.first
    if len(headline.scenarios) > 1:
        return f"{len(headline.scenarios)} scenarios"
    steps = {finding.step for finding in headline.findings}
    return line(first.scenario) + (f" step {first.step}" if len(steps) == 1 and first.step else "")


def _hits(headline: Headline) -> str:
    hits = sum(finding.hits for finding in headline.findings)
    samples = sum(finding.samples for finding in headline.findings)
    return f"({hits}/{samples} samples)" if samples else ""


def _evidence(finding: Finding) -> list[str]:
    golden, candidate = line(finding.golden), line(finding.candidate)
    width = min(max(len(golden), len(candidate)), _COLUMN)
    return [
        f"  [- golden]    {golden:<{width}}     {place(finding.golden_location)}".rstrip(),
        f"  [+ candidate] {candidate:<{width}}     {place(finding.location)}".rstrip(),
    ]
