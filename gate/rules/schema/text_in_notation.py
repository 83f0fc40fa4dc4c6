"""The whole text in another notation: its parts as a list, Python's bytes, base64, the events of a stream (S78)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from urllib.parse import unquote

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Severity
from gate.observe.breaches import read
from gate.observe.request import output
from gate.observe.texts import Texts, Written, speaks_of, texts
from gate.rules.schema._known import WORD, begins, words
from gate.wire.shape import show

_KINDS = frozenset({"answer", "reasoning", "refusal"})
# https://platform.openai.com/docs/api-reference/chat/create has a list of parts for a text, in requests alone
# fields of a form have such a type as well, and no text behind it
_PARTS = re.compile(r"""\s*\[\s*\{\s*(['"])type\1\s*:\s*(['"])(?:text\2\s*,\s*(['"])text\3\s*:|output_text\2)""")
# A part without its list, and answers of SDKs as Python shows them; what has no words of its own is shown with its
# address: https://docs.python.org/3/reference/datamodel.html#object.__repr__
_PART = re.compile(
    r"""\s*\{\s*(['"])type\1\s*:\s*(['"])(?:text|output_text)\2\s*,\s*(['"])text\3\s*:.*\}\s*""", re.DOTALL
)
_SHOWN = re.compile(
    r"(?:<[\w. ]{1,80} at 0x[0-9a-f]{4,16}>|(?:ChatCompletion|Choice|ModelResponse|AIMessage)\w*\(\w+=.*\))\s*",
    re.DOTALL,
)
# https://docs.python.org/3/library/stdtypes.html#bytes-objects
_BYTES = re.compile(r"""b(['"]).+\1""", re.DOTALL)
# https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream, in the text itself
_EVENTS = re.compile(r'\s*(?:event:[^\n]{0,60}\n)?data: ?\{"')
# behind a blank it is the mark of a task in a list
_DONE = re.compile(r"(?<=[\w.!?。！？])\n?\[DONE\]\s*\Z")
_DATA = "data: "
_PERCENT = re.compile("%[0-9A-F]{2}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
# Words that make a text of what is decoded. Chosen: an address or a key has one, a short name of a file three.
_WORDS = 4


@dataclass(frozen=True, slots=True)
class _Golden:
    """What the golden says: its texts, its words, and the kinds of text in which each sample has several words."""

    strings: Set[str]
    words: Set[str]
    prose: Set[str]


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden text of the same kind is in that notation."""
    both = texts(comparison)
    suspected = any(_is_suspect(text) for _, of in both.candidate for text in of)
    golden = _golden(both) if suspected else _Golden(frozenset(), frozenset(), frozenset())
    for pair, text, fault in both.unshown(lambda text: _fault(text, golden) if _is_suspect(text) else ""):
        if not _is_asked(pair.candidate, text.text, fault):
            yield pair.drift(
                path=text.path,
                message=f"{text.what} comes as {fault}",
                golden="the text itself",
                candidate=show(text.text, 80),
                severity=_weight(text.text, fault),
            )


def _is_asked(observation: Observation, text: str, fault: str) -> bool:
    """Whether the request asks for that notation, or speaks of it."""
    if fault in _OF_JSON:
        # an answer in JSON may be about messages; Python's words are no JSON
        told = output(observation) is not None
        return told or (read(text).value is not MISSING and speaks_of(observation, "json"))
    return speaks_of(observation, *_SPOKEN.get(fault, ()))


def _weight(text: str, fault: str) -> Severity | None:
    # models put quotes around a slogan or a translation, and escape none within; of \n and \u text-escaped-twice tells
    if fault == _QUOTED_AS and '\\"' not in text:
        return Severity.INFO
    return Severity.RISKY if fault in _MILD else None


def _golden(both: Texts) -> _Golden:
    prose = {
        kind
        for kind in _KINDS
        if (said := [text.text for sample in both.golden for text in sample if text.kind == kind])
        and all(len(text.split()) >= _WORDS for text in said)
    }
    whole = {text.text for sample in both.golden for text in sample if text.kind in _KINDS}
    return _Golden(whole, words(both), prose)


def _is_suspect(text: Written) -> bool:
    """Whether a text may be any of it: most texts are prose, and begin with a letter."""
    string = text.text
    starts = string.lstrip()[:1] in ("[", "{", '"', "<") or string[:2] in ("b'", 'b"') or "data:" in string[:80]
    starts = starts or string.startswith(("ChatCompletion", "Choice", "ModelResponse", "AIMessage"))
    return text.kind in _KINDS and (starts or "[DONE]" in string[-20:] or not any(map(str.isspace, string)))


_PARTS_AS, _MESSAGE_AS, _DONE_AS = (
    "a list of parts, as text",
    "a whole message or answer, as JSON",
    "a text with [DONE]",
)
_QUOTED_AS, _DATA_AS, _WRAPPED_AS = "a JSON string", "a text behind data:", "an object around it"
_SHOWN_AS, _BYTES_AS, _EVENTS_AS = "an object, as Python shows it", "Python's bytes", "events of a stream"
_PERCENT_AS, _BASE64_AS = "percent-encoded text", "base64"
# What a request says that may be answered so
_SPOKEN = {
    _SHOWN_AS: ("print(", "repr("),
    _BYTES_AS: ("bytes", "encode"),
    _EVENTS_AS: ("event", "data:"),
    _DONE_AS: ("[done]",),
    _PERCENT_AS: ("encode", "percent", "url"),
    _BASE64_AS: ("base64", "encode"),
}
_OF_JSON = frozenset({_PARTS_AS, _MESSAGE_AS, _WRAPPED_AS})
_MILD = frozenset({_DONE_AS, _QUOTED_AS, _DATA_AS, _WRAPPED_AS})


def _fault(text: Written, golden: _Golden) -> str:
    """The notation of a text, in words that go on with `comes as`; "" where it is in none."""
    string = text.text
    if _PARTS.match(string) or _PART.fullmatch(string):
        return _PARTS_AS
    if _is_message(string):
        return _MESSAGE_AS
    if _SHOWN.fullmatch(string):
        return _SHOWN_AS
    if _is_wrapped(string, golden.strings):
        return _WRAPPED_AS
    if shows_bytes(text):
        return _BYTES_AS
    if _EVENTS.match(string):
        return _EVENTS_AS
    if _DONE.search(string):
        return _DONE_AS
    if string.startswith(_DATA) and begins(string.removeprefix(_DATA), golden.words):
        return _DATA_AS
    if string[:1] == '"' and read(string).value in golden.strings:
        return _QUOTED_AS
    return _encoded(string, golden.words) if text.kind in golden.prose else ""


def shows_bytes(text: Written) -> bool:
    """Whether a text is Python's bytes of several words; their escapes follow from that."""
    return text.kind in _KINDS and bool(_BYTES.fullmatch(text.text)) and len(text.text.split()) >= _WORDS


def _is_message(string: str) -> bool:
    value = read(string).value if string.lstrip()[:1] == "{" else None
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("choices"), list) or ("content" in value and value.get("role") == "assistant")


def _is_wrapped(string: str, known: Set[str]) -> bool:
    """Whether a text is an object whose one member is the golden's text; other words a model may well put into one."""
    value = read(string).value if string.lstrip()[:1] == "{" else None
    said = list(value.values()) if isinstance(value, dict) else []
    return len(said) == 1 and isinstance(said[0], str) and said[0] in known


def _encoded(string: str, known: Set[str]) -> str:
    """The encoding of a text that has no blank any more, and says what the golden says, for the most part."""
    if any(map(str.isspace, string)):
        return ""
    if "://" not in string and _PERCENT.search(string) and _says(unquote(string), known):
        return _PERCENT_AS
    return _BASE64_AS if _says(_decoded(string), known) else ""


def _says(text: str, known: Set[str]) -> bool:
    said = [word.lower() for word in WORD.findall(text)]
    return len(said) >= _WORDS and 2 * sum(word in known for word in said) >= len(said)


def _decoded(string: str) -> str:
    """The text that base64 holds; "" where it holds none."""
    if len(string) % 4 or not _BASE64.fullmatch(string):
        return ""
    try:
        text = base64.b64decode(string).decode()
    except UnicodeDecodeError:
        return ""
    return text if text.replace("\n", " ").isprintable() else ""


RULE = Rule(
    id="text-in-notation",
    area="schema",
    # S78: clients take the notation for the answer, and models copy it from their history
    severity=Severity.BREAKING,
    summary="the whole text comes in another notation",
    who_breaks="readers see brackets, quotes or base64 in place of the answer; what parses it fails",
    hint="let the gateway write the text of the parts, and decode what it joins",
    check=check,
)
