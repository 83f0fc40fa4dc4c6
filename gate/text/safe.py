"""Text of strangers made harmless: what a remote sent reaches no terminal, XML or CI log as it came.

Three dangers, three functions: length (`cut`), characters that a terminal or XML acts on (`line`), and lines
that a CI runner takes for commands (`uncommanded`). Formats with a markup of their own escape on top of this;
`command` writes a workflow command whose text stays text.
"""

from __future__ import annotations

import re

# chosen: about two lines of a wide terminal, enough to see where two values part. Callers give a sentence 600 (a
# reason) or 900 (the lead), a name 40 to 80, by what a line or a cell holds.
EVIDENCE = 240  # characters of one piece of remote text on a printed line
# chosen: a report of some hundred findings stays far below the 64 MiB that `store.report_file` reads.
STORED = 8192  # characters of one string in a stored report
REPORT = 64 * 1024 * 1024  # characters of a stored report: what is larger is neither written nor read

# The runner trims white space before `::`, but takes `##[…]` (and Azure its `##vso[…]`) anywhere in a line.
# https://github.com/actions/runner: ActionCommand.TryParseV2 and TryParse.
_COMMAND_START = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
# The word before the bracket is empty or `vso`; the bound keeps the search linear.
_COMMAND_ANYWHERE = re.compile(r"##(?=\w{0,20}\[)")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def cut(text: str, limit: int) -> str:
    """At most `limit` characters; a cut text says how long it was. Cutting twice changes nothing."""
    if len(text) <= limit:
        return text
    # The tail takes its room from the text, so that what is cut fits the limit and is not cut again.
    tail = f"… ({len(text):,} characters)"
    return text[: max(0, limit - len(tail))] + tail


def line(text: str, limit: int = EVIDENCE) -> str:
    """One printable line: controls, line ends, marks of direction, lone surrogates and the like become escapes.

    `limit` counts characters before escaping, so the result is at most ten times as long.
    """
    # First cut, then escape: escapes of a megabyte of control characters would cost several.
    short = cut(text, limit)
    if not short.isprintable():
        short = "".join(c if c.isprintable() else _escape(c) for c in short)
    return uncommanded(short)


def command(name: str, message: str, **properties: str | int) -> str:
    """One workflow command of GitHub: https://docs.github.com/actions/reference/workflow-commands."""
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name}{' ' if listed else ''}{listed}::{_data(message)}"


# Escapes of the runner's own toolkit (@actions/core, command.ts): without them a line break in a message starts a new
# line, on which a forged command would count.
def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def uncommanded(document: str) -> str:
    """The document with a space in every spot where a CI runner would read a workflow command."""
    return _COMMAND_ANYWHERE.sub("## ", _COMMAND_START.sub(r"\1: ", document))


def _escape(char: str) -> str:
    code = ord(char)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return _NAMED.get(char) or (f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}")
