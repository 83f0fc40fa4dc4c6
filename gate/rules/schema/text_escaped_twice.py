r"""Escapes that stayed in the text: `\n` for a line's end, `\u00e9` for é (S55)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gate.model import Comparison, Drift, Pair, Rule, Severity
from gate.observe.texts import Texts, Written, mentions, texts
from gate.observe.usage import COMPLETION, tokens, usage
from gate.rules.schema.text_in_notation import shows_bytes
from gate.wire.shape import show

# https://www.rfc-editor.org/rfc/rfc8259#section-7, and Python's of bytes (`\xc3\xa9`); only letters beyond ASCII, which
# encoders write so by default. One that stands alone between blanks or quotes is spoken of: `\d+` and `\u00e9` match.
_ESCAPED = r"\\(?:u(?!00[0-7])[0-9a-fA-F]{4}|x[c-fC-F][0-9a-fA-F]\\x[89abAB][0-9a-fA-F])"
_LETTER = re.compile(rf"(?<![\s\"'`]){_ESCAPED}|{_ESCAPED}(?![\s\"'`.,])")
# A line's end, not the start of a TeX command or of a name in a path (`\nabla`, `C:\new`): what follows is no
# lower-case letter, or another such escape; nor one that stands alone between blanks or quotes, and is spoken of
_LINE = re.compile(r"(?<!\b[A-Za-z]:)(?:\\r)?\\n(?![a-z])(?:(?<![\s\"'`]\\n)|(?![\s\"'`.,]))")

# All escapes of JSON, and what they stand for
_ESCAPE = re.compile(r"\\(?:[nrtbf\"\\/]|u[0-9a-fA-F]{4})")
_CHARACTERS = {r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\b": "\b", r"\f": "\f", r"\"": '"', r"\/": "/", r"\\": "\\"}
# Tokens for a character, of which ASCII needs one at most: of 686 recorded answers in ASCII those of 20 characters and
# more have 1.5 at most, but for two with hidden reasoning (5) and one that was edited (3.2, a row).
_TOKENS = 2


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden has the characters themselves, and the candidate's text has the escapes alone."""
    both = texts(comparison)
    seen: set[tuple[int, str]] = set()
    for fault, shows in ((_letters, _has_letters), (_lines, _has_lines), (_same(both), _is_any)):
        for pair, text, escape in both.unshown(fault):
            excused = mentions(pair.candidate, escape) or _is_edited(pair, text) or (pair.sample, text.path) in seen
            if _alike(both, text, shows) and not excused:
                seen.add((pair.sample, text.path))
                yield _drift(pair, text, escape)


def _drift(pair: Pair, text: Written, escape: str) -> Drift:
    return pair.drift(
        path=text.path,
        message=f"{text.what} is escaped twice: {escape} comes in place of the character",
        golden="the characters themselves",
        candidate=show(_around(text, escape), 60),
    )


def _same(both: Texts) -> Callable[[Written], str]:
    """The fault of a text that is a golden's once its escapes are undone, whatever characters they stand for."""
    known = {string for sample in both.golden for text in sample for string in text.strings}

    def fault(text: Written) -> str:
        escaped = (string for string in text.strings if "\\" in string and string not in known)
        return next((_ESCAPE.findall(string)[0] for string in escaped if _undone(string) in known), "")

    return fault


def _undone(string: str) -> str:
    return _ESCAPE.sub(lambda match: _CHARACTERS.get(match[0]) or chr(int(match[0][2:], 16)), string)


def _letters(text: Written) -> str:
    r"""The first `\u00e9` of a text that has no such letter raw."""
    found = (_LETTER.search(s) for s in text.strings if not shows_bytes(text) and "\\" in s and s.isascii())
    return next((match[0] for match in found if match), "")


def _lines(text: Written) -> str:
    r"""The first `\n` of a text without a line's end: code that prints one has both."""
    found = (_LINE.search(s) for s in text.strings if not shows_bytes(text) and "\\n" in s and "\n" not in s)
    return next((match[0] for match in found if match), "")


def _is_any(string: str) -> bool:
    return bool(string)


def _has_letters(string: str) -> bool:
    return not string.isascii()


def _has_lines(string: str) -> bool:
    return "\n" in string


def _alike(both: Texts, text: Written, shows: Callable[[str], bool]) -> bool:
    """Whether every golden sample with a text of the same kind shows the character there."""
    kinds = [[golden for golden in sample if golden.kind == text.kind] for sample in both.golden]
    shown = [any(shows(string) for golden in sample for string in golden.strings) for sample in kinds if sample]
    return bool(shown) and all(shown)


def _is_edited(pair: Pair, text: Written) -> bool:
    """Whether somebody shortened the recorded text by hand: its escapes are the editor's."""
    spent = tokens(usage(pair.candidate), *COMPLETION) or 0
    return spent > _TOKENS * len(text.text)


def _around(text: Written, escape: str) -> str:
    string = next(string for string in text.strings if escape in string)
    at = string.index(escape)
    return string[max(0, at - 20) : at + 40]


RULE = Rule(
    id="text-escaped-twice",
    area="schema",
    # S55: only the golden shows that the model did not mean the escapes
    severity=Severity.RISKY,
    summary="a text holds escapes in place of characters",
    who_breaks=r"files get the two characters \n where lines should end; readers see \u00e9",
    hint="let one hop alone write JSON: a gateway encodes a text that is encoded already",
    check=check,
)
