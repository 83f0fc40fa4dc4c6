"""What a secret or personal data looks like: the one table that scrubbing, gate.yaml, the action and curl ask.

Standard library alone: the action imports this before anything is installed.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

BAD_KEY = "sk-bad-0000"
"""The deliberate bad key of the built-in suite: no secret, and readable in goldens."""

MIN_SECRET = 8
"""Run-time keys below this length (`none`, `EMPTY`, …) are words of local engines, masked in headers only."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of secret. Group `value`, where the pattern has it, is the secret; else the whole match.

    `needles`: one of them is in every text that can match, which saves most searches.
    """

    name: str
    pattern: re.Pattern[str]
    needles: tuple[str, ...]
    accept: Callable[[str], bool]


def _luhn(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _iban(text: str) -> bool:
    """ISO 13616: the country and check digits go to the end, letters become 10 to 35, and the number modulo 97 is 1."""
    compact = text.replace(" ", "")
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


def _has_digit_or_mask(text: str) -> bool:
    """A digit or a provider's asterisks: words such as `sk-learn-pipeline` have neither."""
    return any(c.isdigit() or c == "*" for c in text)


def _mixed(text: str) -> bool:
    return _has_digit_or_mask(text) and any(c.isalpha() for c in text)


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
_PROVIDERS = "gsk_ gsk- sk_ xai- hf_ r8_ pplx- fw_ nvapi- tvly- lsv2_ jina_ pcsk_ vck_ sgp_ esecret_"
_FORGES = "glpat- npm_ pypi- dop_v1_ dckr_pat_"


def _one_of(prefixes: str) -> str:
    return f"{_START}(?:{'|'.join(prefixes.split())})"


def _kind(name: str, pattern: str, needles: str, accept: Callable[[str], bool] = _any) -> Kind:
    return Kind(name, re.compile(pattern), tuple(needles.split()), accept)


KEYS = (
    _kind(
        "provider API key",
        # Providers echo keys with the middle as asterisks or dots.
        _START + r"(?:sk|pk|rk|csk|rpa)-[A-Za-z0-9_*.…-]{6,}[A-Za-z0-9_*-]",
        "k- rpa-",
        _has_digit_or_mask,
    ),
    _kind("provider API key", _one_of(_PROVIDERS) + r"[A-Za-z0-9_-]{20,}", _PROVIDERS, _has_digit_or_mask),
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
)
"""Keys that their own first characters tell, wherever they stand."""

ACCOUNT = _kind("organisation or project id", _START + r"(?:org-|proj_)[A-Za-z0-9]{12,}", "org- proj_", _mixed)

PREFIXED = (*KEYS, ACCOUNT)
"""All that its own first characters tell."""

_WHOLE = re.compile(
    r"(?:sk|pk|gsk|xai|nvapi|pplx|glpat)-\S+|(?:sk|gsk|hf|r8|ghp|github_pat)_\w{16,}|AIza\S{20,}|AKIA[A-Z0-9]{12,}"
    r"|eyJ[\w-]{10,}\.\S+|[0-9a-fA-F]{32,}"
)
"""What is a key where it is the whole value of a setting; in a text it may be an id, a checksum or a word."""

IN_CONTEXT = (
    _kind(
        "API key in an error",
        r"(?i:api[ _-]?key(?: provided)?:?)\s{1,3}(?P<value>[^\s\"',;]{6,}[A-Za-z0-9*])",
        "key Key KEY",
        _has_digit_or_mask,
    ),
    _kind(
        "AWS secret key",
        r"(?i:aws.{0,20}(?:secret|session).{0,24}?[:=]\s*\W{0,3})(?P<value>[A-Za-z0-9/+]{40,}={0,2})",
        "aws AWS Aws",
    ),
    _kind("bearer token", r"(?i:bearer)\s+(?P<value>[\w.~+/=*-]{8,})", "bearer Bearer BEARER", _has_digit_or_mask),
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

_CREDENTIAL = rf"{_NAME}|key|authorization|cookie"

CREDENTIAL_NAME = re.compile(rf"(?i)(?!.*(?:cache|idempotency)[_-]key$)(?:[a-z0-9]+[_-]){{0,6}}(?:{_CREDENTIAL})")
"""Headers and query parameters whose value is a secret, whatever it looks like (with fullmatch)."""

SECRET_NAME = re.compile(rf"(?i)(?:[a-z0-9]+[_-]){{0,6}}(?:{_CREDENTIAL}|code|organization|project)")
"""The same, and those whose value is an account or may be a secret: they are masked, and allowed in gate.yaml."""

KEY_HEADERS = frozenset({"authorization", "api-key", "x-api-key"})
"""Headers in which the APIs take their key."""

SECRET_MEMBER = re.compile(
    r"(?i)(?:[a-z0-9]+[_-]){0,6}(?:api[_-]?key|(?:access|refresh|auth|session|id)[_-]?token|client[_-]?secret|secret"
    r"|secret[_-](?:access[_-])?key|private[_-]key|subscription[_-]key|password|passwd|passphrase|authorization)"
)
"""JSON keys whose text is a secret whatever it looks like. Not `token`: log probabilities have one each."""


def forms(secret: str, shortest: int = MIN_SECRET) -> tuple[str, ...]:
    """A secret as it may stand in a text, the longest form first; none where it is shorter than `shortest`.

    Itself, URL-encoded, escaped in JSON, and as base64 at each of the three offsets.
    """
    if len(secret) < shortest:
        return ()
    raw = secret.encode("utf-8", "replace")
    shapes = {secret, quote(secret, safe=""), quote_plus(secret), quote(secret), json.dumps(secret)[1:-1]}
    for offset in range(3):
        code = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        # The first and last character may carry bits of the neighbours.
        core = code[(0, 2, 3)[offset] :][: (offset + len(raw)) * 8 // 6 - (0, 2, 3)[offset]]
        shapes |= {core, core.replace("+", "-").replace("/", "_")}
    return tuple(sorted(shapes, key=lambda shape: (-len(shape), shape)))


def is_key(value: str) -> bool:
    """Whether a whole value, with or without `Bearer`, has the form of a key."""
    text = re.sub(r"(?i)^bearer\s+", "", value.strip())
    return bool(_WHOLE.fullmatch(text)) or any(k.pattern.fullmatch(text) and k.accept(text) for k in KEYS)


def looks_random(name: str) -> bool:
    """Whether a variable's name is long and mixes lower case with digits, as keys do and names rarely do."""
    return len(name) >= 20 and bool(re.search("[a-z]", name) and re.search("[0-9]", name))
