"""`proof.json` in a folder of goldens: how many known drifts these would catch, as `gate prove --write` found it.

Every verdict repeats it, so it is read and never judged anew; a digest of the cassettes tells when it is of others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gate import __version__
from gate.errors import CassetteError
from gate.store import cassette, files
from gate.store.files import write_errors

PROOF = "proof.json"
# chosen: it has some hundred bytes; a pull request can change it
_MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Proven:
    """By area: (known drifts that would be caught, all known ones). `stale`: of other goldens, or of another gate."""

    areas: Mapping[str, tuple[int, int]]
    day: str
    stale: bool


def write(folder: Path, areas: Mapping[str, tuple[int, int]], today: date) -> Path:
    """Writes what was proven of the goldens of a folder. Raises CassetteError where that can't be done."""
    document = {
        "version": 1,
        "gate": __version__,
        "date": today.isoformat(),
        "goldens": _digest(folder),
        "areas": areas,
    }
    path = folder / PROOF
    with write_errors(path):
        path.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return path


def read(folder: Path) -> Proven | None:
    """What was proven of a folder; None where nothing was. Raises CassetteError for a file that is no proof."""
    path = folder / PROOF
    if not path.is_file():
        return None
    try:
        document = json.loads(files.read(path, _MOST + 1)[: _MOST + 1])
        areas = {str(area)[:20]: (int(caught), int(known)) for area, (caught, known) in document["areas"].items()}
        day = date.fromisoformat(document["date"]).isoformat()
        stale = document["gate"] != __version__ or document["goldens"] != _digest(folder)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        fix = "write it again: gate prove --write"
        raise CassetteError("this is no proof of goldens", where=str(path), fix=fix) from error
    return Proven(areas, day, stale)


def _digest(folder: Path) -> str:
    """Of every cassette there: its name and its bytes."""
    total = hashlib.sha256()
    for name, path in cassette.scan(folder).items():
        total.update(f"{name}\n".encode())
        with path.open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()
