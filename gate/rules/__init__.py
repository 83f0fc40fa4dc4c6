"""One drift rule per file, in a folder per area. A rule is a constant and a pure function; it is found by its place.

The id equals the file name with dashes, the page `docs/rules/<id>.md` and the table `tests/rules/<id>.py`. A module
whose name starts with an underscore holds what several rules of its area share. `owners` declares which rules report
which paths.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import ModuleType

from gate.model import Rule


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id, sorted."""
    return {rule.id: rule for rule in sorted(_load(), key=lambda rule: rule.id)}


def _load() -> Iterator[Rule]:
    # a plain module, such as `owners`, is no area
    for area in (module for module in pkgutil.iter_modules(__path__) if module.ispkg):
        package = importlib.import_module(f"{__name__}.{area.name}")
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                yield _rule(importlib.import_module(f"{package.__name__}.{module.name}"))


def _rule(module: ModuleType) -> Rule:
    rule: Rule | None = getattr(module, "RULE", None)
    if rule is None:
        raise TypeError(f"{module.__file__}: there is no RULE; a module that is no rule has a name that starts with _")
    area, name = module.__name__.split(".")[-2:]
    wanted = (area, name.replace("_", "-"))
    if (rule.area, rule.id) != wanted:
        said = f"area {rule.area!r}, id {rule.id!r}"
        raise TypeError(f"{module.__file__}: RULE says {said}; by its place it is area {wanted[0]!r}, id {wanted[1]!r}")
    return rule
