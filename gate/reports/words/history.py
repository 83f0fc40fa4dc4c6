"""What changed since the base's report, and how often rules raised alarms, in one sentence each. Safe to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from gate.judge.history import loud
from gate.model import History, Report
from gate.reports.words.figures import routes_of
from gate.reports.words.findings import header
from gate.reports.words.headlines import SINCE, headlines
from gate.text.plural import count
from gate.text.safe import line

# chosen: one sentence of a summary, one screen of a terminal.
_RULES = 6
_FIXED = 20  # causes


def since_line(report: Report) -> str:
    """`since the base (candidate, 2026-11-20): 2 new, 1 still there, 3 fixed`; empty without a base. Counts what is
    risky or breaking, also where it is tolerated."""
    history = report.history
    if history is None:
        return ""
    alarms = [finding for finding in report.findings if loud(finding)]
    counts = Counter(finding.since for finding in alarms)
    numbers = [
        *((counts[since], text) for since, text in SINCE.items()),
        (len(history.fixed), "fixed"),
        (counts[""], "where the base judged nothing"),
        (history.unjudged, "of the base not judged now"),
    ]
    words = ", ".join(f"{number} {text}" for number, text in numbers if number)
    known = [history.base.get(name) for name in ("route", "date")]
    named = ", ".join(line(text, 80) for text in known if isinstance(text, str) and text)
    when = f"since the base{f' ({named})' if named else ''}"
    return f"{when}: {words or 'no alarm then, none now'}{_other_routes(report, history)}"


def _other_routes(report: Report, history: History) -> str:
    """Which routes of a merged report the base does not have, by whose names the two are compared."""
    known, here = ([name for name, _ in routes_of(facts)] for facts in (history.base, report.candidate))
    unknown, gone = ([name for name in some if name not in others] for some, others in ((here, known), (known, here)))
    if not known or not unknown:
        return ""
    only = f"it has {_listed(gone)}, and a renamed route is another one" if gone else f"only {_listed(known)}"
    return f"; the base has no route {_listed(unknown)}: {only}"


def _listed(names: Sequence[str]) -> str:
    shown = [line(name, 80) for name in names[:_RULES]]
    return ", ".join(shown + ([f"{len(names) - _RULES} more"] if len(names) > _RULES else []))


def tally_line(report: Report) -> str:
    """`in 14 runs: field-missing 3 times; fail_on: breaking would have failed 2 of them, risky 4`, where nothing fails
    the build yet; empty elsewhere, and where there was one run."""
    tally = report.tally
    if tally is None or report.fail_on is not None or tally.runs < 2:
        return ""
    ranked = sorted(tally.alarms.items(), key=lambda alarm: (-alarm[1], alarm[0]))
    named = [f"{line(rule, 80)} {_times(number)}" for rule, number in ranked[:_RULES]]
    named += [count(len(ranked) - _RULES, "more rule")] if len(ranked) > _RULES else []
    failed = f"fail_on: breaking would have failed {tally.breaking or 'none'} of them, risky {tally.risky or 'none'}"
    return f"in {tally.runs} runs: {', '.join(named) or 'no alarm'}; {failed}"


def fixed_lines(report: Report) -> Iterator[str]:
    """A line for each cause that the base has and this report has not, in the words of a finding's header."""
    groups = headlines(report.history.fixed) if report.history else ()
    yield from (header(headline) for headline in groups[:_FIXED])
    if len(groups) > _FIXED:
        yield f"and {count(len(groups) - _FIXED, 'more cause')}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
