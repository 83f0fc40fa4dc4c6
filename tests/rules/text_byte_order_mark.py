"""text-byte-order-mark: U+FEFF in a text."""

from __future__ import annotations

from tests.rules._written import flowing, quoted, responded, said, transcribed, with_arguments
from tests.rules_table import Row

MARK = "\ufeff"
CONTENT = ("risky choices[0].message.content",)

CASES = (
    Row("S68: a hop writes it before the text", said("Nile"), said(MARK + "Nile"), CONTENT),
    Row("before each delta", flowing("The ", "Nile"), flowing(MARK + "The ", MARK + "Nile"), CONTENT),
    Row(
        "in a value of the arguments",
        with_arguments("Kairo"),
        with_arguments("Kai" + MARK + "ro"),
        ("risky choices[0].message.tool_calls[0].function.arguments",),
    ),
    Row("in a response", responded("Nile"), responded(MARK + "Nile"), ("risky output[0].content[0].text",)),
    Row("the golden has one too", said(MARK + "Nile"), said(MARK + "Congo")),
    Row("the request holds one", quoted("Nile", "Repeat " + MARK), quoted("Nile" + MARK, "Repeat " + MARK)),
    Row("subtitles may begin with it", transcribed(b"Nile"), transcribed(b"\xef\xbb\xbfNile")),
    Row("other characters that nobody sees: a soft hyphen, U+200B, U+2060", said("Nile"), said("Ni\xad\u200b\u2060le")),
)
