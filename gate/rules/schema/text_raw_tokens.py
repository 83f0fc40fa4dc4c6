"""A text as its tokenizer writes it, `ZurichĠisĠlovely`: the tokens were joined, and never decoded (S75)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Written, mentions, texts
from gate.wire.shape import show

# What byte-level tokenizers of GPT-2's kind, SentencePiece and its fallback write for a blank, a line's end and bytes:
# https://huggingface.co/docs/transformers/tokenizer_summary. Behind a letter in lower case, a digit or a mark no word
# of Maltese has Ġ or Ċ, in a diagram ▁ stands beside other blocks, and numbers of a device tree stand apart. The bytes
# are a tab, a line's end and parts of letters beyond ASCII: all others have tokens, and a modem gets <0x0D><0x0A>.
_TOKENS = re.compile(
    r"(?<=[a-z0-9.,:;!?)`])[ĠĊ](?=\S)|(?<=\w)▁(?=\w)|(?<=[^\s=<,(\[])(?<!<0x0D>)<0x(?:0[9A]|[89A-F][0-9A-F])>"
)
# Tokens of templates have such blanks as well: template-marks-in-text and tool-call-in-text tell those
_MARKS = re.compile("<｜[^｜]{1,60}｜>")
# Chosen: an answer may show one such token where it speaks of them (row); a text that is damaged has one for each blank
_FEW = 2


def check(comparison: Comparison) -> Iterator[Drift]:
    """In any text that the model writes, where no golden text has them and the request speaks of none."""
    for pair, text, string in texts(comparison).unshown(_raw):
        token = _found(string)[0]
        # a `<` alone is in any request about HTML
        if not mentions(pair.candidate, token[:3] if token[0] == "<" else token[0]):
            at = string.index(token)
            yield pair.drift(
                path=text.path,
                message=f"{text.what} was not decoded: {token} stands for a blank, a line's end or a byte",
                golden="decoded text",
                candidate=show(string[max(0, at - 20) : at + 40], 60),
            )


def is_raw(text: Written) -> bool:
    """Whether this rule tells what is wrong with a text: such tokens show UTF-8 in characters of Latin-1 as well."""
    return bool(_raw(text))


def _raw(text: Written) -> str:
    """The first string with such tokens."""
    return next((string for string in text.strings if len(_found(string)) >= _FEW), "")


def _found(string: str) -> list[str]:
    if string.isascii() and "<0x" not in string:
        return []
    return _TOKENS.findall(_MARKS.sub(" ", string))


RULE = Rule(
    id="text-raw-tokens",
    area="schema",
    # S75: no blank and no line is left to read or to parse by
    severity=Severity.BREAKING,
    summary="a text was not decoded: it has the tokenizer's own marks for blanks and bytes",
    who_breaks="everyone who reads the text; code and arguments in it do not parse",
    hint="let the server decode the tokens with the model's own tokenizer, and not join their names",
    check=check,
)
