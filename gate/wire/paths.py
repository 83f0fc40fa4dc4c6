"""Paths written, taken apart, and followed through values.

`choices[0].message.content` is one place in one value (`at`). `choices[].message.content` is the path of a shape: each
place where that could be (`places`).

Where an object's `type` decides which keys it has (the Responses API), `by_type` puts that word into the path:
`output[].<message>.status` says that messages have a status, and nothing about reasoning items.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from gate.model import MISSING, Json

_STEP = re.compile(r"<[^>]*>|\[\]|[^.\[\]<>]+")
_PART = re.compile(r"[^.\[\]]+")


def json_path(parts: Iterable[str | int]) -> str:
    """Keys and indexes → `choices[0].message`."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def at(value: Json, path: str) -> Json:
    """The value at a path such as `choices[0].message`; MISSING where there is none."""
    return follow(value, _PART.findall(path))


def follow(value: Json, parts: Iterable[str]) -> Json:
    """The value behind keys, and indexes as decimal digits; MISSING where one of them is not there."""
    for part in parts:
        if isinstance(value, dict) and part in value:
            value = value[part]
        # isdecimal, not isdigit: int("²") raises
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return MISSING
    return value


# Chosen; no source. Bounded, because the remote chooses the keys: a plain `cache` would grow with each hostile body.
# The paths of one suite are some hundreds; the caches below have the same bound.
@functools.lru_cache(8192)
def steps(path: str) -> tuple[str, ...]:
    """`choices[].delta` → ("choices", "[]", "delta")."""
    return tuple(_STEP.findall(path))


@functools.lru_cache(8192)
def parent(path: str) -> str:
    """The path of the object or list that holds this one; "" for the body itself."""
    last = steps(path)[-1:]
    return path[: -len(last[0])].rstrip(".") if last else ""


def below(path: str, above: str) -> bool:
    """Whether a path leads through another one."""
    return bool(above) and path.startswith((f"{above}.", f"{above}["))


@functools.lru_cache(8192)
def name(path: str) -> str:
    """The last key of a path."""
    return (steps(path) or (path,))[-1]


@functools.lru_cache(8192)
def untyped(path: str) -> str:
    """The path without its words for types, as schemas and reports write it."""
    names = [step for step in steps(path) if not step.startswith("<")]
    return ".".join(names).replace(".[]", "[]") if len(names) < len(steps(path)) else path


@functools.lru_cache(8192)
def of_type(path: str) -> str:
    """The path with its innermost type alone, as schemas know it: `output[].<message>.status`."""
    before, bracket, inner = path.rpartition("<")
    return ".".join(filter(None, (untyped(before.rstrip(".")), bracket + inner))) if before else untyped(path)


@functools.lru_cache(8192)
def cause(path: str) -> str:
    """The innermost type and key of a path: the same server mistake has the same cause wherever the object is."""
    at = path.rfind("<")
    return path[at:] if at > 0 else untyped(path)


def by_type(value: Json) -> Json:
    """The value with every object that has a `type` moved below that word, so that its shape tells types apart."""
    if isinstance(value, list):
        return [by_type(item) for item in value]
    if not isinstance(value, dict):
        return value
    members = {key: by_type(child) for key, child in value.items()}
    kind = value.get("type")
    return {f"<{kind.translate(_QUOTED)}>": members} if isinstance(kind, str) else members


_QUOTED = str.maketrans("<>", "()")  # a word that would end the step


def places(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    """(concrete path, value) of each place where an object could hold the path; MISSING where it does not."""
    return _places(value, steps(path), "")


def _places(value: Json, rest: tuple[str, ...], where: str) -> Iterator[tuple[str, Json]]:
    if not rest:
        yield where, value
        return
    step, below = rest[0], rest[1:]
    if step == "[]":
        for i, item in enumerate(value if isinstance(value, list) else ()):
            yield from _places(item, below, f"{where}[{i}]")
    elif step.startswith("<"):
        if isinstance(value, dict) and value.get("type") == step[1:-1]:
            yield from _places(value, below, where)
    # Where a parent is missing its children are not: one lost object is one difference, not one for each of its fields.
    elif isinstance(value, dict) and (step in value or not below):
        yield from _places(value.get(step, MISSING), below, f"{where}.{step}" if where else step)
