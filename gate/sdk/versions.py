"""`openai==2.54.0` and `npm:openai@6.49.0`: one SDK at one version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gate.errors import ConfigError

Ecosystem = Literal["pypi", "npm"]

# One name and one version, and nothing that an installer could take for an option, a path or an address.
_PYPI = re.compile(r"(?:pypi:)?([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][A-Za-z0-9.+!_-]*)")
_NPM = re.compile(r"npm:((?:@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*)@([0-9][A-Za-z0-9.+-]*)")


@dataclass(frozen=True, slots=True)
class Version:
    """A package of one ecosystem at exactly one version."""

    ecosystem: Ecosystem
    package: str
    version: str

    def __str__(self) -> str:
        return f"npm:{self.package}@{self.version}" if self.ecosystem == "npm" else f"{self.package}=={self.version}"

    @property
    def key(self) -> str:
        """What stays when the version changes: `pypi:openai`."""
        return f"{self.ecosystem}:{self.package}"


def version_of(text: str, where: str = "") -> Version:
    """The version that a text names. Raises ConfigError for a range, a path, or anything else."""
    if match := _NPM.fullmatch(text.strip()):
        return Version("npm", match[1], match[2])
    if match := _PYPI.fullmatch(text.strip()):
        return Version("pypi", re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    fix = "write openai==3.57.0, or npm:openai@6.49.0 for Node"
    raise ConfigError(f"{text[:80]!r} names no package at one version", where=where, fix=fix)
