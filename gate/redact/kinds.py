"""What a secret or personal data looks like: the one table that scrubbing, gate.yaml, the action and curl ask.

Standard library alone: the action imports this before anything is installed.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus

from gate.redact.checks import Kind
from gate.redact.named import CREDENTIAL_NAME, IN_CONTEXT, SECRET_MEMBER, SECRET_NAME, WORD_MEMBER
from gate.redact.personal import EMAIL, PERSONAL
from gate.redact.vendors import ACCOUNT, KEYS

__all__ = [
    "BAD_KEY", "CREDENTIAL_NAME", "DUMMY_KEY", "EMAIL", "IN_CONTEXT", "KEYS", "KEY_HEADERS", "MIN_SECRET", "NO_KEYS",
    "PERSONAL", "PREFIXED", "PUBLIC_KEYS", "SECRET_MEMBER", "SECRET_NAME", "WORD_MEMBER", "Kind", "forms",
    "is_key", "looks_random",
]  # fmt: skip

BAD_KEY = "sk-bad-0000"
"""The deliberate bad key of the built-in suite: no secret, and readable in goldens."""

DUMMY_KEY = "sk-gate-0000"
"""What a gateway without a key of its own gets in a hermetic check: whether it is sent on must be readable."""

PUBLIC_KEYS = frozenset({BAD_KEY, DUMMY_KEY})

NO_KEYS = frozenset({"undefined", "null", "none", "nil", "nan", "[object object]", "false", "empty"})
"""What programs write into a header where they have no key, in lower case: readable, because it is what broke."""

MIN_SECRET = 8
"""Run-time keys below this length (`none`, `EMPTY`, …) are words of local engines, masked in headers only."""


PREFIXED = (*KEYS, ACCOUNT)
"""All that its own first characters tell."""

_WHOLE = re.compile(
    r"(?:sk|pk|gsk|xai|nvapi|pplx|glpat)-\S+|(?:sk|gsk|hf|r8|ghp|github_pat)_\w{16,}|AIza\S{20,}|AKIA[A-Z0-9]{12,}"
    r"|eyJ[\w-]{10,}\.\S+|[0-9a-fA-F]{32,}"
)
"""What is a key where it is the whole value of a setting; in a text it may be an id, a checksum or a word."""

KEY_HEADERS = frozenset({"authorization", "api-key", "x-api-key"})
"""Headers in which the APIs take their key."""


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
