"""One drift rule per file, in a folder per area. A rule is a constant and a pure function; it is found by its place.

The id equals the file name with dashes, the page `docs/rules/<id>.md` and the table `tests/rules/<id>.py`. Rules that
one look tells apart share a file, a family (see `families`): it has `RULES`, and each id is the name of its function.
A module whose name starts with an underscore holds what several rules of its area share. `owners` declares which rules
report which paths, `split` which ids became several.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType

from gate.model import Rule


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, sorted."""
    found = [rule for module in _modules() for rule in rules_of(module)]
    return {rule.id: rule for rule in sorted(found, key=lambda rule: rule.id)}


def home(rule: str) -> ModuleType:
    """The module of a rule; a family has `RULES`."""
    return sys.modules[rules()[rule].check.__module__]


def _modules() -> Iterator[ModuleType]:
    # a plain module, such as `owners`, is no area
    for area in (module for module in pkgutil.iter_modules(__path__) if module.ispkg):
        package = importlib.import_module(f"{__name__}.{area.name}")
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                yield importlib.import_module(f"{package.__name__}.{module.name}")


def rules_of(module: ModuleType) -> tuple[Rule, ...]:
    """The rules of a module, one or a family. Raises TypeError without any, and for an id that is not by its place."""
    rule: Rule | None = getattr(module, "RULE", None)
    family: tuple[Rule, ...] = (rule,) if rule else getattr(module, "RULES", ())
    if not family:
        raise TypeError(f"{module.__file__}: there is no RULE; a module that is no rule has a name that starts with _")
    area, name = module.__name__.split(".")[-2:]
    for one in family:
        wanted = (area, (name if rule else one.check.__name__).replace("_", "-"))
        if (one.area, one.id) != wanted:
            said = f"area {one.area!r}, id {one.id!r}"
            place = f"by its place it is area {wanted[0]!r}, id {wanted[1]!r}"
            raise TypeError(f"{module.__file__}: RULE says {said}; {place}")
    return family
