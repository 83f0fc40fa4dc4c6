"""Findings → decided findings: severities, tolerances and `min_hits` of the policy. Pure; today is a parameter."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gate.errors import ConfigError
from gate.judge.alike import FAILURES_ALIKE
from gate.judge.budgets import LATENCY_BUDGET
from gate.judge.chance import REQUESTS_FAILED
from gate.judge.depends_on import DEPENDS_ON, spelled
from gate.model import APP, Finding, MinHits, Override, Policy, Rule, Severity, Tolerance
from gate.rules.split import SPLIT
from gate.wire.paths import below
from gate.wire.shape import indexless

OWN = (LATENCY_BUDGET, DEPENDS_ON, REQUESTS_FAILED, FAILURES_ALIKE)
"""Ids of findings that no rule makes: they come from the policy, the whole run or several cells, and have pages too."""

MATCHED_NOTHING = "matched nothing"
_ADDED = re.compile("[@!]")


def decide(
    findings: Sequence[Finding],
    policy: Policy,
    today: date,
    rules: Mapping[str, Rule],
    scenarios: Collection[str],
    judged: Collection[str] | None = None,
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings with severity, outcome and the policy entry behind these, and notes on entries to review.

    `rules` and `scenarios` are all names that exist; an entry with another name is a ConfigError. Where only some
    scenarios were judged (None: all), an entry about the others may well match nothing.
    """
    # A misspelt tolerance would tolerate nothing, and a misspelt `off` would switch nothing off, without a word.
    check_names(policy, rules, scenarios)
    deadlines = [_Deadline(entry, _day(entry, policy.file)) for entry in policy.tolerate]
    of_order = {rule.id for rule in rules.values() if rule.of_order}
    weighed = (_counted(_weigh(finding, policy, of_order), policy) for finding in findings)
    decided = tuple(_tolerate(finding, deadlines, today) for finding in weighed)
    fitting = [d for d in deadlines if judged is None or d.entry.scenario in judged]
    # `app!usage-missing` is of another command's run
    fitting = [d for d in fitting if "!" not in (d.entry.scenario or "") or d.entry.scenario in scenarios]
    return decided, tuple(note for deadline in fitting for note in deadline.notes(findings, today, policy.file))


def _counted(finding: Finding, policy: Policy) -> Finding:
    """A finding in fewer samples than the team's `min_hits` is tolerated."""
    fitting = [entry.hits for entry in policy.min_hits if _applies(entry, finding)]
    need = max(fitting, default=0)
    # With fewer samples than `need` the share can't be known: then the finding stays enforced.
    if finding.outcome != "enforced" or finding.hits >= need or finding.samples < need:
        return finding
    seen = f"{finding.hits} of {finding.samples} samples, fewer than min_hits {need}"
    return replace(finding, outcome="tolerated", policy=seen)


# -- severities ---------------------------------------------------------------------------------


def _weigh(finding: Finding, policy: Policy, of_order: Collection[str]) -> Finding:
    """`depends_on` outranks every override: only a tolerance, which has an end date, may accept drift there."""
    needed = next((path for path in policy.depends_on if _touches(finding, path, of_order)), None)
    # Such a finding exists only because the path is listed; its own path is the needed one.
    if finding.rule == DEPENDS_ON:
        needed = finding.path
    if needed is not None:
        return replace(finding, severity=Severity.BREAKING, policy=f"depends_on {needed}: always breaking")
    fitting = [entry for entry in policy.overrides if _applies(entry, finding)]
    if not fitting:
        return finding
    # the narrowest entry wins, of equally narrow ones the later
    entry = max(enumerate(fitting), key=lambda pair: (_narrowness(pair[1]), pair[0]))[1]
    if entry.severity is None:
        return replace(finding, outcome="off", policy=f"off for {_target(entry)}")
    return replace(finding, severity=entry.severity, policy=f"{entry.severity.word} for {_target(entry)}")


def _touches(finding: Finding, needed: str, of_order: Collection[str]) -> bool:
    """Whether a finding concerns a needed path: at the path itself always, above or below it unless it is info."""
    at, wanted = spelled(finding.path), spelled(needed)
    # `events` is a path for the order of a stream, which has no field of its own.
    if at == wanted or (wanted == "events" and finding.rule in of_order and finding.severity > Severity.INFO):
        return True
    # A new optional field beside what the code reads is info, and must not become breaking because of its parent.
    return finding.severity > Severity.INFO and (below(at, wanted) or below(wanted, at))


def _applies(entry: Override | Tolerance | MinHits, finding: Finding) -> bool:
    return (
        entry.rule == finding.rule
        and entry.scenario in (None, finding.scenario)
        and entry.path in (None, finding.path, indexless(finding.path))
    )


def _narrowness(entry: Override) -> tuple[bool, bool]:
    return entry.scenario is not None, entry.path is not None


# -- tolerances ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Deadline:
    """A tolerance and its last day."""

    entry: Tolerance
    last: date

    def notes(self, findings: Iterable[Finding], today: date, file: str) -> Iterable[str]:
        entry = self.entry
        # A tolerance that outlives its drift would hide the next one at that place.
        if not any(_applies(entry, finding) for finding in findings):
            yield f"tolerance for {_target(entry)} {MATCHED_NOTHING}: remove it ({_where(entry.line, file)})"
        elif today > self.last:
            expired = f"expired on {self.last}: enforced again"
            yield f"tolerance for {_target(entry)} {expired} ({_where(entry.line, file)})"


def _tolerate(finding: Finding, deadlines: Sequence[_Deadline], today: date) -> Finding:
    if finding.outcome != "enforced":
        return finding
    fitting = [deadline for deadline in deadlines if _applies(deadline.entry, finding)]
    # of several the one that lasts longest counts
    # A general tolerance may run out before a narrow one that somebody extended on purpose.
    longest = max(fitting, key=lambda deadline: deadline.last, default=None)
    if longest is None:
        return finding
    # The last day itself still counts, as a person reads `until`.
    if today > longest.last:
        return replace(finding, policy=f"{finding.policy}; tolerance expired on {longest.last}")
    before = "" if finding.policy == "default" else f"{finding.policy}; "
    text = f"{before}tolerated until {longest.last}: {longest.entry.reason}"
    return replace(finding, outcome="tolerated", policy=text)


def _day(entry: Tolerance, file: str) -> date:
    try:
        return date.fromisoformat(entry.until)
    except ValueError:
        raise ConfigError(
            f"tolerance for {entry.rule}: `until` is {entry.until!r}, not a day",
            where=_where(entry.line, file),
            fix="write it as YYYY-MM-DD, such as 2027-03-01",
        ) from None


# -- names --------------------------------------------------------------------------------------


def check_names(policy: Policy, rules: Collection[str], scenarios: Collection[str]) -> None:
    """Raises ConfigError for an entry that names a rule or a scenario that does not exist."""
    entries: tuple[Override | Tolerance | MinHits, ...] = (*policy.tolerate, *policy.overrides, *policy.min_hits)
    for entry in entries:
        _check_name("rule", entry.rule, {*rules, *OWN}, _where(entry.line, policy.file))
        if entry.scenario is not None:
            # `chat@cut-after-3`, `chat!reset*1`, `app!usage-missing`: what a hermetic check, an SDK or a client of the
            # team's own adds to a scenario is known when it runs
            name = _ADDED.split(entry.scenario)[0]
            _check_name("scenario", name, {*scenarios, APP}, _where(entry.line, policy.file))


def _check_name(kind: str, name: str, known: Collection[str], where: str) -> None:
    if name in known:
        return
    if kind == "rule" and name in SPLIT:
        fix = f"name those that you mean: {', '.join(SPLIT[name])}"
        raise ConfigError(f"the rule {name!r} was split, one id for each drift", where=where, fix=fix)
    # 0.5 also finds a name with two words swapped
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    fix = f"did you mean {near[0]!r}?" if near else f"known {kind}s: {', '.join(sorted(known)[:20]) or 'none'}"
    raise ConfigError(f"policy names an unknown {kind} {name!r}", where=where, fix=fix)


def _target(entry: Override | Tolerance) -> str:
    scenario = f" in {entry.scenario}" if entry.scenario is not None else ""
    path = f" at {entry.path}" if entry.path is not None else ""
    return f"{entry.rule}{scenario}{path}"


def _where(line: int | None, file: str) -> str:
    return file if line is None else f"{file}:{line}"
