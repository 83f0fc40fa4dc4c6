"""Personal data: addresses, and the runs of digits that people give away."""

from __future__ import annotations

from gate.redact.checks import iban, kind, luhn, of_phone, public_address, spaced, ssn

_NOT_BEFORE, _NOT_AFTER = r"(?<![\w+.-])", r"(?!\w|[:.-]\d)"
# Issuer prefixes and lengths of Visa, Mastercard, Discover, JCB (4-4-4-4), American Express and Diners.
_CARD = (
    rf"{_NOT_BEFORE}(?:(?:4\d{{3}}|5[1-5]\d\d|2[2-7]\d\d|6\d{{3}}|35\d\d)([ .-]?)\d{{4}}\1\d{{4}}\1\d{{4}}"
    rf"|3[47]\d\d([ .-]?)\d{{6}}\2\d{{5}}|3(?:0[0-5]|[68]\d)\d([ .-]?)\d{{6}}\3\d{{4}}){_NOT_AFTER}"
)
_DIGITS = "0 1 2 3 4 5 6 7 8 9"
_DOMAIN = r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.(?:xn--[A-Za-z0-9-]{1,59}|[^\W\d_]{2,24})(?![\w@])"

EMAIL = (
    kind("email address", rf"(?<![\w.%+-])[\w.%+-]{{1,200}}@{_DOMAIN}", "@"),
    # RFC 5321: the local part may be a quoted string, and the domain may be internationalised (RFC 6531)
    kind("email address", rf"(?:\"|&quot;)(?P<value>[^\"\r\n\\&;]{{1,64}}\\?(?:\"|&quot;)@{_DOMAIN})", '"@ &quot;@'),
)

# Not a version: `release 10.2.30.4`, `v1.2.3.4`, `torch==2.1.0.1`, `Chrome/120.0.0.1`.
_VERSIONS = "version release build ver. ver firmware section chapter driver update sdk"
_NO_VERSION = "".join(rf"(?<!(?i:{word.replace('.', '[.]')})[ :=]\d)" for word in _VERSIONS.split())
_IPV4 = rf"\d(?<![\w+.=~^-]\d)(?<!\w/\d){_NO_VERSION}\d{{0,2}}(?:\.\d{{1,3}}){{3}}(?![\w-]|\.\w)"

PERSONAL = (
    kind("phone number", rf"(?<![\w+.])\+[1-9](?:[ .()-]{{0,2}}\d){{7,14}}{_NOT_AFTER}", "+"),
    kind("phone number", rf"{_NOT_BEFORE}00[1-9](?:[ -]?\d){{7,13}}{_NOT_AFTER}", "00", spaced),
    kind(
        "phone number",
        rf"{_NOT_BEFORE}(?:1[ -])?(?:\(\d{{3}}\)[ .-]?|[2-9]\d\d[.-])\d{{3}}[.-]\d{{4}}{_NOT_AFTER}",
        "- .",
    ),
    # With the trunk prefix 0: two to five digits of an area and two groups, five pairs, or the area in brackets.
    kind(
        "phone number",
        rf"{_NOT_BEFORE}(?:0[1-9](?:[ .-]\d\d){{4}}|0\d{{2,4}}[ /-]\d{{3,4}}[ -]?\d{{3,5}}|0\d[ -]\d{{4}}[ -]\d{{4}}"
        rf"|\(0\d{{1,4}}\) ?\d{{3,4}}[ -]?\d{{3,4}}){_NOT_AFTER}",
        "0",
    ),
    kind(
        "phone number",
        r"(?i:\b(?:phone|tel|telephone|telefon|mobile|cell|fax|whatsapp)(?: (?:number|no|nr))?\b)(?: is)?\W{1,4}"
        r"(?P<value>[(]?\d[\d ()/.-]{5,18}\d)(?!\w)",
        "hone ell el fax Fax obile hats",
        of_phone,
    ),
    kind("card number", _CARD, _DIGITS, luhn),
    kind("social security number", rf"{_NOT_BEFORE}\d{{3}}-\d{{2}}-\d{{4}}{_NOT_AFTER}", "-", ssn),
    kind(
        "social security number", rf"(?<![\d,] ){_NOT_BEFORE}\d{{3}} \d{{2}} \d{{4}}(?! ?\d){_NOT_AFTER}", _DIGITS, ssn
    ),
    kind(
        "IBAN",
        r"(?<![\w.-])(?i:[A-Z]{2})\d{2}(?:[ -]?(?i:[A-Z0-9]{4})){2,7}(?:[ -]?(?i:[A-Z0-9]{1,3}))?(?!\w)",
        _DIGITS,
        iban,
    ),
    kind(
        "IP address",
        _IPV4,
        ".",
        public_address,
    ),
    kind(
        "IP address",
        r"(?<![\w:.-])(?P<value>(?:[0-9A-Fa-f]{1,4}:){1,7}(?:(?::[0-9A-Fa-f]{1,4}){1,6}|[0-9A-Fa-f]{1,4}|:))(?![\w:.]\w)",
        ":",
        public_address,
    ),
)
"""Runs of digits, which words have, and ids, numbers and vectors have by chance."""
