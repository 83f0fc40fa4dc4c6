"""Bytes that are no UTF-8, characters lost on the way (U+FFFD, halves of surrogate pairs), mojibake, a BOM."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import choices, numbered, shown

_DAMAGED = re.compile("[\ufffd\ud800-\udfff]")
# first bytes of UTF-8 sequences, and what follows them, as one-byte encodings show them
_REST = "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122\u20ac]"
_TWICE = re.compile(f"[\xc2-\xdf]{_REST}|[\xe0-\xef]{_REST}{{2}}|[\xf0-\xf4]{_REST}{{3}}")
_SAYS = {
    "bytes": ("body", "the body holds bytes that are no UTF-8", Severity.BREAKING),
    "text": ("content", "characters of the answer's text are damaged", Severity.RISKY),
    "mojibake": ("content", "the answer's text was decoded twice (mojibake)", Severity.RISKY),
    "bom": ("body", "the body starts with a byte order mark", Severity.RISKY),
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Damage that no golden shows: a multi-byte character that was cut apart or decoded piece by piece."""
    golden, candidate = comparison.golden, comparison.candidate
    known = shown(golden, lambda g: [name for name, _ in _damage(g)])
    for sample, found in numbered(candidate):
        for name, where in _damage(found):
            if name not in known:
                path, message, severity = _SAYS[name]
                byte = found.framing.bad_utf8[0] if name == "bytes" else None
                yield Drift(
                    path=path,
                    message=message,
                    golden="valid UTF-8",
                    candidate=where,
                    sample=sample,
                    severity=severity,
                    byte=byte,
                )


def _damage(found: Observation) -> Iterator[tuple[str, str]]:
    if found.form not in ("json", "stream"):  # audio and images are no text
        return
    if found.framing.bom:
        yield "bom", "EF BB BF before the first character"
    if found.framing.bad_utf8:
        yield "bytes", f"byte {found.framing.bad_utf8[0]} is no UTF-8"
        return
    for choice in choices(found):
        if twice := _mojibake(choice.text):
            yield "mojibake", f"{twice} in {choice.content_path}"
        if lost := _DAMAGED.search(choice.text):
            yield "text", f"U+{ord(lost[0]):04X} at character {lost.start()} of {choice.content_path}"
            return


def _mojibake(text: str) -> str:
    """A piece of text that was UTF-8, read as Latin-1 or Windows-1252: its characters are such bytes again."""
    found = [piece for piece in _TWICE.findall(text) if _once(piece)] if not text.isascii() else []
    # “É” and a closing quote look like one such pair: typographic signs alone prove nothing
    sure = len(found) > 1 or any("\x80" <= c <= "\xbf" for piece in found for c in piece[1:])
    return f"{found[0]} for {_once(found[0])}" if found and sure else ""


def _once(piece: str) -> str:
    try:
        return b"".join(c.encode("latin-1" if c <= "\xff" else "cp1252") for c in piece).decode()
    except UnicodeError:
        return ""


RULE = Rule(
    id="utf8-damaged",
    area="transport",
    severity=Severity.BREAKING,
    summary="the text came damaged: it is no valid UTF-8, or characters are lost in it",
    who_breaks="strict decoders raise; emoji and CJK turn to U+FFFD; a byte order mark hides the first event",
    hint="decode and encode whole characters: a proxy or server cuts multi-byte characters at its chunk borders",
    check=check,
)
