"""The differences of two contracts, in sentences for a reviewer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gate.contract.text import FACTS, steps
from gate.model import Json
from gate.text.plural import count
from gate.text.safe import line
from gate.wire.paths import below

# chosen: names of fields come from the remote, and may be as long as the body.
_SENTENCE = 1000  # characters of one difference

# Where a parent path ends: before a dot, and before the `[]` of a list.
_JOINT = re.compile(r"\.|\[\]")


def differences(golden: Mapping[str, Any], candidate: Mapping[str, Any]) -> list[str]:
    """What changed from one contract to the other, one sentence each; `timing` and `varies` are not compared."""
    golden_steps, candidate_steps = steps(golden), steps(candidate)
    # Steps can't be matched then: each would be compared with another request's.
    if len(golden_steps) != len(candidate_steps):
        return [f"{len(golden_steps)} steps were answered, now {len(candidate_steps)}"]
    lines: list[str] = []
    for number, (golden_step, candidate_step) in enumerate(zip(golden_steps, candidate_steps, strict=True)):
        where = f"step {number}: " if len(golden_steps) > 1 else ""
        lines += [where + line for line in _changed(golden_step, candidate_step)]
    return lines


def change_lines(changes: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The sentences of many scenarios as lines that are safe to print; those of several come once, and first."""
    where: dict[str, list[str]] = {}
    for name, sentences in sorted(changes.items()):
        for sentence in dict.fromkeys(sentences):
            where.setdefault(sentence, []).append(name)
    groups: dict[tuple[str, ...], list[str]] = {}
    for sentence, names in where.items():
        groups.setdefault(tuple(names), []).append(sentence)
    # What most scenarios share comes first: it is one change of the route, not of each scenario.
    for shared, common in sorted(groups.items(), key=lambda group: (-len(group[0]), group[0])):
        named = ", ".join(line(name) for name in shared)
        yield f"in {len(shared)} scenarios: {named}" if len(shared) > 1 else named
        yield from (f"  {line(sentence, _SENTENCE)}" for sentence in common)


def _changed(golden: Mapping[str, Any], candidate: Mapping[str, Any]) -> Iterator[str]:
    for name in FACTS:
        before, after = golden.get(name, "none"), candidate.get(name, "none")
        if before != after:
            yield f"{name.replace('_', ' ')} was {_words(before)}, now {_words(after)}"
    before, after = _names(golden.get("headers")), _names(candidate.get("headers"))
    yield from (f"the header {name} is gone" for name in sorted(before - after))
    yield from (f"the header {name} is new" for name in sorted(after - before))
    yield from _params(golden.get("params") or {}, candidate.get("params") or {})
    yield from _of_fields(golden.get("fields", {}), candidate.get("fields", {}))


def _names(headers: Json) -> set[str]:
    return set(map(str, headers)) if isinstance(headers, list) else set()


def _of_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for path in sorted({*before, *after}):
        if path not in after:
            if not _implied(path, before, after):
                yield f"`{path}` is gone (was {_outlined(path, before)})"
        elif path not in before:
            if not _implied(path, after, before):
                yield f"`{path}` is new ({_outlined(path, after)})"
        elif before[path] != after[path]:
            was = before[path] if _holds(after[path]) else _outlined(path, before)
            now = after[path] if _holds(before[path]) else _outlined(path, after)
            yield f"`{path}` was {was}, now {now}"


def _implied(path: str, here: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether the sentence about a parent of the path says it already: the parent is gone, or has no members now."""
    above = (path[: joint.start()] for joint in _JOINT.finditer(path))
    return any(top in here and not _holds(there.get(top, "")) for top in above)


def _holds(field: Json) -> bool:
    """Whether a field may be an object or array."""
    return not {"object", "array"}.isdisjoint(_types(str(field)).split("|"))


def _types(field: str) -> str:
    """`null|object` of `null|object, always`."""
    return field.partition(" ")[0].rstrip(",")


def _outlined(path: str, fields: Mapping[str, Any]) -> str:
    """`object with 9 fields, always`: the fields below are counted, because they get no sentences of their own."""
    number = sum(below(name, path) and not name.endswith("[]") for name in fields)
    field = str(fields[path])
    types = _types(field)
    return f"{types} with {count(number, 'field')}{field.removeprefix(types)}" if number else field


def _params(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Changed outcomes; the evidence after the colon may change from day to day."""
    for name in sorted({*before, *after}):
        was, now = str(before.get(name, "not probed")), str(after.get(name, "not probed"))
        if was.partition(":")[0] != now.partition(":")[0]:
            yield f"the parameter {name} was {was}, now {now}"


def _words(value: Json) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_words(child)}" for key, child in value.items())
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)
