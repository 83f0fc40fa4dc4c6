"""Reading contract.yaml from disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gate.contract.text import MAX_BYTES, parse
from gate.errors import CassetteError
from gate.model import Json
from gate.store import files


def read(path: Path) -> Mapping[str, Json]:
    """The stored contract. Raises CassetteError where it is missing or not a contract."""
    try:
        raw = files.read(path, MAX_BYTES)
    except OSError as error:
        what = f"the contract can't be read: {error.strerror}"
        raise CassetteError(what, where=str(path), fix="`gate verify --write` derives it again") from error
    return parse(raw, str(path))
