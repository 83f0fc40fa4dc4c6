"""U+FFFD in a text: what a decoder writes for bytes that it could not read (S51)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gate.model import Comparison, Drift, Pair, Rule, Severity
from gate.observe.answer import at_limit, choices
from gate.observe.texts import Texts, Written, mentions, texts
from gate.wire.shape import show

_LOST = "\ufffd"
# what U+FFFD becomes where its UTF-8 is read as GBK: https://www.unicode.org/charts/PDF/UFFF0.pdf has the character
_LOST_AS_GBK = "锟斤拷"
# Letters that a text lost. Chosen: a model may spell one or two words without accents, and leaves no letter out.
_LETTERS = 3


def check(comparison: Comparison) -> Iterator[Drift]:
    """A character that was cut apart, by tokens or by chunks, in any text that the model writes."""
    for pair, text, lost in texts(comparison).unshown(_lost):
        # bytes that are no UTF-8 are utf8-damaged's: the gate itself read U+FFFD for them
        known = pair.candidate.framing.bad_utf8 or mentions(pair.candidate, lost)
        if not known and not _is_cut(pair, text):
            yield pair.drift(
                path=text.path,
                message=f"{text.what} has lost characters: U+FFFD stands in their place",
                golden="whole characters",
                candidate=show(_around(text, lost), 60),
            )
    both = texts(comparison)
    for pair, text, whole in both.unshown(_gone(both)):
        yield pair.drift(
            path=text.path,
            message=f"{text.what} has lost its letters beyond ASCII: nothing stands in their place",
            golden=show(whole, 60),
            candidate=show(text.text, 60),
        )


def _gone(both: Texts) -> Callable[[Written], str]:
    """The fault of a text that is a golden's but for its letters beyond ASCII."""
    golden = {string for sample in both.golden for text in sample for string in text.strings if not string.isascii()}
    bare = {left: string for string in golden if _shows(string, left := _ascii(string))}

    def fault(text: Written) -> str:
        return next((bare[string] for string in text.strings if string in bare), "")

    return fault


def _ascii(string: str) -> str:
    return string.encode("ascii", "ignore").decode()


def _shows(string: str, left: str) -> bool:
    """Whether what is left of a text shows that letters are gone: words without some of theirs, or two blanks in a row
    where a word was. Of 答案是42 a 42 is left, which is an answer as well."""
    lost = [char for char in string if not char.isascii() and char.isalpha()]
    holes = "  " in left and "  " not in string
    return len(lost if holes else list(filter(_is_latin, lost))) >= _LETTERS


def _is_latin(char: str) -> bool:
    # Latin-1 to Extended-B, and Extended Additional for Vietnamese: https://www.unicode.org/Public/UNIDATA/Blocks.txt
    return char <= "\u024f" or "\u1e00" <= char <= "\u1eff"


def _lost(text: Written) -> str:
    return next((lost for lost in (_LOST, _LOST_AS_GBK) for string in text.strings if lost in string), "")


def _is_cut(pair: Pair, text: Written) -> bool:
    """Whether the limit on tokens ended the text within a character: that happens on any route."""
    limited = any(map(at_limit, choices(pair.candidate)))
    return limited and _LOST not in text.text.rstrip(_LOST)


def _around(text: Written, lost: str) -> str:
    string = next(string for string in text.strings if lost in string)
    at = string.index(lost)
    return string[max(0, at - 20) : at + 20]


RULE = Rule(
    id="text-characters-lost",
    area="schema",
    # S51: what is lost can't be repaired by any client
    severity=Severity.BREAKING,
    summary="characters of a text are lost: U+FFFD stands in their place",
    who_breaks="readers of CJK, emoji and accents see �; file names and arguments with such characters are wrong",
    hint="decode whole characters: a server or proxy decodes tokens or chunks one by one",
    check=check,
)
