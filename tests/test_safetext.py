"""Hostile text: what the candidate sends must not act on a terminal, on XML or on a CI runner."""

from __future__ import annotations

import pytest

from gate.text.safe import cut, line, uncommanded


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ümlaut, 漢字, 😀", "plain text, ümlaut, 漢字, 😀"),
        ("", ""),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"),
        ("nul \x00 del \x7f c1 \x9b", "nul \\x00 del \\x7f c1 \\x9b"),
        ("\u202egnirts", "\\u202egnirts"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("lone \ud800", "lone \\ud800"),
        ("no character \U0001fffe", "no character \\U0001fffe"),
        ("line \u2028 paragraph \u2029", "line \\u2028 paragraph \\u2029"),
        ("::error::x", ": :error::x"),
        ("  ::error::x", "  : :error::x"),
        ("a ::error::x stays, it starts no line", "a ::error::x stays, it starts no line"),
        ("x ##[error]y", "x ## [error]y"),
        ("###[group]", "### [group]"),
        ("##vso[task.setvariable]", "## vso[task.setvariable]"),
        ("## heading [link]", "## heading [link]"),
    ],
)
def test_line(text: str, shown: str) -> None:
    assert line(text) == shown
    assert line(line(text)) == shown


def test_cut_says_how_long_it_was_and_can_be_repeated() -> None:
    short = cut("A" * 1_000_000, 100)
    assert short.endswith("A… (1,000,000 characters)")
    assert len(short) == 100
    assert cut(short, 100) == short
    assert cut("A" * 100, 100) == "A" * 100


def test_escaping_a_cut_text_stays_bounded() -> None:
    assert len(line("\U0001fffe" * 1_000_000, 50)) <= 500


def test_uncommanded_looks_at_every_line() -> None:
    assert uncommanded("a\n\t::set-output::b\n\n::x") == "a\n\t: :set-output::b\n\n: :x"
