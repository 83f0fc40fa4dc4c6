"""Each constant of the rules and of what they ask is changed, and the tables that belong to it must notice.

python -m tests.mutate [WORD]      all, or those of files whose path has the word; so does `make mutate`

A number goes up and down by a tenth (by one where it is small), a list of words or numbers loses each of its members,
and so does a pattern of its alternatives (`tests/constants.py`). Each rule that imports the module is asked again about
the rows of its own table; so are the tests that import it, as far as they are tables: tests without fixtures. What no row notices is a threshold that nobody knows to be right: it is
printed, and the command fails. What `tests/mutate.yaml` lists with a reason is not tried.
"""

from __future__ import annotations

import ast
import functools
import gc
import importlib
import inspect
import itertools
import os
import signal
import sys
import time
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import yaml
from _pytest.mark import ParameterSet

from gate.judge.compare import Cell, compare
from gate.model import Exchange, Rule
from gate.rules import home, rules
from tests.constants import spots
from tests.rule_pages import table
from tests.rules_table import Row, _samples
from tests.test_named_causes import ROWS

ROOT = Path(__file__).parent.parent
LISTED = ROOT / "tests" / "mutate.yaml"
_FOLDERS = ("gate/rules", "gate/observe")
# tables of places and of names: `tests/test_owners.py` and `tests/test_compare.py` judge them whole
_TABLES = ("gate/rules/owners.py", "gate/rules/split.py")
OBSERVES = "gate.observe.exchange"
_ASK_ALL = {OBSERVES, "gate.observe", "gate.rules"}
_SECONDS = 60  # a change that makes a rule run for so long is noticed
_WORKERS = os.cpu_count() or 1


@dataclass(frozen=True)
class Change:
    """One change of one constant: the `place`-th of its module, in the order of the source, and what becomes of it.

    `was` names it, with the function or the assignment where it stands.
    """

    path: str
    place: int
    line: int
    was: str
    new: str

    @property
    def id(self) -> str:
        """What `tests/mutate.yaml` calls it: no line numbers, which move."""
        return f"{self.path}: {self.was} -> {self.new}"


# -- what there is to change ------------------------------------------------------------------------


def changes(path: Path) -> list[Change]:
    """All changes of one module, in the order of its source."""
    name = path.relative_to(ROOT).as_posix()
    found: list[Change] = []
    seen: Counter[str] = Counter()
    for place, spot in enumerate(spots(ast.parse(path.read_text("utf-8")))):
        change = f"{spot.where} {spot.was}"
        seen[f"{change} {spot.new}"] += 1
        # with its number where a function has the same one again
        again = seen[f"{change} {spot.new}"]
        was = change if again == 1 else f"{change} ({again})"
        found.append(Change(name, place, spot.line, was, spot.new))
    return found


def changed(path: Path, change: Change) -> types.CodeType:
    """The module with the change, compiled."""
    tree = ast.parse(path.read_text("utf-8"))
    next(itertools.islice(spots(tree), change.place, None)).change()
    return compile(ast.fix_missing_locations(tree), str(path), "exec")


# -- the change, put into the modules that are loaded -----------------------------------------------


def put_in(module: types.ModuleType, code: types.CodeType) -> None:
    """Make the module what the code says, for all who hold its functions and constants already."""
    fresh = types.ModuleType(module.__name__)
    fresh.__dict__.update(__file__=module.__file__, __package__=module.__package__)
    exec(code, fresh.__dict__)  # our own source with one constant changed
    for name, new in vars(fresh).items():
        old = vars(module).get(name)
        if not name.startswith("__") and old is not new and not _swapped(old, new):
            _replaced(name, old, new)
    for loaded in _loaded():
        for value in list(vars(loaded).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _swapped(old: Any, new: Any) -> bool:
    """Whether it is a function or a class, which now does what the new one does."""
    old, new = getattr(old, "__wrapped__", old), getattr(new, "__wrapped__", new)
    if isinstance(old, types.FunctionType) and isinstance(new, types.FunctionType):
        old.__code__, old.__defaults__ = new.__code__, new.__defaults__
        return True
    if isinstance(old, type) and isinstance(new, type):
        for name, method in vars(new).items():
            _swapped(getattr(vars(old).get(name), "fget", vars(old).get(name)), getattr(method, "fget", method))
        return True
    # a rule holds functions that were swapped; other records of functions are rebuilt around the old constants
    return isinstance(old, Rule) or _is_rules(old)


def _is_rules(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(one, Rule) for one in value)


def _replaced(name: str, old: Any, new: Any) -> None:
    """The constant in every module that has it."""
    for loaded in _loaded():
        # by its name as well: 16 is the same object everywhere
        if vars(loaded).get(name) is old:
            setattr(loaded, name, new)


def _loaded() -> list[types.ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.startswith(("gate.rules", "gate.observe"))]


# -- the tables that belong to it -------------------------------------------------------------------


@functools.cache
def _imports() -> dict[str, set[str]]:
    """Module → the modules that import it, directly or not."""
    users: dict[str, set[str]] = defaultdict(set)
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    users[name].add(_module(path))
    for _ in range(len(users)):
        grown = {name: found.union(*(users.get(user, set()) for user in found)) for name, found in users.items()}
        if grown == users:
            break
        users = defaultdict(set, grown)
    return users


def _files(word: str = "") -> list[Path]:
    found = [path for folder in _FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if word in str(path.relative_to(ROOT)) and not str(path).endswith(_TABLES)]


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def affected(module: str) -> dict[str, Rule]:
    """The rules of the module, or those of the modules that use it; all of them where it makes the observations."""
    those = {module, *_imports().get(module, ())}
    return {name: rule for name, rule in rules().items() if module == OBSERVES or home(name).__name__ in those}


Said = tuple[tuple[str, str], ...]


def observed(row: Row) -> Cell:
    """Both sides of a row, observed."""
    return Cell("case", 0, _samples(row.golden, row.golden_twin), _samples(row.candidate, row.candidate_twin))


def said(cell: Cell, rule: Rule) -> Said:
    """What the table of a rule compares of its own findings: severity and path."""
    findings, crashes = compare([cell], {rule.id: rule})
    return (*sorted((f.severity.word, f.path) for f in findings), *(("crash", crash.rule) for crash in crashes))


@functools.cache
def rows() -> dict[str, list[tuple[Row, Cell, Said]]]:
    """Rule → the rows of its table, each with what the rule says of it now."""
    tables = {name: [(row, observed(row)) for row in table(name)] for name in rules()}
    return {name: [(row, cell, said(cell, rules()[name])) for row, cell in those] for name, those in tables.items()}


@functools.cache
def tables() -> dict[str, list[Callable[[], None]]]:
    """Module → the rows of the tests that import it: what its functions say where no rule asks them."""
    found: dict[str, list[Callable[[], None]]] = defaultdict(list)
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        imports = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        # what makes the observations has the tables of all rules
        asked = {_module(file) for file in _files()} & {node.module for node in imports} - _ASK_ALL
        if asked:
            tests = list(vars(importlib.import_module(f"tests.{path.stem}")).items())
            calls = [call for name, test in tests if name.startswith("test_") for call in _calls(test)]
            for module in sorted(asked):
                found[module] += calls
    return found


def _calls(test: Callable[..., None]) -> Iterator[Callable[[], None]]:
    """A test with each of its rows; none of one that wants a fixture, is no table, or fails outside of pytest."""
    marks: list[pytest.Mark] = getattr(test, "pytestmark", [])
    if hasattr(test, "is_hypothesis_test") or any(mark.name != "parametrize" for mark in marks):
        return
    named = [((mark.args[0],) if isinstance(mark.args[0], str) else mark.args[0], mark.args[1]) for mark in marks]
    if {*inspect.signature(test).parameters} == {name for names, _ in named for name in names}:
        for row in itertools.product(*(_given(names, rows) for names, rows in named)):
            call = functools.partial(test, **dict(itertools.chain(*row)))
            if not _fails(call):
                yield call


def _given(names: Sequence[str], rows: Iterable[Any]) -> Iterator[list[tuple[str, Any]]]:
    for row in rows:
        if isinstance(row, ParameterSet):
            # what is slow stays out
            if not row.marks:
                yield [*zip(names, row.values, strict=True)]
        else:
            yield [*zip(names, (row,) if len(names) == 1 else row, strict=True)]


def _fails(call: Callable[[], None]) -> bool:
    try:
        call()
    # whatever a test raises, an outcome of pytest among it
    except BaseException:
        return True
    return False


def noticed(change: Change) -> bool:
    """Whether a row says another thing with the change. Nothing puts the change back: call it in a process of its own."""
    path = ROOT / change.path
    module = importlib.import_module(_module(path))
    try:
        put_in(module, changed(path, change))
    # a module that can't be imported any more is noticed by all
    except Exception:
        return True
    chosen = affected(module.__name__)
    for name in chosen:
        for row, cell, before in rows()[name]:
            now = observed(row) if module.__name__ == OBSERVES else cell
            if now is not cell and _same(now, cell):
                continue
            if said(now, chosen[name]) != before:
                return True
    those = {module.__name__, *_imports().get(module.__name__, ())}
    asked = {id(call): call for name in those for call in tables().get(name, ())}
    return any(map(_fails, asked.values())) or any(not _tells(*case) for case in ROWS if case[3] in chosen)


def _same(one: Cell, other: Cell) -> bool:
    pairs = ((one.golden, other.golden), (one.candidate, other.candidate))
    return all([*a] == [*b] and a.twin == b.twin for a, b in pairs)


def _tells(_: str, golden: Exchange, candidate: Exchange, rule: str, words: str) -> bool:
    findings, _crashes = compare([observed(Row("", golden, candidate))], {rule: rules()[rule]})
    return any(words in finding.message for finding in findings)


# -- the run ----------------------------------------------------------------------------------------


def survivors(wanted: Iterable[Change]) -> list[Change]:
    """The changes that nothing noticed; each is tried in a fork of this process, which has everything loaded."""
    rows()
    tables()
    # what a fork does not write to is not copied
    gc.freeze()
    running: dict[int, Change] = {}
    left: list[Change] = []
    for change in wanted:
        if len(running) >= _WORKERS:
            _ended(running, left)
        if pid := os.fork():
            running[pid] = change
        else:
            gc.disable()
            # of its own time: a busy machine is not what makes it run for so long
            signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
            os._exit(noticed(change))
    while running:
        _ended(running, left)
    return sorted(left, key=lambda change: (change.path, change.line, change.new))


def _ended(running: dict[int, Change], left: list[Change]) -> None:
    pid, status = os.wait()
    change = running.pop(pid)
    if status == 0:
        left.append(change)


def main(word: str = "") -> int:
    """Print what nobody noticed; what has a reason is not tried."""
    begun = time.monotonic()
    wanted = [change for path in _files(word) for change in changes(path)]
    reasons = yaml.safe_load(LISTED.read_text("utf-8"))
    tried = [change for change in wanted if not any(fnmatchcase(change.id, pattern) for pattern in reasons)]
    idle = () if word else [pattern for pattern in reasons if not any(fnmatchcase(one.id, pattern) for one in wanted)]
    for pattern in idle:
        print(f"{LISTED.relative_to(ROOT)}: nothing is like this any more: {pattern}")
    left = survivors(tried)
    for change in left:
        print(f"{change.path}:{change.line}: {change.was} -> {change.new}")
    told = f"{len(wanted) - len(tried)} with a reason, {len(left)} that nothing noticed"
    print(f"{len(wanted)} changes, {told}; {time.monotonic() - begun:.0f} s")
    return int(bool(left or idle))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
