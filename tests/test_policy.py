"""Policy: what was found → what a team lives with → verdict and exit code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from gate.errors import ConfigError
from gate.judge.depends_on import DEPENDS_ON
from gate.judge.policy import decide
from gate.judge.verdict import conclude, exit_code, status_of, verdict
from gate.model import Crash, Finding, MinHits, Override, Policy, Report, Severity, Status, Tolerance, Verdict
from gate.rules import rules
from tests.report_samples import finding, result

RULES = {name: rules()[name] for name in ("finish-reason-changed", "usage-chunk-missing", "field-missing")}
SCENARIOS = ("chat", "chat-stream", "tool-forced")
TODAY = date(2026, 11, 22)
FINISH = finding()
USAGE = finding("usage-chunk-missing", "usage", Severity.RISKY, "chat-stream", "usage")
BREAKING, RISKY, INFO = Severity.BREAKING, Severity.RISKY, Severity.INFO


def judged(policy: Policy, *findings: Finding, today: date = TODAY) -> tuple[Sequence[Finding], Sequence[str]]:
    return decide(findings, policy, today, RULES, SCENARIOS)


def tolerance(until: str = "2027-03-01", scenario: str | None = None, path: str | None = None) -> Policy:
    return Policy(tolerate=(Tolerance("finish-reason-changed", "we map it", until, scenario, path, line=12),))


def test_without_entries_everything_is_enforced_as_measured() -> None:
    assert judged(Policy(), FINISH, USAGE) == ((FINISH, USAGE), ())
    assert (FINISH.outcome, FINISH.policy) == ("enforced", "default")


# -- tolerances ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        (tolerance(), "tolerated"),
        (tolerance(scenario="tool-forced"), "tolerated"),
        (tolerance(path="choices[0].finish_reason"), "tolerated"),
        (tolerance(path="choices[].finish_reason"), "tolerated"),
        (tolerance(scenario="tool-forced", path="choices[].finish_reason"), "tolerated"),
        (tolerance(scenario="chat"), "enforced"),
        (tolerance(path="choices[1].finish_reason"), "enforced"),
        (tolerance(path="choices[]"), "enforced"),
    ],
)
def test_a_tolerance_covers_its_rule_scenario_and_path_only(policy: Policy, outcome: str) -> None:
    (decided, other), _ = judged(policy, FINISH, USAGE)
    assert (decided.outcome, other.outcome) == (outcome, "enforced")


def test_a_tolerated_finding_keeps_its_severity_and_says_why() -> None:
    (decided,), notes = judged(tolerance(), FINISH)
    assert decided.severity is BREAKING
    assert decided.policy == "tolerated until 2027-03-01: we map it"
    assert notes == ()


@pytest.mark.parametrize(
    ("today", "outcome", "noted"),
    [
        (date(2027, 2, 28), "tolerated", False),
        (date(2027, 3, 1), "tolerated", False),
        (date(2027, 3, 2), "enforced", True),
    ],
)
def test_until_is_inclusive_and_then_it_is_enforced_again(today: date, outcome: str, noted: bool) -> None:
    (decided,), notes = judged(tolerance(), FINISH, today=today)
    assert decided.outcome == outcome
    expected = ("tolerance for finish-reason-changed expired on 2027-03-01: enforced again (gate.yaml:12)",)
    assert notes == (expected if noted else ())
    assert ("expired on 2027-03-01" in decided.policy) is noted


def test_the_tolerance_that_lasts_longest_counts() -> None:
    first, second = tolerance("2026-01-01").tolerate[0], tolerance("2027-01-01").tolerate[0]
    (decided,), notes = judged(Policy(tolerate=(first, second)), FINISH)
    assert decided.policy.startswith("tolerated until 2027-01-01")
    assert len(notes) == 1
    assert "expired on 2026-01-01" in notes[0]


def test_a_tolerance_that_matched_nothing_is_noted() -> None:
    _, notes = judged(tolerance(scenario="chat", path="usage"), FINISH)
    assert notes == ("tolerance for finish-reason-changed in chat at usage matched nothing: remove it (gate.yaml:12)",)


# -- overrides and depends_on -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("overrides", "severity", "outcome", "policy"),
    [
        ([Override("finish-reason-changed", INFO)], INFO, "enforced", "info for finish-reason-changed"),
        ([Override("finish-reason-changed", None)], BREAKING, "off", "off for finish-reason-changed"),
        ([Override("usage-chunk-missing", None)], BREAKING, "enforced", "default"),
        ([Override("finish-reason-changed", None, "chat")], BREAKING, "enforced", "default"),
        (
            [Override("finish-reason-changed", RISKY, "tool-forced"), Override("finish-reason-changed", None)],
            RISKY,
            "enforced",
            "risky for finish-reason-changed in tool-forced",
        ),
        (
            [
                Override("finish-reason-changed", INFO, path="choices[].finish_reason"),
                Override("finish-reason-changed", RISKY, "tool-forced"),
            ],
            RISKY,
            "enforced",
            "risky for finish-reason-changed in tool-forced",
        ),
        (
            [Override("finish-reason-changed", INFO), Override("finish-reason-changed", RISKY)],
            RISKY,
            "enforced",
            "risky for finish-reason-changed",
        ),
    ],
)
def test_the_narrowest_override_wins(
    overrides: Sequence[Override], severity: Severity, outcome: str, policy: str
) -> None:
    (decided,), _ = judged(Policy(overrides=tuple(overrides)), FINISH)
    assert (decided.severity, decided.outcome, decided.policy) == (severity, outcome, policy)


@pytest.mark.parametrize(
    ("needed", "path", "before", "after"),
    [
        ("usage.total_tokens", "usage.total_tokens", INFO, BREAKING),
        ("usage.total_tokens", "usage", RISKY, BREAKING),
        ("usage", "usage.total_tokens", RISKY, BREAKING),
        ("choices[].message.content", "choices[0].message.content", RISKY, BREAKING),
        ("choices[].message.content", "choices", RISKY, BREAKING),
        ("choices[0].message.content", "choices[].message", RISKY, BREAKING),
        ("usage.total_tokens", "usage.prompt_tokens", RISKY, RISKY),
        ("usage.total", "usage.total_tokens", RISKY, RISKY),
        ("usage", "usage.cached_tokens", INFO, INFO),  # an addition below what we read
        ("usage", "", RISKY, RISKY),
        ("headers.Retry-After", "headers.retry-after", RISKY, BREAKING),  # HTTP takes both for the same name
    ],
)
def test_drift_at_what_our_code_reads_is_breaking(needed: str, path: str, before: Severity, after: Severity) -> None:
    (decided,), _ = judged(Policy(depends_on=(needed,)), finding("field-missing", "schema", before, path=path))
    assert decided.severity is after
    assert decided.policy == (f"depends_on {needed}: always breaking" if after is not before else "default")


@pytest.mark.parametrize(
    ("hits", "samples", "outcome"),
    [(1, 3, "tolerated"), (2, 3, "enforced"), (1, 1, "enforced")],  # one sample can't show it twice
)
def test_below_min_hits_a_drift_is_seen_and_fails_nothing(hits: int, samples: int, outcome: str) -> None:
    policy = Policy(min_hits=(MinHits("finish-reason-changed", 2),))
    (decided,), _ = judged(policy, replace(FINISH, hits=hits, samples=samples))
    assert decided.outcome == outcome
    seen = "1 of 3 samples, fewer than min_hits 2"
    assert decided.policy == (seen if outcome == "tolerated" else "default")


def test_a_finding_of_depends_on_itself_stays_breaking() -> None:
    off = Policy(overrides=(Override(DEPENDS_ON, None),))
    (decided,), _ = decide([finding(DEPENDS_ON, "schema", path="usage")], off, TODAY, RULES, SCENARIOS)
    assert (decided.outcome, decided.policy) == ("enforced", "depends_on usage: always breaking")


def test_only_a_tolerance_silences_what_our_code_reads() -> None:
    off = Override("finish-reason-changed", None)
    policy = replace(tolerance(), overrides=(off,), depends_on=("choices[].finish_reason",))
    (decided,), _ = judged(policy, FINISH)
    assert decided.outcome == "tolerated"
    assert decided.policy == (
        "depends_on choices[].finish_reason: always breaking; tolerated until 2027-03-01: we map it"
    )
    (decided,), _ = judged(replace(policy, tolerate=()), FINISH)
    assert (decided.outcome, decided.severity) == ("enforced", BREAKING)


# -- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "what", "fix"),
    [
        (
            Policy(tolerate=(Tolerance("finish-reson-changed", "r", "2027-01-01", line=7),)),
            "gate.yaml:7: policy names an unknown rule 'finish-reson-changed'",
            "did you mean 'finish-reason-changed'?",
        ),
        (
            Policy(overrides=(Override("field-missing", None, "chat-steam", line=9),)),
            "gate.yaml:9: policy names an unknown scenario 'chat-steam'",
            "did you mean 'chat-stream'?",
        ),
        (
            Policy(tolerate=(Tolerance("retry-after-missing", "r", "2027-01-01", line=7),)),
            "gate.yaml:7: the rule 'retry-after-missing' was split, one id for each drift",
            "name those that you mean: retry-after-absent, retry-after-unreadable, retry-after-hours",
        ),
        (
            Policy(overrides=(Override("xyzzy", None),)),
            "gate.yaml: policy names an unknown rule 'xyzzy'",
            "known rules: depends-on, failures-alike, field-missing, finish-reason-changed",
        ),
        (
            Policy(tolerate=(Tolerance("field-missing", "r", "next year", line=3),)),
            "gate.yaml:3: tolerance for field-missing: `until` is 'next year', not a day",
            "YYYY-MM-DD",
        ),
    ],
)
def test_wrong_entries_are_errors_with_line_and_fix(policy: Policy, what: str, fix: str) -> None:
    with pytest.raises(ConfigError) as raised:
        judged(policy)
    assert str(raised.value).startswith(what)
    assert fix in raised.value.fix


def test_the_rule_of_budgets_can_be_tolerated() -> None:
    policy = Policy(tolerate=(Tolerance("latency-budget", "new region", "2027-01-01"),))
    (decided,), _ = judged(policy, finding("latency-budget", "latency", scenario="*"))
    assert decided.outcome == "tolerated"


# -- status, verdict, exit code -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("findings", "fail_on", "crashed", "before", "status"),
    [
        ((), BREAKING, False, "pass", "pass"),
        ((FINISH,), BREAKING, False, "pass", "drift"),
        ((USAGE,), BREAKING, False, "pass", "pass"),
        ((USAGE,), RISKY, False, "pass", "drift"),
        ((FINISH,), None, False, "pass", "pass"),
        ((replace(FINISH, outcome="tolerated"),), BREAKING, False, "pass", "pass"),
        ((replace(FINISH, outcome="off"),), BREAKING, False, "pass", "pass"),
        ((), BREAKING, True, "pass", "incomplete"),
        ((FINISH,), BREAKING, True, "pass", "drift"),
        ((FINISH,), BREAKING, False, "incomplete", "drift"),
        ((), BREAKING, False, "incomplete", "incomplete"),
        ((), BREAKING, False, "skipped", "skipped"),
        ((), BREAKING, False, "drift", "pass"),
    ],
)
def test_status_of(
    findings: Sequence[Finding], fail_on: Severity | None, crashed: bool, before: Status, status: Status
) -> None:
    assert status_of(findings, fail_on, crashed=crashed, before=before) == status


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["pass", "pass"], "pass"),
        (["pass", "skipped"], "pass"),
        (["pass", "incomplete"], "incomplete"),
        (["incomplete", "drift", "pass"], "drift"),
        (["skipped"], "incomplete"),
        ([], "incomplete"),
    ],
)
def test_verdict(statuses: Sequence[Status], expected: Verdict) -> None:
    assert verdict(statuses) == expected


CRASH = Crash("usage-sums", "chat", 0, "Traceback")
CHAT, FORCED = result("chat"), result("tool-forced")
UNJUDGED = replace(FORCED, status="incomplete", reason="connection refused")
BUDGET = finding("latency-budget", "latency", scenario="*")


def report(*results: object, findings: Sequence[Finding] = (), crashes: Sequence[Crash] = ()) -> Report:
    return conclude(Report("pass", {}, {}, results, tuple(findings), tuple(crashes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("judged_report", "expected", "code", "reason"),
    [
        (report(CHAT, FORCED), "pass", 0, "2 scenarios kept the golden's contract"),
        (report(CHAT, FORCED, findings=[USAGE]), "pass", 0, "kept the golden's contract (1 below fail_on)"),
        (
            report(CHAT, FORCED, findings=[FINISH, USAGE]),
            "drift",
            1,
            "1 breaking finding in 1 of 2 scenarios; first finish-reason-changed in tool-forced",
        ),
        (report(CHAT, UNJUDGED), "incomplete", 3, "1 of 2 scenarios could not be judged: connection refused"),
        (report(CHAT, UNJUDGED, findings=[finding(scenario="chat")]), "drift", 1, "; 1 of 2 scenarios could not"),
        (report(CHAT, crashes=[CRASH]), "incomplete", 2, "1 cell crashed, a bug of the gate: first usage-sums"),
        (report(CHAT, FORCED, findings=[FINISH], crashes=[CRASH]), "drift", 2, "1 breaking finding in 1 of 2"),
        (report(CHAT, findings=[BUDGET]), "drift", 1, "1 breaking finding over the whole run"),
        (report(), "incomplete", 2, "no scenario ran"),
        (report(replace(CHAT, status="skipped")), "incomplete", 2, "no scenario ran"),
        (report(FORCED, crashes=[CRASH]), "incomplete", 2, "1 cell crashed"),
    ],
)
def test_conclude_and_exit_code(judged_report: Report, expected: Verdict, code: int, reason: str) -> None:
    assert (judged_report.verdict, exit_code(judged_report)) == (expected, code)
    assert reason in judged_report.reason


def test_conclude_twice_changes_nothing() -> None:
    once = report(CHAT, UNJUDGED, findings=[USAGE, FINISH], crashes=[CRASH])
    assert conclude(once) == once
    assert [found.rule for found in once.findings] == ["finish-reason-changed", "usage-chunk-missing"]


def test_conclude_of_a_report_that_never_fails() -> None:
    never = conclude(replace(report(CHAT, FORCED, findings=[FINISH]), fail_on=None))
    assert (never.verdict, exit_code(never)) == ("pass", 0)
    assert never.reason == "1 breaking finding; it does not fail the build; first finish-reason-changed in tool-forced"
    more = conclude(replace(never, findings=(FINISH, USAGE, replace(USAGE, severity=Severity.INFO))))
    words = "1 breaking and 1 risky findings; they do not fail the build; first finish-reason-changed in tool-forced"
    assert more.reason == f"{words} (1 info)"
    calm = conclude(replace(never, findings=(replace(USAGE, severity=Severity.INFO),)))
    assert calm.reason == "2 scenarios kept the golden's contract (1 info)"


@pytest.mark.parametrize("scenario", ["app!usage-missing", "chat!reset*1"])
def test_a_tolerance_for_what_another_command_adds_to_a_scenario_is_no_mistake(scenario: str) -> None:
    """`gate prove --app` and `gate sdk` name their runs so; in a check they match nothing, and need not."""
    policy = tolerance(scenario=scenario)
    assert judged(policy, FINISH) == ((FINISH,), ())
    (decided,), _ = decide([replace(FINISH, scenario=scenario)], policy, TODAY, RULES, (*SCENARIOS, scenario))
    assert decided.outcome == "tolerated"
    with pytest.raises(ConfigError, match="unknown scenario 'chta'"):
        judged(tolerance(scenario=scenario.replace("app", "chta").replace("chat", "chta")), FINISH)
