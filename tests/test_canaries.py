"""The canary test (issue 2): 30 kinds of secrets, everywhere; none is in the file, and no length or type changes."""

from __future__ import annotations

import contextlib
import json
import zlib
from typing import Any

import pytest

from gate.model import Exchange
from gate.store.cassette import dump
from tests.canaries import CANARIES, SCRUBBER, carriers


def visible(canary: str) -> list[str]:
    """What of a canary must not be seen: it, its longest part, and what a JSON source or base64 makes of it."""
    core = max(canary.replace("\n", " ").split(), key=len)
    return [canary, json.dumps(canary)[1:-1], *([core] if len(core) > 9 else [])]


def inside(text: str, clean: Exchange) -> str:
    """Everything a reader of the file can see, compressed bodies, escapes and the deltas put together included."""
    seen = [text]
    bodies = [clean.request.body or b"", clean.response.body if clean.response else b""]
    for body in bodies:
        for window in (47, -15):
            try:
                seen.append(zlib.decompressobj(window).decompress(body).decode("utf-8", "replace"))
            except zlib.error:
                continue
        seen.append(body.decode("utf-8", "replace"))
    for body_text in list(seen):
        strings = "".join(_strings_of(body_text))
        seen += [strings, strings.replace("\\/", "/")]
    return "\n".join(seen)


def _strings_of(text: str) -> list[str]:
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
            with contextlib.suppress(ValueError):
                walk(json.loads(value))
        for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
            if isinstance(value, dict) and "type" in value and item is not value.get("delta"):
                continue
            walk(item)

    for line in [text, *text.splitlines()]:
        try:
            walk(json.loads(line.removeprefix("data: ")))
        except ValueError:
            continue
    return found


NOT_THERE = {
    # A raw value is not announced by its name in these places, or the name is what the header is.
    ("ssn", "listed header"), ("phone", "listed header"), ("phone, dashes", "listed header"), ("phone, national", "listed header"),
    ("phone, compact", "listed header"), ("card", "listed header"), ("card, compact", "listed header"),
    ("amex", "listed header"), ("iban", "listed header"), ("team pattern", "listed header"),
}  # fmt: skip


@pytest.mark.untraced
@pytest.mark.parametrize("name", CANARIES)
def test_canary_is_nowhere_in_the_file(name: str) -> None:
    canary = CANARIES[name]
    for place, planted in carriers(canary).items():
        if (name, place) in NOT_THERE:
            continue
        clean = SCRUBBER.scrub(planted)
        seen = inside(dump({}, [clean]), clean)
        for form in visible(canary):
            assert form not in seen, f"{name} in {place}"
        assert SCRUBBER.remains(clean) == [], place
        SCRUBBER.guard([clean], dump({}, [clean]))


@pytest.mark.untraced
@pytest.mark.parametrize("name", CANARIES)
def test_scrubbing_changes_no_length_and_no_structure(name: str) -> None:
    for place, planted in carriers(CANARIES[name]).items():
        clean = SCRUBBER.scrub(planted)
        assert len(clean.request.body or b"") == len(planted.request.body or b""), place
        assert SCRUBBER.scrub(clean) == clean, place
        if planted.response and clean.response and place not in ("gzip", "raw deflate"):
            before, after = planted.response.body, clean.response.body
            assert len(after) == len(before), place
            for old, new in zip(before.splitlines(), after.splitlines(), strict=True):
                assert outline(old) == outline(new), place


def outline(text: bytes) -> Any:
    """Types, lengths and nesting of a JSON text, tool arguments included; of other text its length."""
    try:
        return _outline(json.loads(text.removeprefix(b"data: ")))
    except ValueError:
        return len(text)


def _outline(value: Any) -> Any:
    if isinstance(value, dict):
        return [(len(k), _outline(v)) for k, v in value.items()]
    if isinstance(value, list):
        return [_outline(v) for v in value]
    if isinstance(value, str):
        try:
            return ["json", _outline(json.loads(value))] if value[:1] in "{[" else len(value)
        except ValueError:
            return len(value)
    return value
