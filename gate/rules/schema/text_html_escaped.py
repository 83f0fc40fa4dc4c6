"""HTML entities in place of characters: `&amp;&amp;` for `&&` in a command (S54)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Texts, Written, mentions, texts
from gate.wire.shape import show

# What escapers write: the characters that https://html.spec.whatwg.org/multipage/named-characters.html needs names
# for in text and attributes, by name or by number
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#0?3[489]|#6[02]|#x2[267]|#x3[ce]);", re.IGNORECASE)
_RAW = re.compile(r"[<>]|&(?!\w+;|#)")
# What stands for a character beyond ASCII: a number from 128 on, or a name that no variable of C has (`&num;` is one)
_BEYOND = re.compile(
    r"&(?:#(?:12[89]|1[3-9]\d|[2-9]\d\d|\d{4,6});|#x(?:[89a-f][0-9a-f]|[1-9a-f][0-9a-f]{2,4});"
    r"|[a-z](?:acute|grave|circ|uml|tilde|cedil|ring|slash|elig|caron);|(?:szlig|nbsp|[mn]dash|hellip|euro|[lr][sd]quo"
    r"|[lr]aquo);)",
    re.IGNORECASE,
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where a text has entities and no raw `<`, `>` or `&`: somebody escaped all of it; a lesson on HTML has both.
    Entities for letters only where the golden has such letters, and the text has none."""
    both = texts(comparison)
    if any(_ENTITY.search(text.text) or _BEYOND.search(text.text) for sample in both.golden for text in sample):
        return
    for pair, text, entity in both.unshown(_escaped):
        lettered = _ENTITY.fullmatch(entity) or _has_beyond(both, text)
        if lettered and not mentions(pair.candidate, entity):
            yield pair.drift(
                path=text.path,
                message=f"{text.what} is HTML-escaped: {entity} comes in place of the character",
                golden="no entities",
                candidate=show(_around(text, entity), 80),
            )


def _escaped(text: Written) -> str:
    """The first entity of a text that is escaped as a whole."""
    # arguments that are no JSON any more: tool-arguments-invalid names the escaping
    if text.kind == "arguments" and text.strings == (text.text,):
        return ""
    joined = "\n".join(text.strings)
    if "&" not in joined:
        return ""
    found = _ENTITY.search(joined) or (_BEYOND.search(joined) if joined.isascii() else None)
    return found[0] if found and not _RAW.search(_ENTITY.sub("", joined)) else ""


def _has_beyond(both: Texts, text: Written) -> bool:
    """Whether every golden sample has characters beyond ASCII in a text of the same kind."""
    alike = [[golden.text.isascii() for golden in sample if golden.kind == text.kind] for sample in both.golden]
    return any(alike) and not any(map(all, filter(None, alike)))


def _around(text: Written, entity: str) -> str:
    string = next(string for string in text.strings if entity in string)
    at = string.index(entity)
    return string[max(0, at - 30) : at + 40]


RULE = Rule(
    id="text-html-escaped",
    area="schema",
    # S54: models write entities by themselves now and then, so that one sample is no proof
    severity=Severity.RISKY,
    summary="a text has HTML entities in place of characters",
    who_breaks="tools run `a &amp;&amp; b` and write `&lt;div&gt;` into files; readers see the entities",
    hint="take the HTML escaping out of the gateway or the tool parser: JSON needs none",
    check=check,
)
