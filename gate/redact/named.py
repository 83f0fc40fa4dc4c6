"""Secrets that the words before them tell: named values, headers, parameters, cookies, PEM and PGP blocks."""

from __future__ import annotations

import re

from gate.redact.checks import assigned, basic, has_digit_or_mask, keyish, kind, loose, parameter, random

# Names of which every part may be joined by _, - or nothing, whatever stands before them: `CO_API_KEY`, `accountKey`.
_STRONG = (
    r"(?:api[ _-]?key|subscription[_-]?key|account[_-]?key|shared[_-]?access[_-]?(?:key|signature)|access[_-]?key"
    r"|secret[_-]?access[_-]?key|secret[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|master[_-]?key"
    r"|(?:access|refresh|auth|id|session|bearer|bot|api|security|csrf|xsrf|personal|deploy)[_-]?token"
    r"|client[_-]?secret|app[_-]?secret|webhook[_-]?secret|passw(?:or)?d|passphrase|pwd|secret)"
)
_WEAK = r"(?:session[_-]?id|j?session(?:id)?|phpsessid|connect\.sid|token|signature|sig|credential|auth)"

_NAME = (
    r"(?:api[_-]?key|apikey|subscription[_-]?key|access[_-]?token|refresh[_-]?token|auth[_-]?token|id[_-]?token"
    r"|session[_-]?token|session(?:[_-]?id)?|client[_-]?secret|secret(?:[_-]?(?:access[_-]?)?key)?|private[_-]?key"
    r"|token|passw(?:or)?d|pwd|signature|sig|credential)"
)

_QUOTE = r"(?:\\{0,3}[\"'`]|&quot;|&#3[49];|%22)"
_VALUE = r"[^\s\"'`\\,;&<>{}()\[\]]"
_KEYWORD = r"(?:key|token|secret|passw(?:or)?d|passcode|credential|api[_-]?key)"

IN_CONTEXT = (
    kind(
        "API key in an error",
        r"(?i:api[ _-]?key(?: provided)?:?)\s{1,3}(?P<value>[^\s\"',;]{6,}[A-Za-z0-9*])",
        "key Key KEY",
        has_digit_or_mask,
    ),
    kind(
        "AWS secret key",
        r"(?i:aws.{0,20}(?:secret|session).{0,24}?[:=]\s*\W{0,3})(?P<value>[A-Za-z0-9/+]{40,}={0,2})",
        "aws AWS Aws",
    ),
    kind("bearer token", r"(?i:bearer)\s+(?P<value>[\w.~+/=*-]{8,})", "bearer Bearer BEARER", keyish),
    kind("basic credentials", r"(?i:basic)\s+(?P<value>[A-Za-z0-9+/]{8,}={0,2})", "basic Basic BASIC", basic),
    kind(
        "credentials of a header",
        rf"(?i:authorization){_QUOTE}?\s{{0,3}}[:=]\s{{0,3}}{_QUOTE}?"
        rf"(?:[A-Za-z][\w-]{{0,20}}[ ]{{1,3}})?(?P<value>{_VALUE}{{8,}})",
        "uthorization UTHORIZATION",
        loose,
    ),
    kind(
        "private key",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?P<value>[\s\S]*?)(?:-----END|\Z)",
        "PRIVATE",
    ),
    # a message or a public key tells who wrote it to whom
    kind("PGP block", r"-----BEGIN PGP [A-Z0-9 ,/]{1,40}-----(?P<value>[\s\S]*?)(?:-----END|\Z)", "BEGIN PGP"),
    kind("private key", r"Private-Lines:\s{1,3}\d{1,4}\s(?P<value>[A-Za-z0-9+/=\s]{20,})", "Private-Lines"),
    kind(
        "password in a URL",
        r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/@:\"'<>]{0,80}:(?P<value>[^\s/@\"'<>]{1,200})@",
        "://",
    ),
    kind(
        "password in a URL", r"(?<![\w:/.-])[\w.-]{1,60}:(?P<value>[^\s/@:\"'<>]{4,200})@(?:tcp|unix)\(", "@tcp( @unix("
    ),
    kind(
        "password of a command", r"(?:\s-u|\s--user)[\s=]{1,3}['\"]?[\w.@+-]{1,60}:(?P<value>[^\s'\"]{4,})", "-u --user"
    ),
    kind("password of a command", r"\blogin\s{1,3}\S{1,60}\s{1,3}password\s{1,3}(?P<value>\S{4,})", "login"),
    kind(
        "cookie",
        r"(?i:cookie)2?(?:\\{0,3}[\"'])?\s{0,3}[:=]\s{0,3}(?:\\{0,3}[\"'])?"
        r"(?P<value>[\w.$%-]{1,64}=[^\s;,\"'\\<>]{4,4096}(?:;\s{0,2}[\w.$%-]{1,64}=[^\s;,\"'\\<>]{0,4096}){0,50})",
        "ookie OOKIE",
    ),
    kind(
        "value of a query parameter",
        r"(?i)[?&;](?:[\w.-]{0,40}[_.-])?(?:key|apikey|code|sig|auth|pass|hmac|jwt|ticket|otp|sid)=(?P<value>[^\s&\"'<>#\\;,)]{6,})",
        "=",
        parameter,
    ),
    kind(
        "value of a secret's name",
        rf"(?i)(?:{_STRONG}(?:{_QUOTE}?\s{{0,3}}[:=]>?\s{{0,3}}{_QUOTE}|{_QUOTE}?[:=]|%3d)|{_STRONG}\s{{0,3}}=\s{{0,3}})"
        rf"(?P<value>{_VALUE}{{6,}}+)(?![(\[])",
        "= :",
        assigned,
        of_pairs=True,
    ),
    kind(
        "value of a secret's name",
        rf"(?im)^[ \t-]{{0,20}}[\w.-]{{0,40}}{_STRONG}:[ \t]{{1,3}}(?P<value>{_VALUE}{{6,}})[ \t]*$",
        ":",
        assigned,
        of_pairs=True,
    ),
    kind(
        "value of a secret's name",
        rf"(?i)(?:{_STRONG}|{_WEAK}){_QUOTE}?\s{{0,3}}[:=]\s{{0,3}}{_QUOTE}?(?P<value>{_VALUE}{{6,}})",
        "= :",
        loose,
        of_pairs=True,
    ),
    kind(
        "random text beside a secret's word",
        r"(?i)(?<!cache[ _-])(?<!idempotency[ _-])(?<!primary[ _-])(?<!foreign[ _-])(?<!public[ _-])"
        rf"(?<!partition[ _-])(?<![A-Za-z]){_KEYWORD}s?\b"
        r"(?:[^\w\n]{1,4}(?:is|was|are|for|of|as|value|named|called|here|reads|the|provided|to|use|with|my|your)\b){0,3}"
        r"[^\w\n]{1,5}(?P<value>[\w+/~=.-]{16,})",
        "key Key KEY oken OKEN ecret ECRET assw ASSW asscode redential",
        random,
    ),
    kind(
        "random text beside a secret's word",
        r"(?<![\w+/=.-])(?P<value>[\w+/~=.-]{20,200})(?:\W{1,3}(?:is|as|was|for|my|your|the|our|an?|new|old)){1,4}"
        rf"\W{{1,3}}(?i:(?:api|access|secret|private|bearer|auth)[ _-])?{_KEYWORD}\b",
        "key oken ecret assw redential",
        random,
    ),
)
"""Kinds that only the words before them tell; in the source of a JSON text they would take its keys for such words."""

_CREDENTIAL = rf"{_NAME}|key|authorization|cookie|pass|passphrase|jsessionid|[a-z]{{0,20}}(?:apikey|secret|password)"

CREDENTIAL_NAME = re.compile(rf"(?i)(?!.*(?:cache|idempotency)[_-]key$)(?:[a-z0-9]+[_-]){{0,6}}(?:{_CREDENTIAL})")
"""Headers and query parameters whose value is a secret, whatever it looks like (with fullmatch)."""

SECRET_NAME = re.compile(rf"(?i)(?:[a-z0-9]+[_-]){{0,6}}(?:{_CREDENTIAL}|code|organization|project)")
"""The same, and those whose value is an account or may be a secret: they are masked, and allowed in gate.yaml."""

_NOT_OF = r"(?!.*(?:cache|idempotency|primary|foreign|public|partition)[_-]?key$)"

SECRET_MEMBER = re.compile(rf"(?i){_NOT_OF}[a-z0-9_.-]{{0,80}}(?:{_STRONG}|authorization)")
"""JSON keys whose text is a secret whatever it looks like. Not `token`: log probabilities have one each."""

WORD_MEMBER = re.compile(rf"(?i){_NOT_OF}(?:[a-z0-9]{{1,30}}[_.-]){{0,6}}(?:key|token|pass|cookie|auth|jwt|{_WEAK})")
"""JSON keys whose text is a secret where it has high entropy."""
