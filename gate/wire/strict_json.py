"""JSON for files that nobody trusts: strict like the YAML reader, with the lines of vcrpy's interactions."""

from __future__ import annotations

import json
import re
from typing import Any

from gate.errors import CassetteError
from gate.model import Json
from gate.text.safe import line
from gate.wire.strict_yaml import Lined

# chosen: API bodies stand in a cassette as texts, so that a file nests less than ten levels.
MAX_DEPTH = 100
"""Levels of objects and lists, in JSON and in YAML."""

# vcrpy writes with indent=4, so that each interaction opens alone on a line of eight spaces. A string can't look
# like this: JSON has no raw line breaks in strings.
_LIST = re.compile(rb'^ {4}"interactions": \[\r?\n(.*?)^ {4}\]', re.MULTILINE | re.DOTALL)
_ITEM = re.compile(rb"^ {8}\{", re.MULTILINE)


def parse_json(raw: bytes, file: str) -> Json:
    """One JSON document; interactions are `Lined` where the layout shows their lines. Raises CassetteError."""
    try:
        value = json.loads(raw, object_pairs_hook=_object, parse_constant=_constant)
    except _RefusedError as error:
        raise CassetteError(str(error), where=file, fix="correct the file") from error
    except json.JSONDecodeError as error:
        raise CassetteError(
            f"not valid JSON: {error.msg}", where=f"{file}:{error.lineno}", fix="record it again"
        ) from error
    except ValueError as error:  # not UTF-8, or a number of thousands of digits
        raise CassetteError(f"not valid JSON: {str(error)[:120]}", where=file, fix="record it again") from error
    _check_depth(value, file)
    return _with_lines(value, raw)


class _RefusedError(Exception):
    """What Python's reader accepts and we do not."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    # Two `response` keys: a reader takes the last, a reviewer may have read the first.
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _RefusedError(f"duplicate key `{line(twice, 60)}`")
    return value


def _constant(name: str) -> Json:
    raise _RefusedError(f"{name} is not a JSON value")


def _check_depth(value: Json, file: str) -> None:
    level = [value]
    # By levels and without recursion: Python's own limit would end in a RecursionError.
    for _ in range(MAX_DEPTH + 1):
        if not level:
            return
        inside = [v.values() if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)]
        level = [item for items in inside for item in items]
    raise CassetteError(f"nested deeper than {MAX_DEPTH} levels", where=file, fix="record it again")


def _with_lines(value: Json, raw: bytes) -> Json:
    items = value.get("interactions") if isinstance(value, dict) else None
    block = _LIST.search(raw)
    if block is None or not isinstance(items, list):
        return value
    starts = [block.start(1) + item.start() for item in _ITEM.finditer(block[1])]
    # Another count means another layout: no line is better than a wrong one.
    if len(starts) == len(items) and all(isinstance(item, dict) for item in items):
        value["interactions"] = _lined(items, starts, raw)
    return value


def _lined(items: list[Json], starts: list[int], raw: bytes) -> list[Lined]:
    lined, line, before = [], 1, 0
    for item, start in zip(items, starts, strict=True):
        line += raw.count(b"\n", before, start)
        before = start
        entry = Lined(item)
        entry.line = line
        lined.append(entry)
    return lined
