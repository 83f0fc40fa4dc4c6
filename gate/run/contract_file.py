"""Reading contract.yaml from disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gate.contract.text import parse
from gate.errors import CassetteError
from gate.model import Json


def read(path: Path) -> Mapping[str, Json]:
    """The stored contract. Raises CassetteError where it is missing or not a contract."""
    try:
        return parse(path.read_text("utf-8"), str(path))
    except (OSError, ValueError) as error:
        raise CassetteError(
            "the contract can't be read", where=str(path), fix="`gate verify --write` derives it again"
        ) from error
