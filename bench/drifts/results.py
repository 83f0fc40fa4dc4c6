"""docs/drifts-bench/<date>.json: what each tool said of each case; and the tables of docs/accuracy.md made of it.

Of pairs of a folder only counts are kept: they are data of others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from bench.drifts.ask import Answer, Said
from bench.drifts.cases import Case, Sort
from gate.model.words import AREAS
from gate.mutations import mutations

DOCS = Path(__file__).parents[2] / "docs"
FILES = DOCS / "drifts-bench"
PAGE = DOCS / "accuracy.md"
PART = re.compile(r"(?<=<!-- drifts: python -m bench.drifts page -->\n).*?(?=<!-- end of drifts -->)", re.DOTALL)

_ALARMS: Mapping[str, frozenset[str]] = {
    "": frozenset({"risky", "alarm", "breaking"}),
    "fail_on: breaking": frozenset({"alarm", "breaking"}),
    "fail_on: risky": frozenset({"risky", "alarm", "breaking"}),
}
"""What fails a build, by the setting of a tool that has grades."""

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One tool with one setting: what it fails at."""

    tool: str
    setting: str
    alarms: Collection[str]

    @property
    def name(self) -> str:
        """As the tables show it."""
        return f"{self.tool}, `{self.setting}`" if self.setting else self.tool


# -- the file -----------------------------------------------------------------------------------


Facts = Mapping[str, str]
"""The version of a tool, and in a line how it is asked."""


def kept(earlier: Found, cases: Sequence[Case], tools: Mapping[str, Facts]) -> Found:
    """What an earlier run still says: of cases that are served with the same bytes, by a tool of the same version that
    is asked alike."""
    same = [name for name, facts in earlier.get("tools", {}).items() if facts == tools.get(name)]
    found: Found = {"tools": {name: earlier["tools"][name] for name in same}}
    for case in cases:
        one = earlier.get(case.sort, {}).get(case.name, {})
        if one.get("served") == case.served:
            said = {name: one[name] for name in same if name in one}
            found.setdefault(case.sort, {})[case.name] = {"wanted": case.wanted, "served": case.served, **said}
    # of pairs that are not at hand nothing can be compared
    at_hand = [case for case in cases if case.sort == "pair"]
    if "pairs" in earlier and (not at_hand or earlier.get("pairs_served") == _pairs_served(at_hand)):
        found["pairs_served"] = earlier.get("pairs_served", "")
        found["pairs"] = {name: counts for name, counts in earlier["pairs"].items() if name in same}
    return found


def open_(found: Found, tool: str, cases: Sequence[Case]) -> list[Case]:
    """Those of which the document has no word of the tool. Pairs, of which it has counts alone, are asked together."""
    pairs = tool in found.get("pairs", {})
    return [
        case
        for case in cases
        if (not pairs if case.sort == "pair" else tool not in found.get(case.sort, {}).get(case.name, {}))
    ]


def added(found: Found, tool: str, facts: Facts, answers: Sequence[tuple[Case, Answer]]) -> None:
    """Puts what a tool said into the document of a day."""
    found.setdefault("tools", {})[tool] = dict(facts)
    for case, answer in answers:
        if case.sort != "pair":
            of_sort = found.setdefault(case.sort, {})
            if of_sort.get(case.name, {}).get("served") != case.served:
                of_sort[case.name] = {"wanted": case.wanted, "served": case.served}
            of_sort[case.name][tool] = answer.said
    of_pairs = [(case, answer) for case, answer in answers if case.sort == "pair"]
    pairs: dict[str, Counter[Said]] = {}
    for case, answer in of_pairs:
        pairs.setdefault(case.wanted, Counter())[answer.said] += 1
    if pairs:
        found["pairs_served"] = _pairs_served([case for case, _ in of_pairs])
        found.setdefault("pairs", {})[tool] = {wanted: dict(counts) for wanted, counts in sorted(pairs.items())}


def _pairs_served(cases: Sequence[Case]) -> str:
    return hashlib.sha256(" ".join(sorted(case.served for case in cases)).encode()).hexdigest()[:12]


def written(file: Path, found: Found) -> None:
    """A line for each case, so that two runs can be compared by eye."""
    file.parent.mkdir(exist_ok=True)
    in_order = {name: dict(sorted(part.items())) if name in get_args(Sort) else part for name, part in found.items()}
    text = json.dumps(in_order, indent=1)
    file.write_text(_FLAT.sub(lambda one: " ".join(one[0].split()), text) + "\n", "utf-8")


_FLAT = re.compile(r"\{[^{}]*\}")


def read(file: Path) -> Found:
    """The document of a file; an empty one where there is none."""
    found: Found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def newest() -> Found:
    """The newest run that is committed."""
    return read(max(FILES.glob("*.json")))


# -- the tables ---------------------------------------------------------------------------------


def page(found: Found) -> str:
    """The generated part of docs/accuracy.md."""
    rows = list(_rows(found))
    return "\n".join(
        ["", *_tools(found), "", *_totals(found, rows), "", *_areas(found, rows), "", *_missed(found), "", ""]
    )


def write_page() -> None:
    """Puts it there."""
    PAGE.write_text(PART.sub(lambda _: page(newest()), PAGE.read_text("utf-8")), "utf-8")


def _rows(found: Found) -> Iterator[Row]:
    for tool in _in_order(found):
        said = {one[tool] for sort in ("drift", "twin", "same") for one in found.get(sort, {}).values() if tool in one}
        graded = said & {"risky", "breaking"}
        for setting in ("fail_on: breaking", "fail_on: risky") if graded else ("",):
            yield Row(tool, setting, _ALARMS[setting])


def _in_order(found: Found) -> list[str]:
    """swapgate first, the others by name."""
    return sorted(found["tools"], key=lambda name: (name != "swapgate", name.lower()))


def _tools(found: Found) -> Iterator[str]:
    yield f"Run on {found['date']}. No URL shows {_listed(found['unplayed'])}: redirects, what a gateway"
    yield "changes between its upstream and its answer, what shows beside other samples or a twin alone, and what no"
    yield "golden of the benchmark fits.\n"
    yield "| tool | version | how it is asked |\n|---|---|---|"
    for name in _in_order(found):
        facts = found["tools"][name]
        yield f"| {name} | {facts['version']} | {facts['configured']} |"


def _totals(found: Found, rows: Sequence[Row]) -> Iterator[str]:
    drifts = found["drift"].values()
    sizes = {wanted: sum(one["wanted"] == wanted for one in drifts) for wanted in ("breaking", "risky")}
    heads = [
        f"breaking drifts told, of {sizes['breaking']}",
        f"risky drifts told, of {sizes['risky']}",
        f"alarms on {len(found['twin'])} benign twins",
        f"alarms on {len(found['same'])} recordings of the golden route",
        "not asked",
    ]
    yield f"| tool | {' | '.join(heads)} |\n|---|{'--:|' * len(heads)}"
    for row in rows:
        told = [_count(found["drift"], row, wanted) for wanted in ("breaking", "risky")]
        false = [_count(found[sort], row) for sort in ("twin", "same")]
        unasked = sum(
            one.get(row.tool, "not asked") == "not asked"
            for sort in ("drift", "twin", "same")
            for one in found[sort].values()
        )
        yield f"| {row.name} | {' | '.join(map(str, [*told, *false, unasked]))} |"
    if found.get("pairs"):
        yield ""
        yield from _pairs(found, rows)


def _pairs(found: Found, rows: Sequence[Row]) -> Iterator[str]:
    sizes = Counter[str]()
    for wanted, counts in next(iter(found["pairs"].values())).items():
        sizes[wanted] = sum(counts.values())
    heads = [
        f"wanted breaking, told, of {sizes['breaking']}",
        f"wanted risky, told, of {sizes['risky']}",
        f"nothing breaking wanted: alarms, of {sizes['calm']}",
        f"silence wanted: alarms, of {sizes['silent']}",
        "not asked",
    ]
    yield f"| pairs that no mutation encodes | {' | '.join(heads)} |\n|---|{'--:|' * len(heads)}"
    for row in rows:
        said = found["pairs"].get(row.tool, {})
        cells = [sum(said.get(w, {}).get(a, 0) for a in row.alarms) for w in ("breaking", "risky", "calm", "silent")]
        unasked = sum(counts.get("not asked", 0) for counts in said.values())
        yield f"| {row.name} | {' | '.join(map(str, [*cells, unasked]))} |"


def _count(cases: Mapping[str, Mapping[str, str]], row: Row, wanted: str = "") -> int:
    return sum(one.get(row.tool) in row.alarms for one in cases.values() if wanted in ("", one["wanted"]))


def _areas(found: Found, rows: Sequence[Row]) -> Iterator[str]:
    yield "Breaking and risky drifts told, by area:\n"
    yield f"| area | drifts | {' | '.join(row.name for row in rows)} |\n|---|--:|{'--:|' * len(rows)}"
    for area in AREAS:
        cases = {
            name: one
            for name, one in found["drift"].items()
            if one["wanted"] != "told" and mutations()[name.partition("@")[0]].area == area
        }
        if cases:
            yield f"| {area} | {len(cases)} | {' | '.join(str(_count(cases, row)) for row in rows)} |"


def _missed(found: Found) -> Iterator[str]:
    """What swapgate said too little of, and where it cried wolf."""
    owed = {"breaking": _ALARMS["fail_on: breaking"], "risky": _ALARMS["fail_on: risky"]}
    less = [
        n
        for n, one in found["drift"].items()
        if one["wanted"] in owed and one.get("swapgate") not in owed[one["wanted"]]
    ]
    wolf = [
        n
        for sort in ("twin", "same")
        for n, one in found[sort].items()
        if one.get("swapgate") in _ALARMS["fail_on: breaking"]
    ]
    yield f"swapgate says less than it owes of {_listed(less)}; what is harmless fails the build in {_listed(wolf)}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"
