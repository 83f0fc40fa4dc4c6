"""What pyproject.toml declares is what gate/ imports, and the other way round."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator

import pytest

from tests.house import FILES, ROOT

pytestmark = pytest.mark.untraced  # it reads source, and runs none of it

NAMES = {"yaml": "pyyaml"}
OPTIONAL = {"xdist"}  # imported where a team's own pytest has loaded it
UNIMPORTED = {"vcrpy"}  # with the reason in pyproject.toml


def imported() -> Iterator[str]:
    # drivers run in environments of their own
    for path in (path for path in FILES if "drivers" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    # what an extra brings is imported where it is used; `sdk` brings a program
    entries = [*project["dependencies"], *project["optional-dependencies"]["scan"]]
    declared = {re.split("[<>=~! ]", entry)[0] for entry in entries}
    foreign = {*imported()} - sys.stdlib_module_names - {"gate"} - OPTIONAL
    assert {NAMES.get(name, name.replace("_", "-")) for name in foreign} == declared - UNIMPORTED
