"""docs/clients.json: what each client did with each drift and its twin, on the day of the run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from gate.model import Effect

FILE = Path(__file__).parent.parent.parent / "docs" / "clients.json"


@dataclass(frozen=True)
class Entry:
    """One drift on one golden: the effect on each client, in the table's order; None where it was not asked."""

    drift: tuple[Effect | None, ...]
    twin: tuple[Effect | None, ...]


@dataclass(frozen=True)
class Table:
    """A run. `rows` by `mutation@scenario`; `nodes` are the versions of Node where it is not the machine's."""

    day: date
    clients: tuple[str, ...]
    nodes: Mapping[str, str]
    rows: Mapping[str, Entry]

    def of(self, mutation: str) -> Iterator[tuple[str, Entry]]:
        """The scenarios of a drift."""
        for name, entry in self.rows.items():
            known, _, scenario = name.partition("@")
            if known == mutation:
                yield scenario, entry


def written(table: Table) -> None:
    """Write the file: a line for each row, so that a difference between two runs can be read."""
    rows = ",\n".join(f"{json.dumps(name)}: {_line(entry)}" for name, entry in sorted(table.rows.items()))
    head = {"day": table.day.isoformat(), "clients": table.clients, "nodes": table.nodes}
    FILE.write_text(f'{json.dumps(head)[:-1]}, "rows": {{\n{rows}\n}}}}\n', "utf-8")


@cache
def table() -> Table:
    """The last run."""
    said = json.loads(FILE.read_text("utf-8"))
    clients = tuple(said["clients"])
    rows = {name: Entry(_effects(clients, row[0]), _effects(clients, row[1])) for name, row in said["rows"].items()}
    return Table(date.fromisoformat(said["day"]), clients, said["nodes"], rows)


def _line(entry: Entry) -> str:
    return json.dumps([_words(entry.drift), _words(entry.twin)], separators=(",", ":"))


def _words(effects: Sequence[Effect | None]) -> list[str | None] | str:
    """One text for each client, or one for all: most read what is harmless."""
    words = [None if e is None else f"{e.did}{'!' if e.content else ''} {e.what}".strip() for e in effects]
    return words[0] if len(set(words)) == 1 and words[0] is not None else words


def _effects(clients: Sequence[str], said: Any) -> tuple[Effect | None, ...]:
    words = [said] * len(clients) if isinstance(said, str) else said
    return tuple(_effect(client, text) for client, text in zip(clients, words, strict=True))


def _effect(client: str, text: str | None) -> Effect | None:
    if text is None:
        return None
    did, _, what = text.partition(" ")
    return Effect(client, did.rstrip("!"), what, did.endswith("!"))  # type: ignore[arg-type]
