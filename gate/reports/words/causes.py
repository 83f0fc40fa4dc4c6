"""Which findings have one cause, and so one headline. Pure.

Evidence quotes what a remote sent. Some of it names the cause (a status, a word of the API, the name of a field), some
differs from one scenario to the next without meaning (a length, an id, the words of an answer).
"""

from __future__ import annotations

import re
from collections.abc import Hashable

from gate.judge.served import subject
from gate.model import Finding
from gate.text.safe import STORED, cut
from gate.wire.paths import name
from gate.wire.shape import indexless

_READ = 500  # characters of one text that are compared
# what the model wrote: only its JSON type and whether it is empty count
_WRITTEN = frozenset({"content", "text", "arguments", "reasoning", "reasoning_content", "input", "refusal", "output"})
_NESTED = ("{", "[")
_FIELDS = frozenset({"type", "code", "status", "param"})  # members of an object whose value counts

# end_turn, MAX_TOKENS, BadRequestError, text/html: APIs choose these from a list. Ids have digits, prose has blanks.
_VOCABULARY = re.compile(r"[a-z]+(?:[_.:/-]+[a-z]+)*|[A-Z]+(?:_[A-Z]+)*|(?:[A-Z][a-z]+){2,}|None|True|False")
_STATUS = re.compile(r"[1-5]\d\d")
_TOKENS = re.compile(
    r"""
      "(?P<quoted>(?:[^"\\]|\\.)*)(?:"|\Z)
    | (?<!\w)'(?P<named>[^']*)'(?!\w)
    | (?P<url>https?://[^/\s:"]*)[^\s"]*
    | (?P<object>\{.*)
    | (?P<list>\[[^\]].*)
    | (?P<status>(?:(?<=status\ )|(?<=HTTP\ )|(?<![^\s])(?=\d{3}\ (?:"|with\ |\{|https?://)))[1-5]\d\d)(?!\d)
    | (?P<number>U\+[0-9A-F]+|-?\d+(?:[.,]\d+)*)
    | (?P<foreign>[^\x00-\x7f]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_MEMBER = re.compile(r'"((?:[^"\\]|\\.)*)": ("(?:[^"\\]|\\.)*"|-?\d+|null|true|false)?')
_ALL = re.compile(r" in (\d+) of \1 chunks?\b")  # a plain body lacks the field as a whole, too
_LISTED = re.compile(r"((?:#|text|~)(?:, | ))+(?=#|text|~)")


def cause(finding: Finding) -> Hashable:
    """The key that findings of one cause share: outcome, rule, path, severity, route, and what both sides mean.

    The message counts like the evidence: a headline shows only that of its first finding. An endpoint that the
    candidate does not serve is one cause, whatever each of its scenarios says.
    """
    path = indexless(cut(finding.path, STORED))
    head = (finding.outcome, finding.rule, path, finding.severity, finding.route)
    if unserved := subject(finding):
        return (*head, unserved)
    return (*head, *values(finding.golden, finding.candidate, path), meaning(finding.message, path))


def values(golden: str, candidate: str, path: str) -> tuple[str, str]:
    """What the evidence of both sides means for the cause.

    Where the candidate has nothing, only the JSON type of the golden's value counts. Where both have an object, their
    form differs, and the message says how. A status that both have is no difference.
    """
    before, after = meaning(golden, path), meaning(candidate, path)
    if before[:1] in _NESTED:
        before = before[0]
        after = after[0] if after[:1] in _NESTED else after
    if after in ("absent", "null"):
        return ("text" if before.startswith('"') else before), after
    if _leading(before) == _leading(after) != "":
        return before[3:], after[3:]
    return before, after


def _leading(text: str) -> str:
    """The status with which a text starts."""
    return text[:3] if _STATUS.fullmatch(text[:3]) and text[3:4] in ("", " ") else ""


def meaning(text: str, path: str = "") -> str:
    """A text of a finding without what has no meaning for its cause; `path` is the finding's.

    Statuses, words of a vocabulary, JSON types and names of fields stay. A number becomes `#`, a quoted text or an id
    `text`, an object its first name and its members that hold a word.
    """
    last = name(path)
    if last == "model":  # a model's name looks like an id
        return cut(text, STORED)
    if last in ("status", "code") and _STATUS.fullmatch(text.strip('"')):
        return text
    written = last in _WRITTEN
    reduced = _TOKENS.sub(lambda token: _reduced(token, written), _ALL.sub("", text[:_READ]))
    return _LISTED.sub("", " ".join(reduced.split()))


def _reduced(token: re.Match[str], written: bool) -> str:
    kind, part = str(token.lastgroup), token[str(token.lastgroup)]
    if kind in ("quoted", "named"):
        return _word(part, written)
    if kind in ("object", "list"):
        return part[0] if written else _object(part)
    if kind == "url":
        return re.sub(r"\d+", "#", part)
    return part if kind == "status" else {"number": "#", "foreign": "~"}[kind]


def _word(text: str, written: bool) -> str:
    """A quoted text: itself where it is a word that an API chooses from a list."""
    known = not text or (not written and len(text) <= 60 and _VOCABULARY.fullmatch(text))
    return f'"{text}"' if known else "text"


def _object(text: str) -> str:
    """`{type code="x"}`: the first name of an object, because evidence may be cut, and the members that hold a word."""
    members = _MEMBER.findall(text)
    words = [f"{key}={_value(value)}" for key, value in members if key in _FIELDS and value]
    return f"{text[0]}{' '.join([*(key for key, _ in members[:1]), *words])}"


def _value(text: str) -> str:
    if text.startswith('"'):
        return _word(text[1:-1], written=False)
    return text if _STATUS.fullmatch(text) or not text.lstrip("-").isdecimal() else "#"
