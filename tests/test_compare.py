"""Rules × samples: one finding for each path, hits over samples, and a crash that stays in its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from types import ModuleType

import pytest

from gate import rules
from gate.judge.compare import Cell, compare
from gate.judge.pairing import observed
from gate.judge.report import judge
from gate.judge.verdict import exit_code
from gate.model import Comparison, Drift, Policy, Rule, Samples, Severity
from gate.model.sides import Side
from gate.rules.split import SPLIT
from tests.rules_table import HELLO, chunk, completion, plain, stream

GOOD = observed([plain(completion()), plain(completion()), plain(completion())])


def rule(check: Callable[[Comparison], Iterator[Drift]], name: str = "some-rule") -> Rule:
    return Rule(
        id=name, area="schema", severity=Severity.RISKY, summary="", who_breaks="someone", hint="do it", check=check
    )


def two_paths(comparison: Comparison) -> Iterator[Drift]:
    yield Drift(path="a[0].b", message="first", golden="1", candidate="2", sample=0)
    yield Drift(path="a[1].b", message="second", golden="1", candidate="2", sample=2, severity=Severity.BREAKING)
    yield Drift(path="c", message="all", golden="1", candidate="2")


def broken(comparison: Comparison) -> Iterator[Drift]:
    raise ZeroDivisionError("a bug of ours")


def cell(scenario: str = "chat") -> Cell:
    return Cell(scenario, 0, Samples(GOOD), Samples(GOOD))


def test_drifts_at_one_path_are_one_finding_with_the_worst_of_them() -> None:
    found, crashes = compare([cell()], {"some-rule": rule(two_paths)})
    assert [(f.path, f.severity, f.hits, f.samples) for f in found] == [
        ("a[1].b", Severity.BREAKING, 2, 3),
        ("c", Severity.RISKY, 3, 3),
    ]
    assert crashes == ()


def test_a_side_without_samples_shows_nothing() -> None:
    for golden, candidate in ((GOOD, ()), ((), GOOD), ((), ())):
        assert compare([Cell("chat", 0, Samples(golden), Samples(candidate))]) == ((), ())


def test_a_rule_bears_the_name_of_its_file() -> None:
    """What is found by its place must be what it calls itself: pages, tables and policies go by the id."""
    module = ModuleType("gate.rules.schema.other_name")
    vars(module).update(RULE=rule(two_paths), __file__="other_name.py")
    with pytest.raises(TypeError, match=r"RULE says .*'some-rule'; by its place it is area 'schema', id 'other-name'"):
        rules.rules_of(module)


def test_a_rule_of_a_family_bears_the_name_of_its_function() -> None:
    module = ModuleType("gate.rules.schema.several")
    vars(module).update(RULES=(rule(two_paths, "two-paths"), rule(two_paths)), __file__="several.py")
    with pytest.raises(TypeError, match=r"several\.py: RULE says .*'some-rule'; by its place it is area .*'two-paths'"):
        rules.rules_of(module)


def test_an_id_that_was_split_is_none_any_more_and_its_successors_are() -> None:
    known = set(rules.rules())
    assert known.isdisjoint(SPLIT)
    assert {new for successors in SPLIT.values() for new in successors} <= known


def test_a_rule_that_is_none_is_told_with_its_file() -> None:
    module = ModuleType("gate.rules.schema.other_name")
    vars(module).update(__file__="other_name.py")
    with pytest.raises(TypeError, match=r"other_name\.py: there is no RULE"):
        rules.rules_of(module)


def test_a_crash_marks_its_cell_and_the_run_goes_on() -> None:
    chosen = {"broken": rule(broken, "broken"), "some-rule": rule(two_paths)}
    found, crashes = compare([cell("chat"), cell("other")], chosen)
    assert {f.scenario for f in found} == {"chat", "other"}
    assert [(c.rule, c.scenario) for c in crashes] == [("broken", "chat"), ("broken", "other")]
    assert "ZeroDivisionError: a bug of ours" in crashes[0].traceback


def test_a_scope_that_raises_costs_the_rules_that_it_is_for() -> None:
    def scope(comparison: Comparison) -> bool:
        raise ZeroDivisionError("a bug of a scope")

    lost = {name: replace(rule(two_paths, name), where=scope) for name in ("first", "second")}
    found, crashes = compare([cell()], {**lost, "some-rule": rule(two_paths)})
    assert {f.rule for f in found} == {"some-rule"}
    assert [(c.rule, c.scenario) for c in crashes] == [("first", "chat"), ("second", "chat")]
    assert "a bug of a scope" in crashes[0].traceback


def test_a_crash_is_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.judge.compare._all_by_scope", lambda: ((None, (rule(broken, "broken"),)),))
    side = Side({"chat": [plain(completion())]})
    report = judge(side, side, Policy(), date(2026, 11, 22))
    assert (report.scenarios[0].status, exit_code(report)) == ("incomplete", 2)


def test_a_frame_has_the_byte_at_which_it_starts() -> None:
    """Every format then names the same place."""
    other = stream(*HELLO[:-1], chunk({}, "end_turn"))
    found, _ = compare([Cell("chat", 0, Samples(observed([stream(*HELLO)])), Samples(observed([other])))])
    (one,) = [one for one in found if one.rule == "finish-reason-changed"]
    assert other.response
    body = other.response.body
    assert (one.location.frame, one.location.byte) == (3, body.rindex(b"data:", 0, body.index(b"end_turn")))


@pytest.mark.parametrize(("frame", "byte"), [(99, None), (None, None)])
def test_a_frame_that_is_not_there_has_no_byte(frame: int | None, byte: int | None) -> None:
    drifting = rule(lambda _: iter([Drift(path="a", message="m", golden="1", candidate="2", frame=frame)]))
    (one,), _ = compare([cell()], {"some-rule": drifting})
    assert (one.location.frame, one.location.byte) == (frame, byte)
