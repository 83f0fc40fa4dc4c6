"""A proof (`gate prove`) as text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from gate.judge.prove import Proof, Row, summary
from gate.model import Area, Crash
from gate.model.words import AREAS
from gate.mutations import Mutation, mutations
from gate.reports.words.findings import crash_lines, crashed_rules
from gate.text.safe import line


def render(proof: Proof, sets: Mapping[str, str], verbose: bool = True) -> str:
    """A table of mutations by area, then what is wrong, and a summary; `sets` maps a built-in scenario to its suite.
    Without `verbose` the table only counts."""
    lines = [line for area in AREAS for line in _area(area, proof, sets)] if verbose else _counts(proof)
    lines += _listed("missed: these drifts would pass", proof.of("missed"))
    lines += _listed("twins that fired: false alarms on what is harmless", proof.of("twin fired"))
    lines += _crashed(proof.crashes)
    return "\n".join([*lines, summary(proof), ""])


def _counts(proof: Proof) -> list[str]:
    """A row of numbers for each area."""
    known: Counter[Area] = Counter(mutation.area for mutation in mutations().values())
    idle = Counter(mutations()[name].area for name in proof.unexercised)
    lost, fired = _names(proof.of("missed")), _names(proof.of("twin fired"))
    # one that is missed in some scenario is missed
    told = (lost, _names(proof.of("tolerated")) - lost, fired)
    rows: list[tuple[str, ...]] = [("", "caught", "missed", "lets pass", "not exercised", "false alarms")]
    for area in (area for area in AREAS if known[area]):
        missed, passed, alarms = (sum(mutations()[name].area == area for name in names) for names in told)
        numbers = (known[area] - idle[area] - missed - passed, missed, passed, idle[area], alarms)
        rows.append((area, *(str(number) if number else "-" for number in numbers)))
    lines = [f"  {name:<12}" + "".join(f"{cell:>15}" for cell in cells) for name, *cells in rows]
    return [*lines, "", "--verbose names each drift, the rule that caught it, and what to record for the others", ""]


def _names(rows: Sequence[Row]) -> set[str]:
    return {row.mutation for row in rows}


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
