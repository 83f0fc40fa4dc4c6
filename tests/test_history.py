"""`--base`: what is new since a report, still there or fixed, and the tally of alarms over runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gate.errors import ConfigError
from gate.judge.history import since
from gate.judge.verdict import conclude
from gate.model import Crash, Finding, Report, Severity, Tally
from gate.reports import formats
from gate.reports.json import render
from gate.reports.terminal import render as terminal
from gate.reports.words.history import fixed_lines, since_line, tally_line
from gate.store.report_file import parse
from tests.report_samples import CANDIDATE, GOLDEN, NASTY, PASSING, SCENARIOS, finding
from tests.rules_table import completion, plain
from tests.test_cli import gate, put
from tests.test_markdown import acts

FINISH = finding()  # in tool-forced
MISSING = finding("field-missing", "schema", scenario="chat", path="object")
MILD = replace(FINISH, severity=Severity.RISKY)
INFO = finding("field-added", "schema", Severity.INFO, "chat", "extra")
OFF = replace(MISSING, outcome="off")
BUDGET = finding("latency-budget", "latency", Severity.BREAKING, "run", "ttft_p95", "")
STATUS = finding("status-code-changed", "transport", scenario="chat", path="status")
REFUSED = finding("success-lost", "errors", scenario="tool-forced", path="status")
DOWN = replace(SCENARIOS[2], status="incomplete", reason="connection refused")


def report(*findings: Finding, scenarios: Sequence[object] = SCENARIOS, **more: object) -> Report:
    base = Report("pass", GOLDEN, CANDIDATE, tuple(scenarios), findings)  # type: ignore[arg-type]
    return conclude(replace(base, **more))  # type: ignore[arg-type]


def without(name: str) -> list[object]:
    return [found for found in SCENARIOS if found.id != name]


CASES: list[tuple[str, Report, Report, dict[str, str], list[str], int]] = [
    # (case, base, report, since by rule, rules that are fixed, findings of the base that were not judged now)
    ("the change broke it", report(), report(FINISH), {"finish-reason-changed": "new"}, [], 0),
    ("the branch had it", report(FINISH), report(FINISH), {"finish-reason-changed": "still"}, [], 0),
    ("it got worse", report(MILD), report(FINISH), {"finish-reason-changed": "worse"}, [], 0),
    ("it got better", report(FINISH), report(MILD), {"finish-reason-changed": "still"}, [], 0),
    ("the change mended it", report(FINISH, MISSING), report(MISSING), {"field-missing": "still"}, ["finish-reason-changed"], 0),
    ("info is no alarm that is mended", report(INFO), report(), {}, [], 0),
    ("what is off was never told", report(OFF), report(), {}, [], 0),
    ("of an outage nothing is known", report(FINISH), report(scenarios=[*SCENARIOS[:2], DOWN]), {}, [], 1),
    ("the base had an outage", report(scenarios=[DOWN]), report(FINISH), {"finish-reason-changed": ""}, [], 0),
    ("the base is of another suite", report(scenarios=without("tool-forced")), report(FINISH), {"finish-reason-changed": ""}, [], 0),
    ("a scenario left the suite", report(FINISH), report(scenarios=without("tool-forced")), {}, [], 1),
    ("an error hides what the answer showed", report(FINISH), report(REFUSED), {"success-lost": "new"}, [], 1),
    ("an error hid it in the base", report(REFUSED), report(FINISH), {"finish-reason-changed": ""}, ["success-lost"], 0),
    ("a rule crashed, and the scenario may hide drift", report(MISSING), report(crashes=(Crash("usage-sum", "chat", 0, ""),)), {}, [], 1),
    ("its rule crashed where others fired", report(MISSING, STATUS), report(STATUS, crashes=(Crash("field-missing", "chat", 0, ""),)),
     {"status-code-changed": "still"}, [], 1),
    ("another rule crashed there", report(MISSING, STATUS), report(STATUS, crashes=(Crash("usage-sum", "chat", 0, ""),)),
     {"status-code-changed": "still"}, ["field-missing"], 0),
    ("a budget is over the whole run", report(BUDGET), report(), {}, ["latency-budget"], 0),
    ("a budget of a run that judged something", report(), report(BUDGET), {"latency-budget": "new"}, [], 0),
    ("nothing was judged at all", report(BUDGET), report(scenarios=[DOWN]), {}, [], 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("base", "now", "marks", "fixed", "unjudged"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_since(base: Report, now: Report, marks: dict[str, str], fixed: list[str], unjudged: int) -> None:
    found = since(now, base, "base.json")
    assert {f.rule: f.since for f in found.findings} == marks
    assert found.history is not None
    assert ([f.rule for f in found.history.fixed], found.history.unjudged) == (fixed, unjudged)
    assert (found.verdict, found.reason) == (now.verdict, now.reason)


def routed(report: Report, route: str) -> Report:
    """As `gate merge` names it in a report over several routes."""
    return replace(
        report,
        scenarios=tuple(replace(one, id=f"{route}/{one.id}", route=route) for one in report.scenarios),
        findings=tuple(replace(one, scenario=f"{route}/{one.scenario}", route=route) for one in report.findings),
    )


def test_a_finding_of_another_route_is_another_finding() -> None:
    blue, green = routed(report(FINISH), "blue"), routed(report(FINISH), "green")
    both = replace(blue, scenarios=(*blue.scenarios, *green.scenarios), findings=(*blue.findings, *green.findings))
    base = replace(both, findings=blue.findings)
    assert [f.since for f in since(both, base, "").findings] == ["still", "new"]
    assert [f.since for f in since(green, blue, "").findings] == [""]  # a route that the base has not


@pytest.mark.parametrize(
    ("base", "what"),
    [
        (replace(PASSING, about="sdk"), "the base is a report on versions of an SDK, and this one is on a route"),
        (routed(PASSING, "blue"), "the base is a report on a route, merged over several, and this one is on a route"),
    ],
)
def test_another_kind_of_report_is_no_base(base: Report, what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        since(PASSING, base, "--base x.json")
    assert (raised.value.what, raised.value.where) == (what, "--base x.json")
    assert raised.value.fix


# -- the tally ----------------------------------------------------------------------------------


def test_alarms_are_counted_from_base_to_base() -> None:
    runs = [report(FINISH, MISSING), report(FINISH, FINISH, INFO), report(), report(MILD), report(scenarios=[DOWN])]
    last = runs[0]
    for now in runs[1:]:
        last = since(now, parse(render(last)), "base.json")
    # a run that judged nothing counts for nothing
    assert last.tally == Tally(4, 2, 3, {"field-missing": 1, "finish-reason-changed": 3})


def test_what_is_tolerated_is_no_alarm() -> None:
    found = since(report(replace(FINISH, outcome="tolerated")), report(), "")
    assert found.tally == Tally(2, 0, 0, {})


def test_a_tally_never_grows_beyond_what_can_be_read() -> None:
    full = replace(report(), tally=Tally(1_000_000, 0, 1_000_000, {"field-missing": 1_000_000}))
    found = since(report(MISSING), full, "")
    assert found.tally == Tally(1_000_000, 1, 1_000_000, {"field-missing": 1_000_000})
    assert parse(render(found)) == found
    many = replace(report(), tally=Tally(1, 0, 1, {f"a{number:04}": 1 for number in range(1000)}))
    found = since(report(MISSING), many, "")
    assert parse(render(found)) == found
    assert found.tally
    assert found.tally.alarms["field-missing"] == 1


def test_a_tolerance_that_ended_is_no_old_news() -> None:
    found = since(report(FINISH), report(replace(FINISH, outcome="tolerated")), "")
    assert [finding.since for finding in found.findings] == ["worse"]


TALLIES = [
    (Tally(14, 2, 5, {"field-missing": 3, "usage-sum": 1, "finish-reason-changed": 2}), None,
     ("in 14 runs: field-missing 3 times, finish-reason-changed twice, usage-sum once; "
     "fail_on: breaking would have failed 2 of them, risky 5")),
    (Tally(9, 0, 0, {}), None, "in 9 runs: no alarm; fail_on: breaking would have failed none of them, risky none"),
    (Tally(2, 0, 2, dict.fromkeys("abcdefgh", 2)), None,
     ("in 2 runs: a twice, b twice, c twice, d twice, e twice, f twice, 2 more rules; "
     "fail_on: breaking would have failed none of them, risky 2")),
    (Tally(1, 1, 1, {"usage-sum": 1}), None, ""),  # one run is no number to decide on
    (Tally(14, 2, 5, {}), Severity.BREAKING, ""),  # it does block already
    (None, None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("tally", "fail_on", "words"), TALLIES)
def test_the_tally_in_words(tally: Tally | None, fail_on: Severity | None, words: str) -> None:
    assert tally_line(replace(report(), tally=tally, fail_on=fail_on)) == words


# -- words --------------------------------------------------------------------------------------

LINES = [
    (report(FINISH, MISSING), report(FINISH), "since the base (candidate, 2026-11-22): 1 still there, 1 fixed"),
    (report(), report(FINISH, INFO), "since the base (candidate, 2026-11-22): 1 new"),
    (report(INFO), report(), "since the base (candidate, 2026-11-22): no alarm then, none now"),
    (report(FINISH, scenarios=[DOWN, *SCENARIOS[:2]]), report(FINISH, MILD, scenarios=[SCENARIOS[2]], candidate={}),
     "since the base (candidate, 2026-11-22): 2 still there"),
    (report(MISSING, scenarios=SCENARIOS[:1], candidate={"date": 3}), report(FINISH, scenarios=SCENARIOS[2:]),
     "since the base: 1 where the base judged nothing, 1 of the base not judged now"),
    (report(MILD), report(FINISH), "since the base (candidate, 2026-11-22): 1 worse"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "now", "words"), LINES)
def test_what_changed_in_a_line(base: Report, now: Report, words: str) -> None:
    assert since_line(since(now, base, "")) == words
    assert since_line(now) == ""


def _over(*names: str) -> Report:
    """A merged report in which each of the routes has the finding."""
    found = [replace(FINISH, scenario=f"{name}/tool-forced", route=name) for name in names]
    results = [replace(SCENARIOS[2], id=f"{name}/tool-forced", route=name) for name in names]
    return report(*found, scenarios=results, candidate={"routes": {name: {} for name in names}})


ROUTES = [
    (_over("a", "b"), _over("a", "b"), "2 still there"),
    (_over("a"), _over("a", "b"), "1 still there, 1 where the base judged nothing; the base has no route b: only a"),
    (_over("a", "b"), _over("a"), "1 still there, 1 of the base not judged now"),
    (_over("a", "old"), _over("a", "new"),
     ("1 still there, 1 where the base judged nothing, 1 of the base not judged now; "
     "the base has no route new: it has old, and a renamed route is another one")),
    (_over("a"), _over(*"bcdefghi"),
     ("8 where the base judged nothing, 1 of the base not judged now; "
     "the base has no route b, c, d, e, f, g, 2 more: it has a, and a renamed route is another one")),
]  # fmt: skip


@pytest.mark.parametrize(("base", "now", "words"), ROUTES)
def test_routes_of_other_names_are_told(base: Report, now: Report, words: str) -> None:
    assert since_line(since(now, base, "")) == f"since the base: {words}"


def test_what_is_new_comes_first_and_says_so() -> None:
    others = [STATUS, INFO]
    text = terminal(since(report(MILD, *others, fail_on=Severity.RISKY), report(*others), ""))
    heads = [line for line in text.splitlines() if line.startswith(("breaking[", "risky[", "info["))]
    assert [(head.partition("]")[0], head.split("   ")[-1]) for head in heads[:2]] == [
        ("risky[finish-reason-changed", "new"),
        ("breaking[status-code-changed", "still there"),
    ]
    assert heads[2].startswith("info[field-added]")


def test_one_cause_that_is_new_in_some_scenarios() -> None:
    both = [finding("field-missing", "schema", scenario=name, path="object") for name in ("chat", "tool-forced")]
    text = terminal(since(report(*both), report(both[0]), ""))
    assert "(6/6 samples)   1 new, 1 still there\n" in text
    assert "  in: chat, tool-forced\n  new in: tool-forced\n" in text


def test_what_is_fixed_is_listed_by_cause() -> None:
    many = [finding("field-missing", "schema", scenario="chat", path=f"x{n}") for n in range(22)]
    lines = list(fixed_lines(since(report(), report(*many), "")))
    assert lines[0] == "breaking[field-missing] chat.completions / chat   x0   (3/3 samples)"
    assert lines[-1] == "and 2 more causes"
    assert list(fixed_lines(report())) == []


@pytest.mark.parametrize("name", ["terminal", "markdown", "comment", "html", "junit", "github"])
def test_every_format_for_people_says_it(name: str) -> None:
    text = formats()[name](since(report(FINISH), report(MISSING), ""))
    assert "since the base (candidate, 2026-11-22): 1 new, 1 fixed".lower() in text.lower()
    if name != "junit":
        assert "field-missing" in text  # what was fixed


def test_a_comment_folds_what_the_branch_had() -> None:
    text = formats()["comment"](since(report(FINISH, MISSING), report(FINISH), ""))
    assert [part.partition(":")[0] for part in text.split("<summary>")[1:3]] == [
        "❌ new · chat",
        "❌ still there · tool-forced",
    ]
    assert text.count("<details open>") == 1
    # the ways out stand beside both
    assert text.count(": gate tolerate") == text.count(": gate refresh") == 2


# -- the command line ---------------------------------------------------------------------------


def cassettes(folder: Path) -> None:
    put(folder / "golden", chat=plain(completion()))
    put(folder / "same", chat=plain(completion()))
    put(folder / "worse", chat=plain(completion() | {"choices": []}))


def test_a_pull_request_from_base_to_comment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cassettes(tmp_path)
    assert gate("diff", "golden", "same", "--report", "json:main.json").exit_code == 0
    broken = gate("diff", "golden", "worse", "--base", "main.json", "--report", "json:pull.json")
    assert broken.exit_code == 1
    assert "  since the base" in broken.output
    again = gate("diff", "golden", "worse", "--base", "pull.json", "--fail-on", "never")
    assert again.exit_code == 0
    assert "still there" in again.output
    assert "in 3 runs: " in again.output
    mended = gate("diff", "golden", "same", "--base", "pull.json", "--report", "json")
    assert mended.exit_code == 0
    document = json.loads(mended.output)
    assert document["history"]["fixed"]
    assert document["tally"]["runs"] == 3
    merged = gate("merge", "pull.json", "--base", "main.json")
    assert (merged.exit_code, "new" in merged.output) == (1, True)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (None, "can't read the report: No such file or directory"),
        ("{}", "not a report: $: "),
        (render(PASSING).replace('"schema_version": 1', '"schema_version": 2'), "$.schema_version: 1 was expected"),
        (render(replace(PASSING, about="drifts")), "the base is a report on the drifts that goldens catch"),
    ],
)
def test_what_can_be_no_base_is_told_before_anything_is_read(
    text: str | None, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "base.json").write_text(text)
    done = gate("diff", "nothing", "here", "--base", "base.json")
    assert done.exit_code == 2
    assert what in str(done.exception)
    assert getattr(done.exception, "where", "") == "--base base.json"
    assert getattr(done.exception, "fix", "")


def test_a_hostile_base_stays_text() -> None:
    """A cache or an artifact may hold what anybody wrote."""
    for text in NASTY.values():
        foul = replace(MISSING, path=text, endpoint=text, message=text, golden=text, fingerprint=text[:60])
        compared = since(report(FINISH), replace(report(foul), candidate={"route": text, "date": text}), "")
        assert compared.history is not None
        assert len(compared.history.fixed) == 1
        rendered = {name: render_(compared) for name, render_ in formats().items()}
        assert [name for name, found in rendered.items() if "\x1b" in found] == []
        assert acts(rendered["comment"]) == acts(rendered["markdown"]) == []
        assert [line for line in rendered["terminal"].split("\n") if line.lstrip().startswith("::")] == []
