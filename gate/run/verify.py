"""Checks of a stored golden: that it loads, that its contract is up to date, and that it holds no secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gate.contract.derive import derived_from
from gate.errors import CassetteError, GateError
from gate.judge.pairing import observed
from gate.model import Config, Scenario
from gate.redact.scrub import Scrubber
from gate.store import cassette
from gate.store.journal import write
from gate.suite.asks import asks


def problems_of(
    name: str, file: Path, config: Config | None, write_: bool, scenario: Scenario | None = None
) -> Iterator[str]:
    """What is wrong with one golden, as texts that name the file and the fix. `scenario` is the suite's of that name.
    With `write_` a stale contract is written again instead."""
    try:
        loaded = cassette.load(file)
        exchanges = loaded.exchanges
        text = file.read_text("utf-8")
        scrubber = Scrubber((), config.redact if config else ())
        scrubber.guard(exchanges, text, where=str(file), stored=True)
        path = file.with_name("contract.yaml")
        contract = _text(path)
        scrubber.guard((), contract, where=str(path), stored=True)
        derived = derived_from(name, exchanges, observed(exchanges), str(loaded.facts.get("group", "")))
    except (GateError, ValueError) as error:
        yield str(error)
        return
    # A golden without `asks` was made by another recorder: nobody knows what it was recorded for.
    if scenario and loaded.facts.get("asks", asks(scenario)) != asks(scenario):
        what = "the suite asks for something else now than when this was recorded"
        yield str(CassetteError(what, where=str(file), fix="run `gate record --mode new`"))
    # Another recorder's file has no contract beside it, and shall not get one.
    if file.name != "cassette.yaml" or contract == derived:
        return
    if write_:
        write(path, derived)
        return
    state = "differs from what the cassette gives" if path.is_file() else "is missing"
    yield str(CassetteError(f"the contract {state}", where=str(path), fix="look at it, then `gate verify --write`"))


def _text(path: Path) -> str:
    """The text of a file, "" where it can't be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""
