"""`openai==2.54.0` and `npm:openai@6.49.0`: one SDK at one version.

`openai-agents==0.2.4 openai==1.99.1` is the first with the second beside it: a framework breaks
with what it is built on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from gate.errors import ConfigError

Ecosystem = Literal["pypi", "npm"]

# One name and one version, and nothing that an installer could take for an option, a path or an address.
_PYPI = re.compile(r"(?:pypi:)?([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.+!_-]*)")
_NPM = re.compile(r"npm:((?:@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*)@([0-9][A-Za-z0-9.+-]*)")


@dataclass(frozen=True, slots=True)
class Version:
    """A package of one ecosystem at exactly one version, and what is pinned `beside` it."""

    ecosystem: Ecosystem
    package: str
    version: str
    beside: tuple[Version, ...] = ()

    def __str__(self) -> str:
        own = f"npm:{self.requirement}" if self.ecosystem == "npm" else self.requirement
        return " ".join((own, *map(str, self.beside)))

    @property
    def key(self) -> str:
        """What stays when the version changes: `pypi:openai`."""
        return f"{self.ecosystem}:{self.package}"

    @property
    def label(self) -> str:
        """For a person: `openai 2.54.0`, `npm:ai 7.0.173`."""
        return f"{'npm:' if self.ecosystem == 'npm' else ''}{self.package} {self.version}"

    @property
    def requirement(self) -> str:
        """As its installer takes it."""
        return f"{self.package}{'@' if self.ecosystem == 'npm' else '=='}{self.version}"


def version_of(text: str, where: str = "") -> Version:
    """The version that a text names, with those beside it. Raises ConfigError for a range, a path, or anything else."""
    first, *beside = [_one(word, where) for word in text.split()] or [_one(text, where)]
    if stray := next((one for one in beside if one.ecosystem != first.ecosystem), None):
        raise ConfigError(
            f"{stray} can't be installed beside {first}", where=where, fix="name packages of one registry"
        )
    return replace(first, beside=tuple(beside))


def _one(text: str, where: str) -> Version:
    if match := _NPM.fullmatch(text):
        return Version("npm", match[1], match[2])
    if match := _PYPI.fullmatch(text):
        return Version("pypi", re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    fix = "write openai==3.57.0, or npm:openai@6.49.0 for Node"
    raise ConfigError(f"{text[:80]!r} names no package at one version", where=where, fix=fix)
