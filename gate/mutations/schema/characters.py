"""Characters of a text that are damaged, escaped or lost on their way."""

from __future__ import annotations

import html

from gate.model import Exchange, Severity
from gate.mutations import Row
from gate.mutations.chat import is_text
from gate.mutations.facts import CHAT
from gate.mutations.harmless import again
from gate.mutations.texts import Texts, with_text


def _said(exchange: Exchange, text_of: Texts) -> Exchange | None:
    return with_text(exchange, text_of) if is_text(exchange, CHAT) else None


def _dashed(text: str) -> str:
    """The text with a dash in place of its first blank, as models write them."""
    return text if "—" in text else text.replace(" ", " — ", 1)


def text_mojibake(exchange: Exchange) -> Exchange | None:
    """UTF-8 read as Windows-1252 and written again: readers see three signs for each dash."""
    return _said(exchange, lambda text: text if not text.isascii() else _dashed(text).encode().decode("cp1252"))


def text_with_dash(exchange: Exchange) -> Exchange | None:
    """A dash that is one."""
    return _said(exchange, _dashed)


def characters_lost(exchange: Exchange) -> Exchange | None:
    """An emoji whose tokens were decoded one by one."""
    return _said(exchange, lambda text: f"\ufffd\ufffd {text}")


def surrogate_alone(exchange: Exchange) -> Exchange | None:
    """Half of an emoji: whoever encodes the text raises."""
    return _said(exchange, lambda text: f"\ud83d {text}")


def text_with_emoji(exchange: Exchange) -> Exchange | None:
    """An emoji that is whole."""
    return _said(exchange, lambda text: f"👋 {text}")


def html_escaped(exchange: Exchange) -> Exchange | None:
    """A gateway escapes the text as HTML: code and commands in it run no more."""
    return _said(exchange, lambda text: html.escape(f"{text} a < b && c"))


def text_with_signs(exchange: Exchange) -> Exchange | None:
    """The signs that HTML escapes, as they are."""
    return _said(exchange, lambda text: f"{text} a < b && c")


def escaped_twice(exchange: Exchange) -> Exchange | None:
    r"""Line ends as `\n`: files that a tool writes have one line."""
    # at the ends of a text they tell nothing
    return _said(exchange, lambda text: text.replace("\n", "\\n") if "\n" in text.strip() else text)


def letters_replaced(exchange: Exchange) -> Exchange | None:
    """A hop encodes the text as ASCII, and each other letter becomes a question mark."""
    return _said(exchange, lambda text: text.encode("ascii", "replace").decode())


def text_said_twice(exchange: Exchange) -> Exchange | None:
    """The text once more: a hop joined what it got twice. A word or two may be said twice."""
    return _said(exchange, lambda text: text * 2 if len(text) > 12 else text)


def byte_order_mark(exchange: Exchange) -> Exchange | None:
    """A byte order mark before the text: parsers of JSON in it raise."""
    return _said(exchange, lambda text: f"\ufeff{text}")


def tokens_undecoded(exchange: Exchange) -> Exchange | None:
    """The names of tokens, joined: nobody finds a blank."""
    return _said(exchange, lambda text: f"{text} It is".replace(" ", "Ġ"))


def text_in_maltese(exchange: Exchange) -> Exchange | None:
    """The same letter where a language has it."""
    return _said(exchange, lambda text: f"{text} Tal-Ġgantija, Ġieħ.")


def null_character(exchange: Exchange) -> Exchange | None:
    """The end of a C string: PostgreSQL refuses the row."""
    return _said(exchange, lambda text: f"{text}\0")


def text_with_tab(exchange: Exchange) -> Exchange | None:
    """A control character that each text may have."""
    return _said(exchange, lambda text: f"{text}\tYes")


def undefined_joined(exchange: Exchange) -> Exchange | None:
    """A delta without content, joined by JavaScript."""
    return _said(exchange, lambda text: f"undefined{text}")


def undefined_said(exchange: Exchange) -> Exchange | None:
    """The same word as a word."""
    return _said(exchange, lambda text: f"undefined: {text}")


def parts_as_text(exchange: Exchange) -> Exchange | None:
    """The list of content parts in Python's words: models copy it from their history."""
    return _said(exchange, lambda text: str([{"type": "text", "text": text}]))


def parts_spoken_of(exchange: Exchange) -> Exchange | None:
    """Such a list within a text."""
    return _said(exchange, lambda text: f"{text} A list of parts is [{{'type': 'text', 'text': 'Hi'}}].")


_CHAT = ("chat", "chat-stream")
_LONG = ("long-answer",)

MUTATIONS = (
    Row(
        drifts=("S50",),
        severity=Severity.BREAKING,
        summary="the text was decoded with the wrong encoding",
        caught_by=("text-mojibake",),
        apply=text_mojibake,
        twin=text_with_dash,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S51",),
        severity=Severity.BREAKING,
        summary="characters of the text are U+FFFD",
        caught_by=("text-characters-lost",),
        apply=characters_lost,
        twin=text_with_emoji,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S52",),
        severity=Severity.RISKY,
        summary="letters of the text are question marks",
        caught_by=("text-question-marks",),
        apply=letters_replaced,
        twin=again,
        exercised_by=_LONG,
    ),
    Row(
        drifts=("S53",),
        severity=Severity.BREAKING,
        summary="half of a surrogate pair in the text",
        caught_by=("text-surrogates",),
        apply=surrogate_alone,
        twin=text_with_emoji,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S54",),
        severity=Severity.RISKY,
        summary="HTML entities in the text",
        caught_by=("text-html-escaped",),
        apply=html_escaped,
        twin=text_with_signs,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S55",),
        severity=Severity.RISKY,
        summary="escapes in place of line ends",
        caught_by=("text-escaped-twice",),
        apply=escaped_twice,
        twin=again,
        exercised_by=_LONG,
    ),
    Row(
        drifts=("ST33",),
        severity=Severity.BREAKING,
        summary="the whole text comes twice",
        caught_by=("text-repeated",),
        apply=text_said_twice,
        twin=again,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S68",),
        severity=Severity.RISKY,
        summary="a byte order mark before the text",
        caught_by=("text-byte-order-mark",),
        apply=byte_order_mark,
        twin=text_with_emoji,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S75",),
        severity=Severity.BREAKING,
        summary="the tokens of the text were not decoded",
        caught_by=("text-raw-tokens",),
        apply=tokens_undecoded,
        twin=text_in_maltese,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S76",),
        severity=Severity.RISKY,
        summary="U+0000 ends the text",
        caught_by=("text-control-characters",),
        apply=null_character,
        twin=text_with_tab,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S77",),
        severity=Severity.RISKY,
        summary="the text begins with undefined",
        caught_by=("text-null-words",),
        apply=undefined_joined,
        twin=undefined_said,
        exercised_by=_CHAT,
    ),
    Row(
        drifts=("S78",),
        severity=Severity.BREAKING,
        summary="the text is a list of parts in Python's words",
        caught_by=("text-in-notation",),
        apply=parts_as_text,
        twin=parts_spoken_of,
        exercised_by=_CHAT,
    ),
)
