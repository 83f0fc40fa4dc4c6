"""Text of strangers inside GitHub's and GitLab's Markdown: it stays text, whatever it holds.

Both turn `@name`, `#123`, links, images and HTML into something that acts, and escapes do not stop mentions. Inside
code nothing acts, so whatever could be taken for more than plain words is put there.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from gate.text.safe import EVIDENCE, line

# cmark gives up on code spans behind more than 80 backticks and on fences of more than 255; then all of it is markup.
_LONG_RUN = re.compile("(`{8})(?=`)")
_RUN = re.compile("`+")
# Letters, figures and the punctuation of a sentence; GH-12 is a reference, www. and :// begin a link.
_WORDS = re.compile(r"[\w .,;:()'\"/%=?+-]*")
# `__` is emphasis; the others are what GitHub and GitLab turn into links without any markup.
_REFERENCE = re.compile(r"\bGH-\d|www\.|://|__", re.IGNORECASE)


def code(text: str, limit: int = EVIDENCE) -> str:
    """An inline code span, fenced with more backticks than the text has in a row; empty for an empty text."""
    inside = _line(text, limit)
    # An empty code span is literal backticks in CommonMark (6.1).
    if not inside:
        return ""
    mark = "`" * (_longest(inside) + 1)
    # CommonMark strips one space at both ends of a code span, and a backtick there would join the fence.
    pad = " " if inside[0] in "` " or inside[-1] in "` " else ""
    return f"{mark}{pad}{inside}{pad}{mark}"


def cell(text: str, limit: int = EVIDENCE) -> str:
    """Inline code for a table, where a bar would start the next cell even inside code."""
    return code(text, limit).replace("|", "\\|")


def prose(text: str, limit: int = 600) -> str:
    """A sentence: plain where no character can be markup, else inline code. It must not start a line."""
    inside = _line(text, limit)
    return inside if _WORDS.fullmatch(inside) and not _REFERENCE.search(inside) else code(text, limit)


def fenced(lines: Sequence[str]) -> str:
    """A code block of lines that `safetext.line` has made."""
    inside = [_harmless(text) for text in lines]
    # A fence closes only at a run that is at least as long (CommonMark 4.5), so a remote can't end the block.
    mark = "`" * max(3, max(map(_longest, inside), default=0) + 1)
    return "\n".join([f"{mark}text", *inside, mark])


def inside(text: str, limit: int = 600) -> str:
    """The same as `prose` in HTML, where no Markdown acts but GitHub still looks for names and references."""
    shown = html.escape(_line(text, limit))
    return shown if prose(text, limit) == _line(text, limit) else f"<code>{shown}</code>"


def folded(summary: str, blocks: Iterable[str], *, shown: bool = False) -> str:
    """A `<details>` with one line of HTML in front and Markdown inside; blank lines end what is read as HTML. `shown`
    leaves it open."""
    return "\n\n".join([f"<details{' open' if shown else ''}><summary>{summary}</summary>", *blocks, "</details>"])


def _line(text: str, limit: int) -> str:
    return _harmless(line(text, limit))


def _harmless(text: str) -> str:
    # Rendered it would be harmless in code, but a search for our hidden marker reads the source.
    return _LONG_RUN.sub(r"\1 ", text).replace("<!--", "<! --")


def _longest(text: str) -> int:
    return max(map(len, _RUN.findall(text)), default=0)
