"""The files that scenarios send: `{$file: hello.wav}` becomes the file's name and what it holds."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass
from pathlib import Path

from gate.model import Json
from gate.store import files
from gate.store.yaml_file import Document
from gate.text.safe import line
from gate.wire import form
from gate.wire.strict_yaml import Place

# chosen: a golden holds the file once for each sample; a minute of speech, or a large picture.
MAX_FILE = 1024 * 1024  # bytes
_PATH = re.compile(r"(?!/)[\w. /-]+")


@dataclass(frozen=True, slots=True)
class Beside:
    """The folder that names are relative to, and the one that holds whatever they lead to: a file is sent to a route,
    and a scenario that somebody proposes must not name what else whoever runs it has."""

    folder: Path
    top: Path

    def path(self, name: str) -> Path | None:
        """Where the file really is, links followed; None outside of `top`, or under a name that is no media."""
        path = Path(os.path.realpath(self.folder / name))  # `resolve` raises in a loop of links
        return path if form.is_media(path.name) and path.is_relative_to(os.path.realpath(self.top)) else None


def attach(document: Document, value: Json, place: Place, beside: Beside | None) -> Json:
    """The body with the files beside a scenario in it. Raises ConfigError with file:line."""
    if isinstance(value, list):
        return [attach(document, item, (*place, number), beside) for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$file"), str):
        return {**value, "$file": _file(document, value["$file"], (*place, "$file"), beside)}
    return {key: attach(document, item, (*place, key), beside) for key, item in value.items()}


def _file(document: Document, name: str, place: Place, beside: Beside | None) -> Json:
    shown = line(name, 60)
    if beside is None or not _PATH.fullmatch(name) or not form.is_media(name):
        fix = f"it is relative to the scenario's folder, and ends in one of {', '.join(sorted(form.MEDIA))}"
        raise document.error(place, f"`{shown}` is not the path of a file to send", fix)
    path = beside.path(name)
    if path is None:
        fix = "keep a copy of it beside the scenario"
        raise document.error(place, f"{shown} leads out of the folder of gate.yaml, or to what is no such file", fix)
    try:
        raw = files.read(path, MAX_FILE)
    except OSError as error:
        raise document.error(place, f"can't read {shown}: {error.strerror or error}") from None
    if not 0 < len(raw) <= MAX_FILE:
        size = "empty" if not raw else f"larger than {MAX_FILE // 1024} KiB"
        raise document.error(place, f"{shown} is {size}")
    return {"name": name.rpartition("/")[2], "base64": base64.b64encode(raw).decode("ascii")}
