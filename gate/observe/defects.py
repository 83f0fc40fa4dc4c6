"""What went wrong on the way of a JSON text that no parser reads, where its characters show it. Pure."""

from __future__ import annotations

import html
import json
import re

from gate.model import MISSING, Json
from gate.observe.breaches import Text, read
from gate.wire.shape import show

_READ = 4000  # characters; a longer text keeps the parser's own message
_PIECES = 400  # characters of a text whose pieces may be doubled: each place tries each length
# where the parser stopped, nothing but the start of a number, a literal or an escape is left
_CUT_WORD = re.compile(r"[a-zA-Z0-9.+-]{0,24}")
_DECODER = json.JSONDecoder()


def defect(text: str) -> str:
    """Why a text is not JSON, in words that end a sentence: `the object is there twice`; "" where it does not show."""
    text = text.strip()
    if len(text) > _READ or not text:
        return ""
    if "&quot;" in text and read(html.unescape(text)).value is not MISSING:
        return "the text is HTML-escaped (&quot;)"
    value, end = _first(text)
    if value is not MISSING:
        return _followed(value, text[end:].strip())
    if _is_cumulative(text):
        return "each piece repeats the text so far"
    if len(text) <= _PIECES and _halved(text):
        return "each piece is there twice"
    return "the text breaks off" if truncated(read(text), text) else ""


def _first(text: str) -> tuple[Json, int]:
    """The JSON value at the start of a text, and where it ends."""
    try:
        return _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return MISSING, 0


def _followed(value: Json, rest: str) -> str:
    """What follows a whole value: a second one, or text."""
    following, end = _first(rest)
    whole = following is not MISSING and not rest[end:].strip()
    if not whole or not isinstance(following, dict):
        return "text follows the object" if isinstance(value, dict) and rest else ""
    if following == value:
        return "the object is there twice"
    if value == {}:
        return "an empty object {} stands before the object"
    return "two objects follow each other" if isinstance(value, dict) else f"{show(value, 20)} stands before the object"


def _is_cumulative(text: str) -> bool:
    """Whether the text ends with an object, and all before it are beginnings of that object."""
    starts = (match.start() for match in re.finditer(r"\{", text))
    start = next((at for at in starts if at and isinstance(read(text[at:]).value, dict)), 0)
    whole, before = text[start:], text[:start]
    while start and before:
        alike = next((n for n, pair in enumerate(zip(before, whole, strict=False)) if pair[0] != pair[1]), len(before))
        if not alike:
            return False
        before = before[alike:]
    return bool(start)


def _halved(text: str) -> str:
    """The text of which each piece is there twice; "" where it is not such a text, or holds no object."""
    dead: set[int] = set()

    def rest(at: int) -> str | None:
        if at == len(text):
            return ""
        for size in range((len(text) - at) // 2, 0, -1) if at not in dead else ():
            piece = text[at : at + size]
            if piece == text[at + size : at + 2 * size] and (following := rest(at + 2 * size)) is not None:
                return piece + following
        dead.add(at)
        return None

    halved = rest(0) or ""
    return halved if isinstance(read(halved).value, dict) else ""


def truncated(parsed: Text, text: str) -> bool:
    """JSON that is right until it stops: inside a string, or where something must follow."""
    if parsed.value is not MISSING or not text.startswith(("{", "[")):
        return False
    return parsed.fault.startswith("Unterminated string") or _CUT_WORD.fullmatch(text, parsed.at) is not None
