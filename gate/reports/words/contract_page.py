"""What changed in the contracts, as Markdown for a pull request: tables, and how to leave a scenario.

A reviewer decides by it, and need not read the cassettes. Everything in it may come from a remote.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from gate.contract.difference import NEW, Change, Changes, shared
from gate.text.markdown import cell, code, fenced, folded, inside
from gate.text.plural import count
from gate.text.safe import line

# The rest of the 65,536 is for what a workflow writes around it.
_BODY = 55_000  # characters; a pull request's body takes 65,536
# chosen: a row that can be read; the contracts have the rest.
_CELL = 300  # characters
_ROWS = 40  # of one table
_OPEN = 3  # tables; about a screen
_NAMED = 4  # scenarios in a title
_LISTED = 40  # scenarios below it
_COMMANDS = (
    "gate refresh --only SCENARIO --write    # adopt one",
    "gate refresh --leave SCENARIO --write   # adopt all but one",
)


def page(changes: Changes, known: int, golden: str) -> str:
    """At most 55,000 characters; what does not fit is counted. `known` are all contracts, `golden` is their folder in
    the repository."""
    title = f"## The contract changes in {len(changes)} of {count(known, 'scenario')}"
    tail = "\n\n".join(
        ["A scenario that is left keeps its golden. On another branch, recorded again:", fenced(_COMMANDS)]
    )
    room = _BODY - len(title) - len(tail)
    folder = line(golden, 200)
    parts: list[str] = []
    groups = shared(changes)
    for number, (names, common) in enumerate(groups):
        part = _group(names, common, folder, shown=number < _OPEN)
        room -= len(part) + 2
        if room < 0:
            parts.append(f"{count(len(groups) - number, 'more table')} did not fit here: see `gate contract diff`.")
            break
        parts.append(part)
    return "\n\n".join([title, *parts, tail]) + "\n"


def _group(names: Sequence[str], common: Sequence[Change], folder: str, *, shown: bool) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    title = f"{', '.join(map(inside, names[:_NAMED]))}{more}: {count(len(common), 'change')}"
    blocks = ["\n".join(_table(common))]
    if more:
        listed = [*map(code, names[:_LISTED]), *(["…"] if len(names) > _LISTED else [])]
        blocks.append(f"In {', '.join(listed)}.")
    else:
        places = " ".join(shlex.quote(f"{folder}/{line(name, 200)}") for name in names)
        # the base branch has no golden of a scenario that is new
        way = "git rm -r" if common == (NEW,) else "git checkout origin/HEAD"
        blocks.append(f"To leave {'it' if len(names) == 1 else 'them'}: {code(f'{way} -- {places}', 1200)}")
    return folded(title, blocks, shown=shown)


def _table(common: Sequence[Change]) -> Iterator[str]:
    yield "| | golden | recorded now |\n|---|---|---|"
    for change in common[:_ROWS]:
        # `cell` puts all of it into code, where nothing of a remote acts
        what = change.what.replace("`", "")
        yield f"| {' | '.join(cell(text, _CELL) for text in (what, change.golden, change.now))} |"
    if len(common) > _ROWS:
        yield f"| {len(common) - _ROWS} more | | |"
