"""The three files of a new rule: module, table and page, each saying TODO where a person has to.

python -m tests.scaffold_rule ID AREA       writes them; `make rule ID=…` then says what is left
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from gate.model import Area

ROOT = Path(__file__).parent.parent

MODULE = '''\
"""TODO: what is gone or different, and the ids of docs/drifts.md that it covers."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity


def check(comparison: Comparison) -> Iterator[Drift]:
    """TODO: when it fires, and what looks like it and does not."""
    for pair in comparison.answers:
        if _odd(pair.candidate) and not any(map(_odd, pair.golden)):
            yield pair.drift(
                path="TODO: path",
                message="TODO: what was measured",
                golden="TODO: what the golden has there",
                candidate="TODO: what the candidate has there",
            )


def _odd(observation: Observation) -> bool:
    return observation.status < 0  # TODO: never so; ask the predicates of gate/observe/


RULE = Rule(
    id="{id}",
    area="{area}",
    severity=Severity.RISKY,  # breaking one minor release later
    summary="TODO: what drifted, in a line",
    who_breaks="TODO: which code, and how it fails",
    hint="TODO: what to do about it",
    check=check,
)
'''

TABLE = '''\
"""{id}: TODO: the drift in a few words."""

from __future__ import annotations

from tests.rules_table import Row, completion, plain

CASES = (
    Row(
        "TODO: the real case, with its id or thread",
        plain(completion()),
        plain(completion()),
        ("risky TODO: path",),
    ),
    Row("TODO, benign twin: what looks like it", plain(completion()), plain(completion())),
    Row("TODO: noise that a route shows without drifting", plain(completion()), plain(completion())),
)
'''

PAGE = """\
# {id}

risky · {area}

## What it does

TODO: what it compares, and what it is silent on.

## Who breaks

TODO: which code, and how it fails.

## Example

## When to tolerate it

TODO: who is not hurt.
"""


def files(rule: str, area: str) -> Mapping[str, str]:
    """Place and text of each file. Raises ValueError for an id or an area that can't be."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule):
        raise ValueError(f"an id is small words with dashes between them, not {rule!r}")
    if area not in get_args(Area):
        raise ValueError(f"an area is one of {', '.join(get_args(Area))}, not {area!r}")
    name = rule.replace("-", "_")
    words = {"id": rule, "area": area}
    return {
        f"gate/rules/{area}/{name}.py": MODULE.format_map(words),
        f"tests/rules/{name}.py": TABLE.format_map(words),
        f"docs/rules/{rule}.md": PAGE.format_map(words),
    }


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the files, none of which may be there yet."""
    try:
        rule, area = arguments
        found = {root / place: text for place, text in files(rule, area).items()}
    except ValueError as error:
        print(f"{error}\nmake scaffold-rule ID=field-missing AREA=schema", file=sys.stderr)
        return 2
    if there := [str(path.relative_to(root)) for path in found if path.exists()]:
        print(f"nothing written: {', '.join(there)} exists", file=sys.stderr)
        return 2
    for path, text in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(f"wrote {path.relative_to(root)}")
    print(f"fill in what says TODO; `make rule ID={rule}` says what is left, `make pages` writes the example")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
