"""A text whose UTF-8 was read as another encoding on its way: `Ã¼` for `ü`, `浣犲ソ` for `你好` (S50)."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Written, mentions, texts
from gate.rules.schema.text_raw_tokens import is_raw

# first bytes of UTF-8 sequences, and what follows them, as one-byte encodings show them
_REST = "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122\u20ac]"
# lengths and first bytes of UTF-8: https://www.rfc-editor.org/rfc/rfc3629#section-4
_TWICE = re.compile(f"[\xc2-\xdf]{_REST}|[\xe0-\xef]{_REST}{{2}}|[\xf0-\xf4]{_REST}{{3}}")
# The commonest first bytes: all of Latin-1's own letters and signs have one of these two.
_LATIN = "\xc2\xc3"
# What may follow a letter by right: »Spaß«, “É”, « voilà » (rows).
_PUNCTUATION = frozenset("«»‘’‚“”„‹›…–—•™\xa0")
# Different pieces that need no word around them: units and signs (Å³, 2×½) make one or two, and none of 496 recorded
# texts beyond ASCII has any.
_MANY = 3
# Default encodings of platforms other than Windows in the West: Java and Python take the system's. The codecs are
# https://docs.python.org/3/library/codecs.html#standard-encodings
_OTHERS = (
    "gbk", "shift_jis", "mac_roman", "cp437", "cp850", "cp1251", "cp1250", "koi8_r", "iso8859_2",
)  # fmt: skip
# Different letters beyond ASCII that a text shows when it is read back: one in six common characters of Chinese is
# UTF-8 by chance in GBK (谢谢 is, a row), and then a letter of any script
_READ_BACK = 3
# Characters that are read back, a bound on time: a text that was decoded so is it from its start
_START = 400


def check(comparison: Comparison) -> Iterator[Drift]:
    """In any text that the model writes, where no golden text has such pieces and the request quotes none."""
    for pair, text, piece in texts(comparison).unshown(_mojibake):
        if not mentions(pair.candidate, piece):
            yield pair.drift(
                path=text.path,
                message=f"{text.what} was decoded twice (mojibake): {piece[:40]} stands for {_meant(piece)[:40]}",
                golden=_meant(piece),
                candidate=piece,
            )


def _mojibake(text: Written) -> str:
    """The first piece of a text that shows UTF-8 bytes in another encoding; "" without one."""
    pieces = (_first(string) or _elsewhere(string) for string in text.strings if not string.isascii())
    piece = next(filter(None, pieces), "")
    return "" if piece and is_raw(text) else piece


def _elsewhere(string: str) -> str:
    """The first word of a text that is UTF-8 once it is written in another platform's encoding, all of it."""
    start = string[:_START]
    if not any(_is_language(_read_back(start, encoding)) for encoding in _OTHERS):
        return ""
    return next(word for word in start.split() if not word.isascii())


def _read_back(start: str, encoding: str) -> str:
    """What the beginning of a text was; "" where its bytes are no UTF-8. The last character may be cut."""
    try:
        return codecs.utf_8_decode(start.encode(encoding), "strict", False)[0]
    except UnicodeError:
        return ""


def _is_language(text: str) -> bool:
    """Whether there are enough letters beyond ASCII, of one script: what is UTF-8 by chance mixes them."""
    letters = {char for char in text if char > "\x7f" and char.isalpha()}
    scripts = {"East Asian" if char >= "\u2e80" else unicodedata.name(char, "").partition(" ")[0] for char in letters}
    return len(letters) >= _READ_BACK and len(scripts) == 1


def _first(string: str) -> str:
    found = [m for m in _TWICE.finditer(string) if _repaired(m[0])]
    # where all of the text can be read back, no character of it speaks against the damage
    whole = bool(found) and _TWICE.sub("", string).isascii()
    many = len({match[0] for match in found}) >= _MANY
    return next((m[0] for m in found if _is_plain(m[0]) or (whole and (many or _is_within(m)))), "")


def _is_plain(piece: str) -> bool:
    """Whether a piece alone is proof: no language ends a word so."""
    long = len(piece) > 2 and not _PUNCTUATION.issuperset(piece[1:])
    return long or (piece[0] in _LATIN and _PUNCTUATION.isdisjoint(piece))


def _is_within(match: re.Match[str]) -> bool:
    """Whether a piece stands for a letter within a word, or for a sign of Latin-1."""
    string, around = match.string, (match.start() - 1, match.end())
    touches = any(0 <= at < len(string) and string[at].isalpha() for at in around)
    return match[0][0] in _LATIN or (touches and _repaired(match[0]).isalpha())


def _meant(piece: str) -> str:
    """The text that a piece stands for."""
    readings = (_read_back(piece, encoding) for encoding in _OTHERS)
    return _repaired(piece) or next(filter(None, readings), "another text")


def _repaired(piece: str) -> str:
    """The characters whose UTF-8 bytes a piece shows one by one; "" where it shows none."""
    try:
        return b"".join(c.encode("latin-1" if c <= "\xff" else "cp1252") for c in piece).decode()
    except UnicodeError:
        return ""


RULE = Rule(
    id="text-mojibake",
    area="schema",
    # S50: the text is another one, and it is valid, so that nothing downstream notices
    severity=Severity.BREAKING,
    summary="a text was decoded with the wrong encoding on its way",
    who_breaks="readers see Ã¼ for ü; names, addresses and arguments with such letters match nothing and are stored so",
    hint="decode the upstream's bytes as UTF-8: a gateway reads them as Latin-1 or Windows-1252, or by a wrong charset",
    check=check,
)
