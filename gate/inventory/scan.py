"""`scan`: files in, everything that a report of them says out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from gate.contract import text as contract_text
from gate.errors import CassetteError
from gate.inventory import draft
from gate.inventory.answers import Answers
from gate.inventory.assumptions import assumptions
from gate.inventory.files import Files, files, source
from gate.inventory.lock_files import bounded, pins
from gate.inventory.manifests import asked
from gate.inventory.model import Assumption, Call, Client, Draft, Package, Place, Scan, Service
from gate.inventory.paths import promised, untyped
from gate.inventory.remarks import remarks
from gate.inventory.source import read
from gate.inventory.syntax import script
from gate.inventory.syntax.node import UnreadableError
from gate.store import shipped
from gate.suite import builtin, builtin_set

NO_GRAMMAR = "needs the grammars: pip install 'swapgate[scan]'"

Contracts = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(slots=True)
class _Found:
    """What the files hold, before it is sorted into services."""

    lines: int = 0
    clients: list[Client] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    reads: list[tuple[str, Place]] = field(default_factory=list)


def scan(path: Path, golden: Path | None = None) -> Scan:
    """Everything that is found below a folder, or in one file. `golden`: the goldens whose allowlist is asked.

    Raises ConfigError where there is no such path. A file that can't be read is in `unread`, never an error.
    """
    tree = files(path)
    found = _read(tree)
    own = contracts(golden) if golden else {}
    allowed = draft.allowlist(own)
    found.calls = [_told(call, allowed) for call in found.calls]
    services = tuple(_services(tree, found))
    return Scan(
        files=len(tree.sources),
        lines=found.lines,
        services=services,
        assumptions=tuple(sorted(found.assumptions)),
        remarks=tuple(sorted(remarks(services))),
        reads=tuple(sorted(set(found.reads))),
        unread=tuple(sorted(tree.unread)),
        draft=_draft(found, own),
    )


def _read(tree: Files) -> _Found:
    found, scripts = _Found(), script.available()
    for name in tree.sources:
        if not scripts and name.endswith(script.SUFFIXES):
            tree.unread.append((name, NO_GRAMMAR))
            continue
        raw = source(tree.root, name)
        if isinstance(raw, str):
            tree.unread.append((name, raw))
            continue
        try:
            _add(found, Answers(read(name, raw)))
        except UnreadableError as problem:
            tree.unread.append((name, str(problem)))
        except RecursionError:
            tree.unread.append((name, "nested too deeply"))
    return found


def _add(found: _Found, answers: Answers) -> None:
    found.lines += answers.source.lines
    found.clients += answers.clients.made
    found.calls += answers.calls.values()
    if not answers.source.in_tests:  # a test may take for granted what it plays itself
        found.assumptions += assumptions(answers)
        found.reads += answers.reads()


def _told(call: Call, allowed: Mapping[str, str]) -> Call:
    told = [replace(one, golden=allowed.get(one.name.rpartition(".")[2], "")) for one in call.parameters]
    return replace(call, parameters=tuple(told))


# -- services -----------------------------------------------------------------------------------


def _services(tree: Files, found: _Found) -> Iterator[Service]:
    """Folders with a manifest that hold a call, a client or a known package; what is in none is in `.`."""
    folders = sorted({_folder(name) for name in tree.manifests} | {"."})
    for folder in folders:
        service = Service(
            folder,
            manifests=tuple(sorted(name for name in tree.manifests if _folder(name) == folder)),
            packages=tuple(sorted(_packages(tree, folder))),
            clients=tuple(sorted(one for one in found.clients if _home(one.place.file, folders) == folder)),
            calls=tuple(sorted(one for one in found.calls if _home(one.place.file, folders) == folder)),
        )
        if service.packages or service.clients or service.calls:
            yield service


def _folder(name: str) -> str:
    return PurePosixPath(name).parent.as_posix()


def _home(name: str, folders: Sequence[str]) -> str:
    """The nearest folder with a manifest above a file."""
    return next((str(above) for above in PurePosixPath(name).parents if str(above) in folders), ".")


def _packages(tree: Files, folder: str) -> Iterator[Package]:
    wanted: dict[str, tuple[str, Place]] = {}
    for name in (name for name in tree.manifests if _folder(name) == folder):
        for one in asked(PurePosixPath(name).name, bounded(tree.root / name)):
            wanted.setdefault(one.key, (one.range, Place(name, one.line)))
    locked = _locked(tree, folder)
    own = {key: place for key, (_, place) in locked.items() if _folder(place.file) == folder}
    for key in sorted({*wanted, *own}):
        range_, place = wanted.get(key, ("", own.get(key, Place(".", 1))))
        yield Package(key, range_, locked[key][0] if key in locked else (), place)


def _locked(tree: Files, folder: str) -> dict[str, tuple[tuple[str, ...], Place]]:
    """Package → the versions of the nearest lock file at or above a folder."""
    found: dict[str, tuple[tuple[str, ...], Place]] = {}
    for above in (PurePosixPath(folder), *PurePosixPath(folder).parents):
        near: dict[str, tuple[tuple[str, ...], Place]] = {}
        for name in (name for name in tree.locks if _folder(name) == above.as_posix()):
            for key, version in pins(tree.root / name):
                versions = near[key][0] if key in near else ()
                near[key] = (tuple(sorted({*versions, version})), Place(name, 1))
        found = near | found
    return found


# -- the draft ----------------------------------------------------------------------------------


def _draft(found: _Found, own: Contracts) -> Draft:
    picked = draft.suite(found.calls, builtin().values())
    whole = {s.id for s in builtin_set("standard")} if "standard" in picked else set()
    ids = whole | set(picked)
    shown = draft.shown_paths(own or contracts(shipped.goldens()), ids)
    if not own:  # before a team has goldens, the project's own tell what any route shows
        shown = frozenset(path for path in shown if untyped(path) in promised())
    return Draft(draft.depends_on(found.reads, shown), picked)


def contracts(golden: Path) -> Contracts:
    """Scenario → the steps of its contract, for every contract of a folder that can be read."""
    found = {}
    for path in sorted(golden.glob("*/contract.yaml")):
        try:
            found[path.parent.name] = contract_text.steps(contract_text.parse(bounded(path), str(path)))
        except CassetteError:  # `gate verify` says so, and a scan is about source
            continue
    return found
