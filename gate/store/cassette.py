"""vcrpy version-1 cassettes to exchanges and back: the only place that knows the file format.

    version: 1
    gate: {facts of the file …, attempts: [{request, gate}, …]}          # attempts without a response
    interactions:
    - request: {method, uri, headers: {name: [values]}, body}
      response: {status: {code, message}, headers: {name: [values]}, body: {string}}
      gate: {scenario, step, sample, attempt, chunks: [[ms, bytes], …], ending, …}   # defaults are left out

Plain vcrpy replays such a file and ignores `gate`; it must never write one, because it would drop `gate`. Its
loader takes any version and a corrupt file for an empty cassette, and importing it costs 0.3 s, so we load with
our own strict reader; a test proves that both see the same interactions.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from gate.adapters.forms import form_of
from gate.adapters.source import Source
from gate.errors import CassetteError, NotACassetteError
from gate.model import Exchange, Json
from gate.store.files import MAX_FILE, read
from gate.store.interaction import attempt_of, entry_of, exchange_of
from gate.store.journal import leftover, settle
from gate.store.yaml_writer import write as yaml_of
from gate.text.safe import line
from gate.wire.strict_json import MAX_DEPTH, parse_json
from gate.wire.strict_yaml import Dialect, Yaml11, parse

_FIX = "record it again, or correct the file"
# Aliases may add as much as a file may have: PyYAML writes one where an object stands in two places.
_DIALECT = Dialect(Yaml11, CassetteError, _FIX, MAX_FILE, MAX_DEPTH, MAX_FILE, text_keys=False, recorded=True)

_ELSEWHERE = "name a cassette, or keep other files in another folder"
# The members of an entry before vcrpy 1.0; recorders of other forms have more.
_VCRPY_0 = {"request", "response", "recorded_at"}
# vcrpy's two serializers, and the other usual suffix of YAML.
SUFFIXES = (".yaml", ".yml", ".json")
# Files of ours that lie beside cassettes.
NOT_CASSETTES = ("contract.yaml", "not-served.yaml", "proof.json")


@dataclass(frozen=True)
class Cassette:
    """One file. `facts` is its top-level `gate` (empty in a file of plain vcrpy), without the attempts.

    `exchanges` holds the interactions in file order, then the attempts without a response.
    """

    path: str
    facts: Mapping[str, Json]
    exchanges: tuple[Exchange, ...]


# -- reading ------------------------------------------------------------------------------------


def load(path: Path, max_bytes: int = MAX_FILE) -> Cassette:
    """Read one cassette. Raises CassetteError, with file:line, for anything but a complete version-1 cassette; it is a
    NotACassetteError where the file is whole and something else, which it names where it knows the form."""
    file = str(path)
    raw = _read(path, max_bytes)
    try:
        return _cassette(_document(raw, file), file)
    except RecursionError:
        raise CassetteError("nested too deeply", where=file, fix="record it again") from None
    except CassetteError:
        # Only now: a stream's body is no YAML ("duplicate key `data`"), and that is not what its owner must know.
        if form := form_of(Source(file, raw)):
            raise NotACassetteError(f"this is {form.name}, not a vcrpy cassette", where=file, fix=form.advice) from None
        raise


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        raw = read(path, max_bytes)
    except OSError as error:
        raise CassetteError(
            f"can't read the cassette: {error.strerror}", where=str(path), fix="check the path and its permissions"
        ) from error
    if len(raw) > max_bytes:
        raise CassetteError(
            f"larger than {max_bytes:,} bytes", where=str(path), fix="split it, or record with a lower limits.max_body"
        )
    if not raw.strip():
        raise CassetteError("the cassette is empty", where=str(path), fix="record it again, or delete it")
    return raw


def _document(raw: bytes, file: str) -> Json:
    """JSON by its suffix or its first byte: vcrpy's JSON serializer always writes an object."""
    if file.lower().endswith(".json") or raw[:1] == b"{":
        return parse_json(raw, file)
    return parse(raw, file, _DIALECT)


def _cassette(document: Json, file: str) -> Cassette:
    # vcrpy wrote a bare list before 1.0, without a version.
    if isinstance(document, list) and document and all(_is_interaction(item) for item in document):
        raise CassetteError(
            "a cassette of vcrpy before 1.0", where=file, fix=f"migrate it: python -m vcr.migration {file}"
        )
    if not isinstance(document, dict):
        raise NotACassetteError("not a cassette: the document is not a mapping", where=file, fix=_ELSEWHERE)
    # A file of ours that lost its interactions is a broken one.
    if "interactions" not in document and "gate" not in document:
        raise NotACassetteError("not a cassette: it has no `interactions`", where=file, fix=_ELSEWHERE)
    # Some recorders of vcrpy's form leave the version out. `True == 1` in Python, and YAML reads `yes` as true.
    version = document.get("version", 1)
    if version != 1 or isinstance(version, bool):
        raise CassetteError(
            f"not a version-1 cassette: version is `{line(str(version), 40)}`",
            where=file,
            fix="vcrpy version 1 is the only format; record it again",
        )
    interactions = document.get("interactions")
    if not isinstance(interactions, list):
        raise CassetteError("`interactions` is not a list", where=file, fix="record it again")
    facts, attempts = _facts(document, file)
    if not interactions and not attempts:
        raise CassetteError("the cassette holds no interaction", where=file, fix="record it again, or delete it")
    exchanges = [exchange_of(item, file) for item in interactions]
    # Apart from the interactions, because vcrpy's reader wants a response in each of them.
    exchanges += [attempt_of(item, file) for item in attempts]
    return Cassette(file, facts, tuple(exchanges))


def _is_interaction(item: Json) -> bool:
    return isinstance(item, dict) and "request" in item and item.keys() <= _VCRPY_0


def _facts(document: Mapping[str, Json], file: str) -> tuple[dict[str, Json], list[Json]]:
    facts = document.get("gate", {})
    attempts = facts.get("attempts", []) if isinstance(facts, dict) else None
    if not isinstance(attempts, list):
        raise CassetteError("`gate` must be a mapping and `gate.attempts` a list", where=file, fix="record it again")
    return {name: value for name, value in facts.items() if name != "attempts"}, attempts


# -- writing ------------------------------------------------------------------------------------


def dump(facts: Mapping[str, Json], exchanges: Iterable[Exchange]) -> str:
    """The YAML text of a cassette. The exchanges must be scrubbed already.

    Interactions are sorted by sample, step and attempt, because vcrpy answers equal requests in file order.
    """
    ordered = sorted(exchanges, key=lambda e: (e.sample, e.step, e.attempt))
    attempts = [entry_of(exchange) for exchange in ordered if exchange.response is None]
    answered = [entry_of(exchange) for exchange in ordered if exchange.response is not None]
    top = {**facts, "attempts": attempts} if attempts else dict(facts)
    return yaml_of({"version": 1, **({"gate": top} if top else {}), "interactions": answered})


# -- finding ------------------------------------------------------------------------------------


def scan(folder: Path) -> dict[str, Path]:
    """Scenario id → cassette, sorted by id; a file gives one entry, a folder without cassettes none.

    The id is the relative path without suffix, and for `<scenario>/cassette.yaml` the folder's. Hidden files and
    folders are passed over, and symlinks to folders are not followed, so that a loop can't catch us. What an
    interrupted write left is finished first.
    """
    if folder.is_file():
        return {_id(PurePath(folder.resolve().parent.name, folder.name)).rpartition("/")[2]: folder}
    if not folder.is_dir():
        raise CassetteError("no such file or folder", where=str(folder), fix="check the path, or record first")
    cassettes: dict[str, Path] = {}
    for path in _files(folder):
        name = _id(path.relative_to(folder))
        # `a.yaml` and `a/cassette.yaml` both stand for `a`: guessing would judge one and hide the other.
        if name in cassettes:
            raise CassetteError(
                f"two cassettes for the scenario {name}", where=str(path), fix=f"remove it or {cassettes[name]}"
            )
        cassettes[name] = path
    return dict(sorted(cassettes.items()))


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        if any(map(leftover, (*folders, *files))) and settle(Path(root)):
            folders.clear()
            yield from _files(Path(root))
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            is_cassette = name.lower().endswith(SUFFIXES) and name.lower() not in NOT_CASSETTES
            if is_cassette and not name.startswith("."):
                yield Path(root, name)


def _id(path: PurePath) -> str:
    stem = path.with_suffix("")
    parent = stem.parent.as_posix()
    return parent if stem.name == "cassette" and parent not in (".", "") else stem.as_posix()
