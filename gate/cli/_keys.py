"""The variables that hold keys: no command that is started for a team may see them."""

from __future__ import annotations

import os

from gate.config.gate_yaml import named_variables
from gate.model import Config

HIDDEN = "GATE_KEYS"
"""A variable with names of variables that no started command sees: the action's `api-key-env`."""


def hidden(config: Config | None) -> frozenset[str]:
    """Their names: those of the configuration's routes, and those of the action."""
    named = named_variables(config) if config else ()
    return frozenset({*named, *os.environ.get(HIDDEN, "").split(","), HIDDEN})
