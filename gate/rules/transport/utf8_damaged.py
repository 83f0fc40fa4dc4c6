"""Bytes that are no UTF-8, characters lost on the way (U+FFFD, halves of surrogate pairs), a byte order mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Drift, Observation, Rule, Samples, Severity
from gate.questions import choices, numbered, shown

_DAMAGED = re.compile("[\ufffd\ud800-\udfff]")
_SAYS = {
    "bytes": ("body", "the body holds bytes that are no UTF-8", Severity.BREAKING),
    "text": ("content", "characters of the answer's text are damaged", Severity.RISKY),
    "bom": ("body", "the body starts with a byte order mark", Severity.RISKY),
}


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Damage that no golden shows: a multi-byte character that was cut apart or decoded piece by piece."""
    known = shown(golden, lambda g: [name for name, _ in _damage(g)])
    for sample, found in numbered(candidate):
        for name, where in _damage(found):
            if name not in known:
                path, message, severity = _SAYS[name]
                byte = found.framing.bad_utf8[0] if name == "bytes" else None
                yield Drift(path, message, "valid UTF-8", where, sample, severity, byte=byte)


def _damage(found: Observation) -> Iterator[tuple[str, str]]:
    if found.form not in ("json", "stream"):  # audio and images are no text
        return
    if found.framing.bom:
        yield "bom", "EF BB BF before the first character"
    if found.framing.bad_utf8:
        yield "bytes", f"byte {found.framing.bad_utf8[0]} is no UTF-8"
        return
    for choice in choices(found):
        if lost := _DAMAGED.search(choice.text):
            yield "text", f"U+{ord(lost[0]):04X} at character {lost.start()} of {choice.content_path}"
            return


RULE = Rule(
    id="utf8-damaged",
    area="transport",
    severity=Severity.BREAKING,
    summary="the text came damaged: it is no valid UTF-8, or characters are lost in it",
    who_breaks="strict decoders raise; emoji and CJK turn to U+FFFD; a byte order mark hides the first event",
    hint="decode and encode whole characters: a proxy or server cuts multi-byte characters at its chunk borders",
    check=check,
)
