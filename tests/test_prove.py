"""`gate prove`: what the rules catch of the known drifts, and how that is told."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import pytest

from gate.cli import run
from gate.errors import ConfigError
from gate.judge.prove import PARTS, PROOF, Bench, Proof, Row, prove, report
from gate.judge.verdict import exit_code
from gate.model import Crash, Exchange, Override, Policy, Severity, Tolerance
from gate.mutations import DEMO, mutations
from gate.mutations.edit import in_body
from gate.mutations.harmless import again
from gate.mutations.values import put
from gate.reports import formats
from gate.reports.words.findings import finding_lines
from gate.reports.words.proof import render
from gate.reports.words.rule_page import parts
from gate.store import cassette
from gate.store.journal import write
from tests.mutation_goldens import GOLDENS, TWINS
from tests.rules_table import HELLO, completion, none, plain, stream

TODAY = date(2026, 6, 1)


@cache
def whole() -> Proof:
    """Every mutation on every golden, made once. No fixture: what a fixture does is always traced for coverage."""
    return prove(GOLDENS, TWINS)


# -- the judge, measured ------------------------------------------------------------------------


@pytest.mark.slow
def test_every_drift_is_caught_wherever_it_fits() -> None:
    assert [(row.mutation, row.scenario, row.message) for row in whole().of("missed")] == []
    assert whole().unexercised == ()


@pytest.mark.slow
def test_no_twin_fires() -> None:
    assert [(row.mutation, row.scenario, row.rule, row.message) for row in whole().of("twin fired")] == []


@pytest.mark.slow
def test_each_rule_that_owes_a_drift_tells_it_somewhere() -> None:
    told = {name: {row.rule for row in whole().rows if row.mutation == name} for name in mutations()}
    owed = {name: set(mutation.caught_by) for name, mutation in mutations().items()}
    assert {name: owed[name] - told[name] for name in owed if owed[name] - told[name]} == {}


@pytest.mark.slow
def test_no_rule_crashes_on_a_drift_or_a_twin() -> None:
    """The proof asks the rules that owe a drift; here all of them see it."""
    bench = Bench(GOLDENS, TWINS, Policy(), TODAY, GOLDENS)
    for mutation in mutations().values():
        for _, cells in bench.cells(mutation.apply, mutation.needs):
            bench.findings(cells)
    assert (*whole().crashes, *bench.crashes) == ()


def test_a_drift_that_only_another_rule_notices_is_missed() -> None:
    """`field-missing` owns no usage, and that a field is gone says nothing of a bill that can't be checked."""
    loud = replace(mutations()["usage-missing"], caught_by=("usage-sum",))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("gate.judge.prove.mutations", lambda: {loud.id: loud})
        found = prove(_scenario(plain(completion())), {})
        told = report(found, {})
    assert [(row.outcome, row.rule) for row in found.rows] == [("missed", "usage-missing")]
    assert told.findings[0].message == f"not caught in chat by usage-sum: {loud.summary}"


@pytest.mark.slow
def test_the_demo_drifts_are_breaking() -> None:
    found = {(row.mutation, row.scenario): row.severity for row in whole().rows}
    assert {case: found[case] for case in DEMO} == dict.fromkeys(DEMO, Severity.BREAKING)


MUST_SHOW = (
    "usage-missing", "finish-missing", "role-late", "arguments-object", "tool-index-missing", "tool-name-case",
    "json-fenced", "json-number-as-string", "vector-width", "vectors-shuffled", "error-type-changed", "error-string",
    "error-status-500", "html-502", "stream-cut", "ndjson-stream",
)  # fmt: skip


@pytest.mark.slow
def test_what_a_gate_must_show_is_breaking() -> None:
    assert {name: mutations()[name].severity for name in MUST_SHOW} == dict.fromkeys(MUST_SHOW, Severity.BREAKING)
    found = {name: {row.outcome for row in whole().rows if row.mutation == name} for name in MUST_SHOW}
    assert set(map(frozenset, found.values())) == {frozenset({"caught"})}, found


# -- what counts --------------------------------------------------------------------------------


def _scenario(*exchanges: Exchange) -> dict[str, list[Exchange]]:
    return {"chat": [replace(e, scenario="chat", sample=n) for n, e in enumerate(exchanges)]}


def _outcomes(proof: Proof) -> Mapping[str, str]:
    return {row.mutation: row.outcome for row in proof.rows}


def test_a_drift_that_one_golden_sample_shows_already_is_not_exercised() -> None:
    usual, bare = plain(completion()), plain({k: v for k, v in completion().items() if k != "usage"})
    assert "usage-missing" in _outcomes(prove(_scenario(usual), {}))
    found = prove(_scenario(usual, bare), {})
    assert "usage-missing" in found.unexercised


def test_another_process_finds_the_same() -> None:
    bench = Bench(_scenario(plain(completion())), {}, Policy(), TODAY, {"chat"})
    there = pickle.loads(pickle.dumps(bench))
    assert there.part(["usage-missing"]) == bench.part(["usage-missing"])
    assert there.part(["usage-missing"])["usage-missing"].caught


def test_a_lost_half_is_exercised_only_where_all_samples_say_the_same() -> None:
    usual, other = plain(completion({"content": "Paris it is."})), plain(completion({"content": "It is Paris."}))
    assert _outcomes(prove(_scenario(usual, usual), {}))["text-sealed"] == "caught"
    assert "text-sealed" in prove(_scenario(usual, other), {}).unexercised
    assert "text-sealed" in prove(_scenario(usual), {}).unexercised


def _of(name: str, *scenarios: str) -> list[str]:
    """Where a mutation fits, of these goldens."""
    bench = Bench({one: GOLDENS[one] for one in scenarios}, TWINS, Policy(), TODAY, ())
    return [row.scenario for row in bench.caught(mutations()[name])]


def test_what_shows_beside_others_alone_is_exercised_only_where_they_are() -> None:
    assert _of("streamed-model-other", "chat-stream", "chat") == ["chat-stream"]
    assert _of("streamed-model-other", "chat-stream") == []
    assert _of("tool-ids-restart", "tool-no-parameters") == ["tool-no-parameters"]
    one, _ = GOLDENS["tool-no-parameters"]
    for alone in ([one], [one, replace(one, sample=1)]):  # one sample, and one that a cache gave twice
        assert "tool-ids-restart" in prove({"tool-no-parameters": alone}, {}).unexercised


def test_without_times_only_what_foreign_recordings_show_is_exercised() -> None:
    found = prove({"chat": [stream(*HELLO)]}, {})
    assert {"first-token-late", "encoding-false"} <= set(found.unexercised)
    assert _outcomes(found)["finish-missing"] == "caught"


def test_recordings_without_a_gate_key_group_by_their_request() -> None:
    other = plain(completion(), {"model": "m", "messages": []})
    found = prove({"app": [plain(completion()), plain(completion()), other]}, {})
    assert _outcomes(found)["message-missing"] == "caught"
    assert found.of("missed") == ()


def test_attempts_that_brought_nothing_and_outages_are_no_goldens() -> None:
    failed = none(plain({}).ending, "refused")
    down = replace(plain(completion()), outage=True)
    assert prove(_scenario(failed, down), {}).rows == ()


def test_a_step_is_judged_by_its_last_attempt() -> None:
    busy = replace(plain({"error": {"message": "busy"}}, status=503), scenario="chat")
    found = prove({"chat": [busy, replace(plain(completion()), scenario="chat", attempt=1)]}, {})
    assert _outcomes(found)["choices-empty"] == "caught"


def test_what_policy_tolerates_is_neither_caught_nor_missed() -> None:
    usual = _scenario(plain(completion()))
    policy = Policy(tolerate=(Tolerance("usage-missing", "the gateway counts", "2027-01-01"),))
    assert _outcomes(prove(usual, {}, policy, TODAY))["usage-missing"] == "tolerated"
    off = Policy(overrides=(Override("usage-missing", None),))
    assert _outcomes(prove(usual, {}, off, TODAY))["usage-missing"] == "tolerated"


def test_what_no_rule_tells_is_missed_and_a_twin_that_one_tells_fires(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutation of which nothing is told, one of which too little is, and one whose twin is a drift."""
    loud = mutations()["usage-missing"]
    quiet = replace(loud, id="quiet", apply=again, twin=again)
    faint = replace(loud, id="faint", apply=lambda e: in_body(e, lambda doc: put(doc, "more", 1)), twin=again)
    wrong = replace(loud, id="wrong", twin=loud.apply)
    monkeypatch.setattr("gate.judge.prove.mutations", lambda: {m.id: m for m in (quiet, faint, wrong)})
    found = prove(_scenario(plain(completion())), {})
    assert [(row.mutation, row.outcome, row.rule) for row in found.rows] == [
        ("quiet", "missed", ""),
        ("faint", "missed", "field-added"),
        ("wrong", "caught", "usage-missing"),
        ("wrong", "twin fired", "usage-missing"),
    ]


def test_a_policy_that_names_no_rule_is_an_error() -> None:
    with pytest.raises(ConfigError, match="unknown rule"):
        prove(_scenario(plain(completion())), {}, Policy(overrides=(Override("no-such", None),)), TODAY)


# -- how it is told -----------------------------------------------------------------------------

FIRST, SECOND = "usage-missing", "vector-width"
BAD = Proof(
    rows=(
        Row(FIRST, "chat", "missed", "field-added", Severity.INFO, "a field more"),
        Row(SECOND, "embed", "caught", "vector-length", Severity.BREAKING, "3072"),
        Row(SECOND, "embed", "twin fired", "vector-length", Severity.BREAKING, "1537"),
    ),
    unexercised=tuple(name for name in mutations() if name not in (FIRST, SECOND)),
    scenarios=("chat", "embed"),
)


def test_the_table_says_what_is_caught_missed_and_not_exercised() -> None:
    lines = render(BAD, {"burst": "slow"}).splitlines()
    assert (
        "  usage-missing                 MISSED    0/1  by nothing; owed by usage-missing or usage-chunk-missing"
        in lines
    )
    assert "  vector-width                  caught    1/1  by vector-length" in lines
    assert "  retry-after-huge              -         not exercised; record burst (slow)" in lines
    assert "  base64-unasked                -         not exercised; record embed-batch" in lines
    assert "request (of a gateway between gate's own upstream and the suite: docs/hermetic.md)" in lines
    assert "  usage-missing                 chat                    field-added (info) a field more" in lines
    assert "  vector-width                  embed                   vector-length (breaking) 1537" in lines
    skipped = len(mutations()) - 2
    assert (
        lines[-1]
        == f"1 of 2 known drifts caught by 2 scenarios; 1 missed, {skipped} not exercised, 1 false alarm on twins"
    )


def test_a_mutation_whose_scenarios_are_all_there_says_that_none_shows_it() -> None:
    poor = replace(BAD, rows=(), unexercised=tuple(mutations()), scenarios=("embed", "embed-batch"))
    assert "base64-unasked                -         not exercised: no golden shows" in render(poor, {})


def test_the_report_has_a_scenario_for_each_mutation() -> None:
    found = report(BAD, {"path": "golden"})
    status = {result.id: result.status for result in found.scenarios}
    assert (status[FIRST], status[SECOND], status["id-empty"]) == ("drift", "drift", "skipped")
    assert [(f.rule, f.scenario, f.path) for f in found.findings] == [
        ("drift-missed", FIRST, "chat"),
        ("twin-fired", SECOND, "embed"),
    ]
    assert exit_code(found) == 1
    for name, render_format in formats().items():
        text = render_format(found)
        assert "1 of 2 known drifts caught by 2 scenarios" in text or name in ("gitlab", "sarif")
        assert not any(words in text for words in ("kept the golden", "gate refresh", "gate tolerate"))


def test_the_pages_of_what_a_proof_finds_show_such_findings() -> None:
    rows = (
        Row("finish-missing", "my-chat", "missed"),
        Row(
            "usage-sum",
            "my-chat",
            "twin fired",
            "usage-sum",
            Severity.RISKY,
            "total_tokens is not the sum of its parts",
        ),
    )
    found = report(replace(BAD, rows=rows), {"path": "golden"}).findings
    for one in found:
        assert "\n".join(finding_lines(one)) in parts(one.rule)["Example"]
    assert [one.rule for one in found] == list(PROOF)


def test_without_verbose_the_table_counts_and_what_is_wrong_is_still_named() -> None:
    lines = render(BAD, {}, verbose=False).splitlines()
    idle = sum(mutation.area == "embeddings" for mutation in mutations().values()) - 1
    assert lines[0].split("  ")[-1].strip() == "false alarms"
    assert f"  embeddings  {1:>15}{'-':>15}{'-':>15}{idle:>15}{1:>15}" in lines
    assert next(line for line in lines if line.startswith("  usage ")).split()[1:3] == ["-", "1"]
    assert "missed: these drifts would pass" in lines
    assert not any("retry-after-huge" in line for line in lines)


def test_progress_is_heard_of_each_part() -> None:
    heard: list[tuple[int, int]] = []
    prove({}, {}, progress=lambda done, total: heard.append((done, total)))
    assert len(heard) == PARTS
    assert heard == sorted(set(heard))
    assert heard[-1] == (len(mutations()), len(mutations()))


def test_processes_prove_the_same_in_the_same_order() -> None:
    some = {name: GOLDENS[name] for name in ("embed", "models")}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert prove(some, {}, over=pool.map) == prove(some, {})


def test_a_good_proof_passes_and_an_empty_one_is_no_pass() -> None:
    good = replace(BAD, rows=BAD.rows[1:2], unexercised=tuple(n for n in mutations() if n != SECOND))
    assert exit_code(report(good, {})) == 0
    assert exit_code(report(replace(BAD, rows=(), unexercised=tuple(mutations())), {})) == 2


# -- the command --------------------------------------------------------------------------------


def _written(folder: Path, *names: str) -> Path:
    for name in names:
        text = cassette.dump({"route": "baseline"}, GOLDENS[name])
        write(folder / "golden" / name / "cassette.yaml", text)
    return folder / "golden"


def test_goldens_are_proven_from_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = _written(tmp_path, "chat", "embed-batch")
    assert run(["prove", str(folder), "--verbose", "--report", "json:out.json"]) == 0
    printed = capsys.readouterr().out
    assert "known drifts caught by 2 scenarios; 0 missed" in printed
    assert "record tool-parallel-stream (standard)" in printed
    document = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert document["verdict"] == "pass"
    assert {s["id"]: s["status"] for s in document["scenarios"]}["vectors-shuffled"] == "pass"


def test_the_folder_of_the_configuration_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _written(tmp_path, "chat")
    assert run(["prove"]) == 0
    (tmp_path / "golden").rename(tmp_path / "mine")
    (tmp_path / "gate.yaml").write_text("version: 1\ngolden: mine/\n", "utf-8")
    assert run(["prove"]) == 0
    assert "by 1 scenario;" in capsys.readouterr().out


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_without_goldens_it_says_what_to_do(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert run(["prove", folder]) == 2
    assert "record" in capsys.readouterr().err


def test_a_rule_that_raises_is_told_once_with_its_first_traceback() -> None:
    crashes = tuple(Crash("usage-sums", f"s{n}", 0, f"Traceback\nKeyError: {n}\n") for n in range(1706))
    text = render(replace(BAD, crashes=(*crashes, Crash("role-late", "chat\n::error::x", 1, "Traceback\n"))), {})
    told = text.split("crashed, a bug of the gate\n")[1].split("\n\n")[0].splitlines()
    assert told == [
        "  usage-sums                    in 1706 cells, first in s0",
        "  role-late                     in 1 cell, first in chat\\n::error::x",
        "  crashed[usage-sums] s0 step 0",
        "    | Traceback",
        "    | KeyError: 0",
    ]
    assert "crashed" not in render(BAD, {})
