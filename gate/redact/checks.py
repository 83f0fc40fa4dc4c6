"""One kind of secret, and what a match must pass besides its expression: check digits, entropy, no placeholder."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of secret. Group `value`, where the pattern has it, is the secret; else the whole match.

    A match in which `value` took no part is none. `needles`: one of them is in every text that can match, which saves
    most searches. `of_pairs`: `names_something` is true of every text that can match.
    """

    name: str
    pattern: re.Pattern[str]
    needles: tuple[str, ...]
    accept: Callable[[str], bool]
    of_pairs: bool = False


_NAMES = (
    "key",
    "token",
    "secret",
    "passw",
    "passphrase",
    "pwd",
    "sig",
    "sess",
    "auth",
    "credential",
    "connect.sid",
    "shared",
)


def names_something(text: str) -> bool:
    """Whether a text has a `:` or `=`, and a word of the names in `gate.redact.named`."""
    if ":" not in text and "=" not in text and "%3" not in text:
        return False
    small = text.lower()
    return any(map(small.__contains__, _NAMES))


def anything(_: str) -> bool:
    """No further check."""
    return True


def kind(
    name: str, pattern: str, needles: str, accept: Callable[[str], bool] = anything, *, of_pairs: bool = False
) -> Kind:
    """A row of the table; `needles` are separated by spaces."""
    return Kind(name, re.compile(pattern), tuple(needles.split()), accept, of_pairs)


# -- check digits -------------------------------------------------------------------------------


def luhn(text: str) -> bool:
    """ISO/IEC 7812-1: every second digit from the right counts twice, and the sum is a multiple of ten."""
    digits = [int(c) for c in text if c.isdigit()]
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def iban(text: str) -> bool:
    """ISO 13616: the country and check digits go to the end, letters become 10 to 35, and the number modulo 97 is 1."""
    compact = re.sub("[ -]", "", text)
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


def ssn(text: str) -> bool:
    """https://www.ssa.gov/employer/randomization.html: no area 000, 666 or 900 to 999, no group 00, no serial 0000."""
    area, group, serial = re.split("[ -]", text)
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


# Every address of these can be met in anybody's network, and tells of nobody.
_LOCAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
        "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip


def public_address(text: str) -> bool:
    """Whether it is an IP address that is neither loopback, link-local, private nor of a group."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not any(address in network for network in _LOCAL if network.version == address.version)


def basic(text: str) -> bool:
    """Whether it is the base64 of `user:password`."""
    try:
        return b":" in base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return False


# -- what is a key and what a word --------------------------------------------------------------

_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_API_ID = re.compile(
    r"(?:chatcmpl|cmpl|resp|msg|call|toolu|fc|rs|req|run|step|thread|asst|file|vs|vsfs|batch|ftjob|item|evt|fp|ws|conv"
    r"|gen|embd|modr|chatcmpl-tool)[_-].*|sess_.*"
)
# What stands in place of a secret in examples, schemas and messages.
_PLACEHOLDER = re.compile(
    r"(?i)\$.*|%.*|[<{\[].*|\W*|\.{3}.*|(?:your|my|the|some|example|dummy|fake|test|sample|new|old|current)[_-]?.*"
    r"|(?:null|none|nil|undefined|true|false|string|str|text|integer|number|boolean|object|array|required|optional"
    r"|invalid|incorrect|missing|empty|hidden|redacted|masked|filtered|unknown|changeme|password|passwd|secret|token"
    r"|api[_-]?key|apikey|key|value|credentials?|username|default|bearer|basic|header|environ|expired|rejected|denied"
    r"|limits?|usage)s?\W*|(?:os|self|process|config|settings|env|args|request|options|params|secrets|vault)\..*"
)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")  # NAME_OF_ONE
_WORDS = re.compile(r"[A-Za-z]{1,19}(?:[_.-][A-Za-z]{1,19})*\W*|[A-Z][A-Z_]*")


def has_digit_or_mask(text: str) -> bool:
    """A digit or a provider's asterisks: words such as `sk-learn-pipeline` have neither."""
    return any(c.isdigit() or c == "*" for c in text)


def mixed(text: str) -> bool:
    """Letters, and digits or a provider's asterisks."""
    return has_digit_or_mask(text) and any(c.isalpha() for c in text)


def spaced(text: str) -> bool:
    """Digits in groups, as people write telephone numbers."""
    return " " in text or "-" in text


def of_phone(text: str) -> bool:
    """As many digits as a telephone number has (E.164: at most 15)."""
    return 7 <= sum(c.isdigit() for c in text) <= 15


def keyish(text: str) -> bool:
    """A digit, or so many letters or such a mixture of cases that it is no word."""
    return has_digit_or_mask(text) or _wordless(text)


def _wordless(text: str) -> bool:
    """Letters that are no words: a run of 20, or capitals and small letters in turns."""
    run = max(re.findall("[A-Za-z]+", text), key=len, default="")
    return len(run) >= 20 or (len(run) >= 12 and len(re.findall("[a-z][A-Z]{2}|[A-Z]{2}[a-z]", run)) >= 2)


def assigned(text: str) -> bool:
    """The value of a secret's name right after `=` or in quotes: anything but a placeholder or a variable."""
    return not (_PLACEHOLDER.fullmatch(text) or _VARIABLE.fullmatch(text))


def loose(text: str) -> bool:
    """The value of a secret's name in a sentence: no word, no placeholder."""
    return (mixed(text) or _wordless(text)) and not _PLACEHOLDER.fullmatch(text)


def parameter(text: str) -> bool:
    """The value of a query parameter like `code` and `key`, which may also be a plain word."""
    return (mixed(text) or not _WORDS.fullmatch(text)) and not text.isdigit() and not _PLACEHOLDER.fullmatch(text)


def entropy(text: str) -> float:
    """Shannon entropy in bits per character."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def random(text: str) -> bool:
    """High entropy: a run of letters and digits too long and too mixed for a name, a version, a uuid or an API's id."""
    if _UUID.fullmatch(text) or _API_ID.fullmatch(text):
        return False
    run = max(re.findall("[A-Za-z0-9]+", text), key=len, default="")
    return len(run) >= 12 and mixed(run) and entropy(run) >= 3.0
