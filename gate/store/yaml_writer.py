"""YAML for files that people review: text in literal blocks wherever that is lossless, and long lists wrapped.

Also text with emoji, which libyaml's emitter would turn into one long escaped line.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterator, Mapping

from gate.model import Json

# What no YAML reader takes for anything but text; a media type with parameters is the longest of it.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./+-]*(?:; ?[A-Za-z0-9_=./+-]+)*")
# Words that YAML 1.1 reads as booleans and null (https://yaml.org/type/bool.html); vcrpy's reader is one.
_NOT_PLAIN = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null")
_NEEDS_ESCAPE = re.compile(
    '["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]',
)
# Beyond these, plain breaks and tabs included, a literal block would not give the same text back.
_NOT_LITERAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_LINE = re.compile("[^\n]*\n|[^\n]+")
_SIMPLE_KEY = 120  # libyaml's limit is 1024 characters; beyond it a key needs a question mark
# chosen: a recording can be read beside the one that it replaces.
_WIDTH = 110


def write(value: Mapping[str, Json]) -> str:
    """A mapping as a YAML document that reads back equal. Shapes: JSON values, and bytes for what is no text."""
    return "".join(_mapping(value, ""))


def _mapping(value: Mapping[str, Json], indent: str) -> Iterator[str]:
    for key, item in value.items():
        name = _scalar(key)
        yield f"{indent}? {name}\n{indent}:" if len(name) > _SIMPLE_KEY else f"{indent}{name}:"
        yield from _value(item, indent)


def _value(item: Json, indent: str) -> Iterator[str]:
    """What follows a colon, up to the end of its last line."""
    if isinstance(item, Mapping) and item:
        yield "\n"
        yield from _mapping(item, indent + "  ")
    elif isinstance(item, list | tuple) and any(isinstance(x, Mapping) and x for x in item):
        yield "\n"
        for entry in item:
            yield from _entry(entry, indent)
    elif isinstance(item, list | tuple):
        yield f" {_flow_list(item, indent)}\n"
    elif isinstance(item, bytes):
        yield f" {_binary_block(item, indent + '  ')}\n"
    elif isinstance(item, str) and _in_block(item):
        yield from _literal(item, indent + "  ")
    else:
        yield f" {_scalar(item, indent + '  ')}\n"


def _entry(entry: Json, indent: str) -> Iterator[str]:
    if isinstance(entry, Mapping) and entry:
        lines = "".join(_mapping(entry, indent + "  "))
        yield f"{indent}- {lines[len(indent) + 2 :]}"
    else:
        yield f"{indent}- {_flow(entry)}\n"


def _in_block(text: str) -> bool:
    """Whether a block is more readable than quotes, and gives the same text back."""
    # A JSON body in quotes would need a backslash before each of its own quotes: no reviewer reads that.
    needs = "\n" in text or (len(text) > 40 and ('"' in text or "\\" in text))
    return needs and text.strip("\n") != "" and not _NOT_LITERAL.search(text)


def _literal(text: str, indent: str) -> Iterator[str]:
    # Without a digit the reader takes the indent from the first line, which may start with a space of its own.
    digit = "2" if text[0] in " \t\n" else ""
    chomp = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") else ""
    yield f" |{digit}{chomp}\n"
    for line in _LINE.findall(text):
        yield line if line == "\n" else indent + line
    if not text.endswith("\n"):
        yield "\n"


def _flow_list(items: list[Json] | tuple[Json, ...], indent: str) -> str:
    """`[a, b]`, wrapped: one stream has thousands of chunks."""
    lines, width = [""], len(indent)
    for number, item in enumerate(items):
        text = _flow(item) + ("," if number < len(items) - 1 else "")
        if lines[-1] and width + len(lines[-1]) + len(text) > _WIDTH:
            lines.append("")
        lines[-1] += f" {text}" if lines[-1] else text
    return f"[{f'{chr(10)}{indent}  '.join(lines)}]"


def _flow(item: Json) -> str:
    if isinstance(item, list | tuple):
        return f"[{', '.join(map(_flow, item))}]"
    if isinstance(item, Mapping):
        pairs = (f"? {_scalar(k)} : {_flow(v)}" for k, v in item.items())
        return "{" + ", ".join(pairs) + "}"
    return _binary_line(item) if isinstance(item, bytes) else _scalar(item)


def _binary_line(value: bytes) -> str:
    return f'!!binary "{base64.b64encode(value).decode()}"'


def _binary_block(value: bytes, indent: str) -> str:
    # chosen: it fits the line.
    if len(value) < 60:
        return _binary_line(value)
    lines = base64.encodebytes(value).decode().split()
    return "!!binary |\n" + "\n".join(indent + line for line in lines)


def _scalar(item: Json, indent: str | None = None) -> str:
    """One scalar on one line; with an indent, a text of several lines goes over as many."""
    if isinstance(item, Mapping):  # an empty one; others are written as blocks
        return "{}"
    # Before int, because a bool is one.
    if item is None or isinstance(item, bool):
        return {None: "null", True: "true", False: "false"}[item]
    if isinstance(item, float):
        return _float(item)
    if isinstance(item, int):
        return str(item)
    text = str(item)
    if _PLAIN.fullmatch(text) and not _NOT_PLAIN.fullmatch(text):
        return text
    if indent is None or "\n" not in text[:-1]:
        return f'"{_escaped(text)}"'
    # A backslash at the line's end joins the lines again; a space or tab at the next line's start must be escaped.
    parts = [_escaped(line) for line in _LINE.findall(text)]
    return '"' + f"\\\n{indent}".join("\\" + p if p[0] == " " else p for p in parts) + '"'


def _escaped(text: str) -> str:
    return _NEEDS_ESCAPE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xD800 <= code <= 0xDFFF:  # half of a pair is no character; YAML has no way to write it
        return "\\ufffd"
    return _SHORT.get(match[0]) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def _float(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    text = repr(value)
    # YAML 1.1 reads 1e-05 as text; it wants a dot, and a sign after the e.
    return re.sub(r"^(-?\d+)e", r"\1.0e", text)
