"""What a secret or personal data looks like in a text, and the mask that takes its place.

The mask keeps the shape: letters become x, digits 1, all else stays. So lengths, JSON, `format: email` and patterns
such as E.164 hold, equal secrets get equal masks, and masking twice changes nothing. A match whose mask is itself
is no leak.
"""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import quote, quote_plus

BAD_KEY = "sk-bad-0000"
"""The deliberate bad key of the built-in suite: no secret, and readable in goldens."""

MIN_SECRET = 8
"""Run-time keys below this length (`none`, `EMPTY`, …) are words of local engines, masked in headers only."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start:end` of one text that are of a kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of secret. Group `value`, where the pattern has it, is the secret; else the whole match.

    `needles`: one of them is in every text that can match, which saves most searches.
    """

    name: str
    pattern: re.Pattern[str]
    needles: tuple[str, ...]
    accept: Callable[[str], bool]


# -- masks --------------------------------------------------------------------------------------

# In a text that is JSON or code of its own, a mask must leave `\n` and `\u00e9` whole.
_ESCAPED = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)


def shape(character: str) -> str:
    """The mask of one character."""
    if character.isdigit():
        return "1"
    if character.isalpha():
        return "X" if "A" <= character <= "Z" else "x"
    return character


def masked(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """(index, character) for all that masking `text[start:end]` changes; escape sequences stay whole."""
    kept = _escaped(text, start, end)
    for index in range(start, end):
        if index not in kept and (new := shape(text[index])) != text[index]:
            yield index, new


def _escaped(text: str, start: int, end: int) -> frozenset[int]:
    # The span may begin inside an escape: look from the nearest place before it that can't be in one.
    begin = max(0, start - 6)
    while begin and text[begin - 1] == "\\":
        begin -= 1
    if text.find("\\", begin, end) < 0:
        return frozenset()
    return frozenset(i for m in _ESCAPED.finditer(text, begin, end) for i in range(*m.span()))


def is_masked(text: str, start: int, end: int) -> bool:
    """Whether nothing of a span is left to mask: only x, 1, signs and escapes are in it."""
    return next(masked(text, start, end), None) is None


# -- kinds --------------------------------------------------------------------------------------


def _luhn(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _iban(text: str) -> bool:
    """ISO 13616: the number that the turned text spells leaves 1 when divided by 97."""
    compact = text.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


def _telling(text: str) -> bool:
    """A digit or a provider's asterisks: words such as `sk-learn-pipeline` have neither."""
    return any(c.isdigit() or c == "*" for c in text)


def _mixed(text: str) -> bool:
    return _telling(text) and any(c.isalpha() for c in text)


def _spaced(text: str) -> bool:
    return " " in text or "-" in text


def _basic(text: str) -> bool:
    try:
        return b":" in base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return False


def _any(_: str) -> bool:
    return True


_START = r"(?<![A-Za-z0-9_])"  # not inside a longer word
_NAME = (
    r"(?:api[_-]?key|apikey|subscription[_-]?key|access[_-]?token|refresh[_-]?token|auth[_-]?token|id[_-]?token"
    r"|session[_-]?token|session(?:[_-]?id)?|client[_-]?secret|secret(?:[_-]?(?:access[_-]?)?key)?|private[_-]?key"
    r"|token|passw(?:or)?d|pwd|signature|sig|credential)"
)
_PROVIDERS = "gsk_ xai- hf_ r8_ pplx- fw_ nvapi- tvly- lsv2_ jina_ pcsk_ vck_ sgp_ esecret_"
_FORGES = "glpat- npm_ pypi- dop_v1_ dckr_pat_"


def _one_of(prefixes: str) -> str:
    return f"{_START}(?:{'|'.join(prefixes.split())})"


def _kind(name: str, pattern: str, needles: str, accept: Callable[[str], bool] = _any) -> Kind:
    return Kind(name, re.compile(pattern), tuple(needles.split()), accept)


PREFIXED = (
    _kind(
        "provider API key",
        # Providers echo keys with the middle as asterisks or dots.
        _START + r"(?:sk|pk|rk|csk|rpa)-[A-Za-z0-9_*.…-]{6,}[A-Za-z0-9_*-]",
        "k- rpa-",
        _telling,
    ),
    _kind("provider API key", _one_of(_PROVIDERS) + r"[A-Za-z0-9_-]{20,}", _PROVIDERS, _telling),
    _kind("provider API key", _START + r"(?:key-|dapi)[0-9a-f]{32}(?![0-9a-f])", "key- dapi"),
    _kind("Google key", _START + r"(?:AIza[\w-]{30,}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})", "AIza ya29. GOCSPX-"),
    _kind("GitHub token", _START + r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})", "gh"),
    _kind("token of a forge or registry", _one_of(_FORGES) + r"[\w-]{16,}", _FORGES),
    _kind("AWS key id", _START + r"(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])", "AKIA ASIA AROA AIDA"),
    _kind("JWT", _START + r"eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?", "eyJ"),
    _kind("Slack token", _START + r"xox[a-z]-[\w-]{10,}", "xox"),
    _kind("Slack hook", r"hooks\.slack\.com/services/(?P<value>[\w/]{10,})", "hooks.slack"),
    _kind("Stripe key", _START + r"(?:(?:sk|pk|rk)_(?:live|test)_\w{10,}|whsec_\w{16,})", "k_live_ k_test_ whsec_"),
    _kind("SendGrid key", _START + r"SG\.[\w-]{16,}\.[\w-]{16,}", "SG."),
    _kind("Twilio id or key", _START + r"(?:AC|SK)[0-9a-f]{32}(?![0-9a-f])", "AC SK"),
    _kind("organisation or project id", _START + r"(?:org-|proj_)[A-Za-z0-9]{12,}", "org- proj_", _mixed),
)
"""Kinds that their own first characters tell, wherever they stand."""

IN_CONTEXT = (
    _kind(
        "API key in an error",
        r"(?i:api[ _-]?key(?: provided)?:?)\s{1,3}(?P<value>[^\s\"',;]{6,}[A-Za-z0-9*])",
        "key Key KEY",
        _telling,
    ),
    _kind(
        "AWS secret key",
        r"(?i:aws.{0,20}(?:secret|session).{0,24}?[:=]\s*\W{0,3})(?P<value>[A-Za-z0-9/+]{40,}={0,2})",
        "aws AWS Aws",
    ),
    _kind("bearer token", r"(?i:bearer)\s+(?P<value>[\w.~+/=*-]{8,})", "bearer Bearer BEARER", _telling),
    _kind("basic credentials", r"(?i:basic)\s+(?P<value>[A-Za-z0-9+/]{8,}={0,2})", "basic Basic BASIC", _basic),
    _kind(
        "private key",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?P<value>[\s\S]*?)(?:-----END|\Z)",
        "PRIVATE",
    ),
    _kind(
        "password in a URL",
        r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/@:\"'<>]{0,80}:(?P<value>[^\s/@\"'<>]{1,200})@",
        "://",
    ),
    _kind(
        "value of a secret's name",
        rf"(?i){_START}(?:x-)?{_NAME}(?:\\?[\"'])?\s{{0,3}}[:=]\s{{0,3}}(?:\\?[\"'])?"
        rf"(?P<value>[^\s\"'\\,;&<>{{}}()\[\]]{{6,}})",
        "= :",
        _mixed,
    ),
)
"""Kinds that only the words before them tell; in the source of a JSON text they would take its keys for such words."""

_NOT_BEFORE, _NOT_AFTER = r"(?<![\w+.-])", r"(?!\w|[:.-]\d)"
# Issuer prefixes and lengths of Visa, Mastercard, Discover, JCB (4-4-4-4), American Express and Diners.
_CARD = (
    rf"{_NOT_BEFORE}(?:(?:4\d{{3}}|5[1-5]\d\d|2[2-7]\d\d|6\d{{3}}|35\d\d)([ -]?)\d{{4}}\1\d{{4}}\1\d{{4}}"
    rf"|3[47]\d\d([ -]?)\d{{6}}\2\d{{5}}|3(?:0[0-5]|[68]\d)\d([ -]?)\d{{6}}\3\d{{4}}){_NOT_AFTER}"
)
_DIGITS = "0 1 2 3 4 5 6 7 8 9"

EMAIL = _kind(
    "email address",
    r"(?<![\w.%+-])[\w.%+-]{1,200}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}(?![\w@])",
    "@",
)

PERSONAL = (
    _kind("phone number", rf"(?<![\w+.])\+[1-9](?:[ .()-]{{0,2}}\d){{7,14}}{_NOT_AFTER}", "+"),
    _kind("phone number", rf"{_NOT_BEFORE}00[1-9](?:[ -]?\d){{7,13}}{_NOT_AFTER}", "00", _spaced),
    _kind(
        "phone number",
        rf"{_NOT_BEFORE}(?:1[ -])?(?:\(\d{{3}}\)[ .-]?|[2-9]\d\d[.-])\d{{3}}[.-]\d{{4}}{_NOT_AFTER}",
        "- .",
    ),
    _kind("card number", _CARD, _DIGITS, _luhn),
    _kind("social security number", rf"{_NOT_BEFORE}\d{{3}}-\d{{2}}-\d{{4}}{_NOT_AFTER}", "-"),
    _kind("IBAN", r"(?<![\w.-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", _DIGITS, _iban),
)
"""Runs of digits, which words have, and ids, numbers and vectors have by chance."""

SECRET_NAME = re.compile(rf"(?i)(?:[a-z0-9]+[_-]){{0,6}}(?:{_NAME}|key|code|authorization|cookie|organization|project)")
"""Headers and query parameters whose value is a secret or an account, whatever it looks like (with fullmatch)."""

SECRET_MEMBER = re.compile(
    r"(?i)(?:[a-z0-9]+[_-]){0,6}(?:api[_-]?key|(?:access|refresh|auth|session|id)[_-]?token|client[_-]?secret|secret"
    r"|secret[_-](?:access[_-])?key|private[_-]key|subscription[_-]key|password|passwd|passphrase|authorization)"
)
"""JSON keys whose text is a secret whatever it looks like. Not `token`: log probabilities have one each."""

# Vectors and images as base64 may contain anything by chance; a key can only be what such a run starts with.
_BLOB = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{200,}={0,2}")


_DUMMY = re.compile(r"[xX1\W_]*[xX1][xX1\W_]*")  # `xxxxxxxx`: what a mask looks like


def forms(secret: str) -> tuple[str, ...]:
    """A secret as it may stand in a text: itself, URL-encoded, and as base64 at each of the three offsets."""
    if len(secret) < MIN_SECRET or secret == BAD_KEY or _DUMMY.fullmatch(secret):
        return ()
    raw = secret.encode("utf-8", "replace")
    found = {secret, quote(secret, safe=""), quote_plus(secret), quote(secret)}
    for offset in range(3):
        code = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        # The first and last character may carry bits of the neighbours.
        core = code[(0, 2, 3)[offset] :][: (offset + len(raw)) * 8 // 6 - (0, 2, 3)[offset]]
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return tuple(sorted(found, key=len, reverse=True))


Depth = Literal["prefixed", "codes", "words"]
"""How much to look for. prefixed: what its own first characters tell; codes: also what context tells, and emails;
words: also runs of digits and the team's patterns."""

_CODES = (*PREFIXED, *IN_CONTEXT, EMAIL)
_KINDS: Mapping[Depth, tuple[Kind, ...]] = {"prefixed": PREFIXED, "codes": _CODES, "words": (*_CODES, *PERSONAL)}
EXACT = "API key of this run"


@dataclass(frozen=True)
class Detector:
    """Finds all that must not be stored. `secrets`: real key values; `patterns`: the team's own expressions."""

    secrets: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @cached_property
    def _exact(self) -> re.Pattern[str] | None:
        words = {form for secret in self.secrets for form in forms(secret)}
        ordered = sorted(words, key=lambda w: (-len(w), w))
        return re.compile("|".join(map(re.escape, ordered))) if ordered else None

    @cached_property
    def _team(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, self.patterns))

    def find(self, texts: Sequence[str], depth: Depth = "words") -> Iterator[tuple[int, Span]]:
        """(number of the text, span in it) for all that a mask would change. One search goes over all texts."""
        if not texts:
            return
        glue = "\n\0\n"  # NUL is no space, no word and no line break to any of our patterns
        starts = [0]
        for text in texts[:-1]:
            starts.append(starts[-1] + len(text) + len(glue))
        for start, end, kind in self._spans(glue.join(texts), depth):
            number = bisect_right(starts, start) - 1
            first, last = start - starts[number], min(end - starts[number], len(texts[number]))
            # A real key that no mask changes is all signs; it must be refused, not passed over.
            if first < last and (kind == EXACT or not is_masked(texts[number], first, last)):
                yield number, Span(first, last, kind)
        if depth == "words":
            yield from self._team_spans(texts)

    def _spans(self, text: str, depth: Depth) -> Iterator[tuple[int, int, str]]:
        if self._exact is not None:
            for match in self._exact.finditer(text):
                yield *match.span(), EXACT
        blobs = [m.span() for m in _BLOB.finditer(text)]
        for kind in _KINDS[depth]:
            if any(needle in text for needle in kind.needles):
                yield from _matches(kind, text, blobs)

    def _team_spans(self, texts: Sequence[str]) -> Iterator[tuple[int, Span]]:
        # One by one, because nobody knows what a team's pattern makes of the glue, of ^ and of $.
        for pattern in self._team:
            for number, text in enumerate(texts):
                for match in pattern.finditer(text):
                    if not is_masked(text, *match.span()):
                        yield number, Span(*match.span(), "team pattern")


def _matches(kind: Kind, text: str, blobs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    group: str | int = "value" if "value" in kind.pattern.groupindex else 0
    for match in kind.pattern.finditer(text):
        start, end = match.span(group) if match[group] is not None else match.span()
        value = text[start:end]
        if not value or value == BAD_KEY or not kind.accept(value):
            continue
        at = bisect_right(blobs, (start, len(text))) - 1
        inside = at >= 0 and blobs[at][0] < start < blobs[at][1]
        if not inside:
            yield start, end, kind.name
