"""What we could not do: every error says what happened, where, and what to do.

What the remote did is never one of these; it is a finding (or makes a scenario incomplete).
"""

from __future__ import annotations


class GateError(Exception):
    """Base of all errors that end a command. `exit_code` follows DESIGN: 2 usage, 3 could not be judged."""

    exit_code = 2

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what, self.where, self.fix = what, where, fix
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what}" + (f"\n  fix: {self.fix}" if self.fix else "")


class ConfigError(GateError):
    """gate.yaml, a suite file or the command line is wrong."""


class CassetteError(GateError):
    """A cassette or contract can't be read, is hostile, or is stale."""


class NotACassetteError(CassetteError):
    """The file is whole, and something else than a cassette: a stray one, or a recording in another form."""


class SecretError(GateError):
    """Something that looks like a secret would have been written; nothing was."""


class RouteError(GateError):
    """The route could not be reached or is configured with a wrong base_url."""

    exit_code = 3
