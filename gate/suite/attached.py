"""The files that scenarios send: `{$file: hello.wav}` becomes the file's name and what it holds."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from gate.model import Json
from gate.store import files
from gate.store.yaml_file import Document
from gate.text.safe import line
from gate.wire import form
from gate.wire.strict_yaml import Place

# chosen: a golden holds the file once for each sample; a minute of speech, or a large picture.
MAX_FILE = 1024 * 1024  # bytes
# A file is sent to a route: a scenario that somebody proposes must not name the keys of whoever runs it.
_PATH = re.compile(r"(?!/)[\w. /-]+")


def attach(document: Document, value: Json, place: Place, folder: Path | None) -> Json:
    """The body with the files of a folder in it. Raises ConfigError with file:line."""
    if isinstance(value, list):
        return [attach(document, item, (*place, number), folder) for number, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$file"), str):
        return {**value, "$file": _file(document, value["$file"], (*place, "$file"), folder)}
    return {key: attach(document, item, (*place, key), folder) for key, item in value.items()}


def _file(document: Document, name: str, place: Place, folder: Path | None) -> Json:
    shown = line(name, 60)
    if folder is None or not _PATH.fullmatch(name) or not form.is_media(name):
        fix = f"it is relative to the scenario's folder, and ends in one of {', '.join(sorted(form.MEDIA))}"
        raise document.error(place, f"`{shown}` is not the path of a file to send", fix)
    try:
        raw = files.read(folder / name, MAX_FILE)
    except OSError as error:
        raise document.error(place, f"can't read {shown}: {error.strerror or error}") from None
    if not 0 < len(raw) <= MAX_FILE:
        size = "empty" if not raw else f"larger than {MAX_FILE // 1024} KiB"
        raise document.error(place, f"{shown} is {size}")
    return {"name": name.rpartition("/")[2], "base64": base64.b64encode(raw).decode("ascii")}
