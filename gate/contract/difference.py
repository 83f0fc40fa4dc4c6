"""The differences of two contracts, both sides beside each other for a reviewer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gate.contract.text import FACTS, steps
from gate.model import Json
from gate.text.plural import count
from gate.text.safe import line
from gate.wire.paths import below

ABSENT = "-"
# chosen: names of fields come from the remote, and may be as long as the body.
_LONGEST = 500  # characters of one text of a difference
_WIDE = 40  # characters; what is longer does not push the others to the right

# Where a parent path ends: before a dot, and before the `[]` of a list.
_JOINT = re.compile(r"\.|\[\]")


@dataclass(frozen=True, slots=True)
class Change:
    """`what` differs, and what it is on both sides; `ABSENT` where it is not there."""

    what: str
    golden: str
    now: str


NEW = Change("golden", ABSENT, "recorded")
"""Of a scenario that had no contract."""
Changes = Mapping[str, Sequence[Change]]
"""Scenario → what differs in its contract."""


def differences(golden: Mapping[str, Any], candidate: Mapping[str, Any]) -> list[Change]:
    """What changed from one contract to the other; `timing` and `varies` are not compared."""
    golden_steps, candidate_steps = steps(golden), steps(candidate)
    # Steps can't be matched then: each would be compared with another request's.
    if len(golden_steps) != len(candidate_steps):
        return [Change("steps", str(len(golden_steps)), str(len(candidate_steps)))]
    found: list[Change] = []
    for number, (golden_step, candidate_step) in enumerate(zip(golden_steps, candidate_steps, strict=True)):
        where = f"step {number}: " if len(golden_steps) > 1 else ""
        found += [replace(change, what=where + change.what) for change in _changed(golden_step, candidate_step)]
    return found


def shared(changes: Changes) -> list[tuple[tuple[str, ...], tuple[Change, ...]]]:
    """(scenarios, what differs in all of them), those of most scenarios first: they are one change of the route."""
    where: dict[Change, list[str]] = {}
    for name, found in sorted(changes.items()):
        for change in dict.fromkeys(found):
            where.setdefault(change, []).append(name)
    groups: dict[tuple[str, ...], list[Change]] = {}
    for change, names in where.items():
        groups.setdefault(tuple(names), []).append(change)
    ranked = sorted(groups.items(), key=lambda group: (-len(group[0]), group[0]))
    return [(names, tuple(common)) for names, common in ranked]


def change_lines(changes: Changes) -> Iterator[str]:
    """`what  golden → now` in columns, safe to print, under the scenarios that have it."""
    for names, common in shared(changes):
        named = ", ".join(line(name) for name in names)
        yield f"in {len(names)} scenarios: {named}" if len(names) > 1 else named
        rows = [(line(one.what, _LONGEST), line(one.golden, _LONGEST), line(one.now, _LONGEST)) for one in common]
        what, golden = (_width(column) for column in list(zip(*rows, strict=True))[:2])
        yield from (f"  {row[0]:<{what}}  {row[1]:<{golden}}  → {row[2]}" for row in rows)


def _width(texts: Iterable[str]) -> int:
    return max((len(text) for text in texts if len(text) <= _WIDE), default=0)


def _changed(golden: Mapping[str, Any], candidate: Mapping[str, Any]) -> Iterator[Change]:
    for name in FACTS:
        before, after = golden.get(name, "none"), candidate.get(name, "none")
        if before != after:
            yield Change(name.replace("_", " "), _words(before), _words(after))
    before, after = _names(golden.get("headers")), _names(candidate.get("headers"))
    yield from (Change(f"the header {name}", "present", ABSENT) for name in sorted(before - after))
    yield from (Change(f"the header {name}", ABSENT, "present") for name in sorted(after - before))
    yield from _params(golden.get("params") or {}, candidate.get("params") or {})
    yield from _of_fields(golden.get("fields", {}), candidate.get("fields", {}))


def _names(headers: Json) -> set[str]:
    return set(map(str, headers)) if isinstance(headers, list) else set()


def _of_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for path in sorted({*before, *after}):
        if path not in after:
            if not _implied(path, before, after):
                yield Change(f"`{path}`", _outlined(path, before), ABSENT)
        elif path not in before:
            if not _implied(path, after, before):
                yield Change(f"`{path}`", ABSENT, _outlined(path, after))
        elif before[path] != after[path]:
            was = str(before[path]) if _holds(after[path]) else _outlined(path, before)
            now = str(after[path]) if _holds(before[path]) else _outlined(path, after)
            yield Change(f"`{path}`", was, now)


def _implied(path: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether the change of a parent of the path says it already: the parent is gone, or has no members now."""
    above = (path[: joint.start()] for joint in _JOINT.finditer(path))
    return any(top in here and not _holds(there.get(top, "")) for top in above)


def _holds(field: Json) -> bool:
    """Whether a field may be an object or array."""
    return not {"object", "array"}.isdisjoint(_types(str(field)).split("|"))


def _types(field: str) -> str:
    """`null|object` of `null|object, always`."""
    return field.partition(" ")[0].rstrip(",")


def _outlined(path: str, fields: Mapping[str, Any]) -> str:
    """`object with 9 fields, always`: the fields below are counted, because they are not told by themselves."""
    number = sum(below(name, path) and not name.endswith("[]") for name in fields)
    field = str(fields[path])
    types = _types(field)
    return f"{types} with {count(number, 'field')}{field.removeprefix(types)}" if number else field


def _params(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Changed outcomes; the evidence after the colon may change from day to day."""
    for name in sorted({*before, *after}):
        was, now = str(before.get(name, "not probed")), str(after.get(name, "not probed"))
        if was.partition(":")[0] != now.partition(":")[0]:
            yield Change(f"the parameter {name}", was, now)


def _words(value: Json) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(child)}" for key, child in value.items())
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)
