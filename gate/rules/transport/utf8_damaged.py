"""Bytes that are not UTF-8, characters lost on the way (U+FFFD, halves of surrogate pairs), mojibake, a BOM."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import choices, shown

# U+FFFD is what a decoder writes for bytes that it can't read; a lone surrogate only an escape can write
_DAMAGED = re.compile("[\ufffd\ud800-\udfff]")
# first bytes of UTF-8 sequences, and what follows them, as one-byte encodings show them
_REST = "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122\u20ac]"
# lengths and first bytes of UTF-8: https://www.rfc-editor.org/rfc/rfc3629#section-4
_TWICE = re.compile(f"[\xc2-\xdf]{_REST}|[\xe0-\xef]{_REST}{{2}}|[\xf0-\xf4]{_REST}{{3}}")
_DRIFTS = {
    "bytes": ("body", "the body has bytes that are not valid UTF-8", Severity.BREAKING),
    "text": ("content", "characters of the answer's text were replaced by U+FFFD", Severity.RISKY),
    "mojibake": ("content", "the answer's text was decoded twice (mojibake)", Severity.RISKY),
    "bom": ("body", "the body starts with a byte order mark", Severity.RISKY),
}


_HALF = "the answer's text has half of a surrogate pair, which is no character"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Damage that no golden has: a multi-byte character that was cut apart or decoded piece by piece."""
    known = shown(comparison.golden, lambda golden: [name for name, _ in _damage(golden)])
    for pair in comparison.pairs:
        for name, evidence in _damage(pair.candidate):
            if name not in known:
                path, message, severity = _DRIFTS[name]
                message = _HALF if evidence.startswith("U+D") else message
                yield pair.drift(
                    path=path,
                    message=message,
                    golden="valid UTF-8",
                    candidate=evidence,
                    severity=severity,
                    byte=pair.candidate.framing.bad_utf8[0] if name == "bytes" else None,
                )


def _damage(observation: Observation) -> Iterator[tuple[str, str]]:
    """(kind of damage, evidence) of each kind in a body."""
    if observation.form not in ("json", "stream"):  # audio and images are not text
        return
    if observation.framing.bom:
        yield "bom", "EF BB BF before the first character"
    if observation.framing.bad_utf8:
        yield "bytes", f"byte {observation.framing.bad_utf8[0]} is no UTF-8"
        return
    for choice in choices(observation):
        if twice := _mojibake(choice.text):
            yield "mojibake", f"{twice} in {choice.content_path}"
        if lost := _DAMAGED.search(choice.text):
            yield "text", f"U+{ord(lost[0]):04X} at character {lost.start()} of {choice.content_path}"
            return


def _mojibake(text: str) -> str:
    """The first piece of UTF-8 that was read as Latin-1 or Windows-1252, and what it should be; "" without one."""
    pieces = [piece for piece in _TWICE.findall(text) if _repaired(piece)] if not text.isascii() else []
    # “É” and a closing quote look like such a piece: typographic signs alone prove nothing
    sure = len(pieces) > 1 or any("\x80" <= c <= "\xbf" for piece in pieces for c in piece[1:])
    return f"{pieces[0]} for {_repaired(pieces[0])}" if pieces and sure else ""


def _repaired(piece: str) -> str:
    """The characters whose UTF-8 bytes a piece shows one by one; "" where it shows none."""
    try:
        return b"".join(c.encode("latin-1" if c <= "\xff" else "cp1252") for c in piece).decode()
    except UnicodeError:
        return ""


RULE = Rule(
    id="utf8-damaged",
    area="transport",
    # strict decoders raise on the bytes (issue 3); damaged characters in a text that is valid are risky
    severity=Severity.BREAKING,
    summary="the text is damaged: it is not valid UTF-8, or characters are lost in it",
    who_breaks="strict decoders raise; emoji and CJK turn to U+FFFD; a byte order mark hides the first event",
    hint="decode and encode whole characters: a proxy or server cuts multi-byte characters at its chunk borders",
    check=check,
)
