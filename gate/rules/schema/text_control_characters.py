"""Control characters in a text: U+0000 that no database stores, escapes of a terminal (S76)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Written, mentions, texts
from gate.wire.shape import show

# What XML refuses, and DEL: https://www.w3.org/TR/xml/#charsets. Form feeds and vertical tabs stand in texts of old.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NULL = "\0"


def check(comparison: Comparison) -> Iterator[Drift]:
    """In any text that the model writes, where no golden text has one and the request holds none."""
    for pair, text, string in texts(comparison).unshown(_controlled):
        found = _NULL if _NULL in string else _CONTROL.findall(string)[0]
        if not mentions(pair.candidate, found):
            at = string.index(found)
            yield pair.drift(
                path=text.path,
                message=f"{text.what} has the control character U+{ord(found):04X}",
                golden="no such character",
                candidate=show(string[max(0, at - 20) : at + 20], 60),
                severity=None if found == _NULL else Severity.INFO,
            )


def _controlled(text: Written) -> str:
    """The first string with such a character; arguments that hold it raw are no JSON (tool-arguments-invalid)."""
    if text.kind == "arguments" and text.strings == (text.text,):
        return ""
    # printable texts, the most, need no search
    return next((s for s in text.strings if not s.isprintable() and _CONTROL.search(s)), "")


RULE = Rule(
    id="text-control-characters",
    area="schema",
    # S76: the answer is paid for, and its row is rolled back
    severity=Severity.RISKY,
    summary="a text has control characters: U+0000, or a terminal's escapes",
    who_breaks="PostgreSQL refuses U+0000 in text and jsonb; C strings end there; XML and JUnit files can't hold any",
    hint="find the hop that cuts characters into bytes, or forwards what a terminal shows",
    check=check,
)
