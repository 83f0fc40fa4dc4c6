"""A proof (`gate prove`) as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gate.judge.prove import Proof, Row
from gate.model import Area, Crash
from gate.model.words import AREAS
from gate.mutations import Mutation, mutations
from gate.reports.words.findings import crash_lines, crashed_rules
from gate.text.plural import count
from gate.text.safe import line


def render(proof: Proof, sets: Mapping[str, str]) -> str:
    """A table of mutations by area, then what is wrong, and a summary; `sets` maps a built-in scenario to its suite."""
    lines = [line for area in AREAS for line in _area(area, proof, sets)]
    lines += _listed("missed: these drifts would pass", proof.of("missed"))
    lines += _listed("twins that fired: false alarms on what is harmless", proof.of("twin fired"))
    lines += _crashed(proof.crashes)
    return "\n".join([*lines, _summary(proof), ""])


def _area(area: Area, proof: Proof, sets: Mapping[str, str]) -> list[str]:
    of_area = [mutation for mutation in mutations().values() if mutation.area == area]
    lines = [f"  {mutation.id:<30}{_result(mutation, proof, sets)}" for mutation in of_area]
    return [_HEADS.get(area, area), *lines, ""] if lines else []


_HEADS: Mapping[Area, str] = {
    "request": "request (of a gateway between gate's own upstream and the suite: docs/hermetic.md)"
}


def _result(mutation: Mutation, proof: Proof, sets: Mapping[str, str]) -> str:
    rows = [row for row in proof.rows if row.mutation == mutation.id and row.outcome != "twin fired"]
    if not rows:
        return f"-         {_advice(mutation, proof, sets)}"
    counts = {row.outcome: sum(other.outcome == row.outcome for other in rows) for row in rows}
    outcome = "MISSED" if "missed" in counts else "tolerated" if "tolerated" in counts else "caught"
    told = sorted({row.rule for row in rows if row.outcome != "missed"})
    good = sum(n for name, n in counts.items() if name != "missed")
    owed = f"; owed by {' or '.join(mutation.caught_by)}" if "missed" in counts else ""
    return f"{outcome:<10}{good}/{len(rows)}  by {', '.join(told) or 'nothing'}{owed}"


def _advice(mutation: Mutation, proof: Proof, sets: Mapping[str, str]) -> str:
    missing = [name for name in mutation.exercised_by if name not in proof.scenarios]
    # The scenario is there, but its golden shows nothing of the kind, such as a model that never refuses.
    if not missing:
        return "not exercised: no golden shows what it would change"
    names = " or ".join(f"{name} ({sets[name]})" if name in sets else name for name in missing[:2])
    return f"not exercised; record {names}"


def _listed(title: str, rows: Sequence[Row]) -> list[str]:
    lines = [f"  {row.mutation:<30}{row.scenario:<24}{row.rule} {_word(row)} {row.message}".rstrip() for row in rows]
    return [title, *lines, ""] if lines else []


def _crashed(crashes: Sequence[Crash]) -> list[str]:
    """The rules that raised, and one traceback: a rule usually raises for nearly every mutation."""
    if not crashes:
        return []
    lines = [
        f"  {crash.rule:<30}in {cells}, first in {line(crash.scenario)}" for crash, cells in crashed_rules(crashes)
    ]
    return ["crashed, a bug of the gate", *lines, *(f"  {text}" for text in crash_lines(crashes[0])), ""]


def _word(row: Row) -> str:
    return f"({row.severity.word})" if row.severity else ""


def _summary(proof: Proof) -> str:
    exercised = len(mutations()) - len(proof.unexercised)
    missed = {row.mutation for row in proof.of("missed")}
    passed = {row.mutation for row in proof.of("tolerated")} - missed
    fired = {row.mutation for row in proof.of("twin fired")}
    scenarios = count(len(proof.scenarios), "scenario")
    caught = f"{exercised - len(missed) - len(passed)} of {exercised} known drifts caught by {scenarios}"
    tolerated = f"{len(passed)} that your policy lets pass, " if passed else ""
    rest = (
        f"{tolerated}{len(missed)} missed, {len(proof.unexercised)} not exercised, {len(fired)} false alarms on twins"
    )
    return f"{caught}; {rest}"
