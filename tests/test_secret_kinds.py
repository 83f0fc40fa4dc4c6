"""The table of secret forms, row by row: what each of them takes, and what looks like it and stays."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import struct
import uuid

import pytest

from gate.redact.kinds import EMAIL, IN_CONTEXT, PERSONAL, Kind
from gate.redact.kinds import PREFIXED as WITH_PREFIX
from gate.redact.scrub import Scrubber
from tests.canaries import answer, exchange
from tests.planted import ALNUM, HEX, LOWER, NAMED, PLANTED, PREFIXED, UPPER, URL64, draw

SCRUBBER = Scrubber()
RARE = {
    "organisation": "org~-" + draw(ALNUM, 16),
    "cloudflare origin": "v1~.0-" + draw(HEX, 24) + "-" + draw(HEX, 146),
    "discord hook": "https://discord.com/api/~webhooks/123456789012345678/" + draw(URL64, 60),
    "teams hook": "https://acme.webhook.office~.com/webhookb2/" + draw(HEX, 36),
    "maxmind": draw(ALNUM, 6) + "_" + draw(ALNUM, 29) + "_m~mk",
    "nuget": "oy~2" + draw(LOWER, 43),
    "octopus": "AP~I-" + draw(UPPER, 26),
    "airtable": "pa~t" + draw(ALNUM, 14) + "." + draw(HEX, 64),
    "terraform": draw(ALNUM, 14) + ".atlas~v1." + draw(URL64, 64),
    "old vault": "s~." + "aB3" + draw(ALNUM, 21),
    "firebase": "AA~AA" + draw(URL64, 7) + ":APA~91b" + draw(URL64, 130),
    "1password secret": "A~3-" + "-".join(draw(UPPER, n) for n in (6, 6, 5, 5, 5, 5)),
    "age key, lower case": "age~-secret-key-1" + draw(LOWER, 58),
    "putty": "Private~-Lines: 2\n" + draw(ALNUM, 64) + "\n" + draw(ALNUM, 64),
    "go dsn": "svc:swordfish@~tcp(db:3306)/app",
    "netrc": "machine h login jane password ~swordfish",
    "yaml line": "db:\n  password: sword~fish\n",
    "phone, international": "0049 30 901820~456",
    "before the word": draw(ALNUM, 40) + " is my API ~key",
    "api key in an error": "Incorrect API key provided: ~te***enai.",
    "card of diners": "3056 930902 59~04",
}
TEXTS = {name: text for name, (text, _) in PLANTED.items()} | {n: text.replace("~", "") for n, text in RARE.items()}
ROWS = (*WITH_PREFIX, *IN_CONTEXT, *EMAIL, *PERSONAL)


@pytest.mark.parametrize("name", TEXTS)
def test_a_secret_goes_and_the_words_around_it_stay(name: str) -> None:
    before = f"Take a look: {TEXTS[name]} . And more."
    after = SCRUBBER.text(before)
    assert after != before
    assert len(after) == len(before)
    assert after.startswith("Take a look: ")
    assert after.endswith(" . And more.")
    assert SCRUBBER.text(after) == after


def takes(row: Kind, text: str) -> bool:
    group = "value" if "value" in row.pattern.groupindex else 0
    needed = any(needle in text for needle in row.needles)
    return needed and any(m[group] and row.accept(m[group]) for m in row.pattern.finditer(text))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}: {row.pattern.pattern[:40]}")
def test_every_row_of_the_table_has_a_secret_that_it_takes(row: Kind) -> None:
    assert any(takes(row, text) for text in TEXTS.values())


@pytest.mark.parametrize("name", PREFIXED)
def test_a_prefix_alone_and_a_prefix_inside_a_word_stay(name: str) -> None:
    text = PREFIXED[name][0]
    for benign in (f"the prefix {text[:7]}, say", f"the form {text[:4]}…"):
        assert SCRUBBER.text(benign) == benign


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("instead", ["{}", "$SECRET", "<your-value>", "string", "null"])
def test_a_placeholder_is_no_secret(name: str, instead: str) -> None:
    text, secret = NAMED[name]
    benign = text.replace(secret, instead)
    if "://" not in text and "curl" not in text and "Cookie" not in text:
        assert SCRUBBER.text(benign) == benign


def _vector(width: int) -> str:
    source = random.Random(width)
    return base64.b64encode(struct.pack(f"<{width}f", *(source.gauss(0, 0.03) for _ in range(width)))).decode()


def _look_alikes() -> list[str]:
    source = random.Random(5)
    ids = [
        f"{prefix}{draw(ALNUM, 29)}"
        for prefix in ("chatcmpl-", "resp_", "msg_", "call_", "asst_", "file-", "fc_", "run_", "sess_", "toolu_")
    ]
    hashes = [
        hashlib.new(kind, bytes([n])).hexdigest() for kind in ("md5", "sha1", "sha256", "sha512") for n in range(5)
    ]
    return [
        *(str(uuid.UUID(int=source.getrandbits(128))) for _ in range(20)), *hashes, *ids,
        *(f"the id of the token is {one}" for one in ids), *(_vector(width) for width in (4, 8, 16, 64, 384)),
        "2026-11-29T13:05:44.123Z", "Sun, 29 Nov 2026 13:05:44 GMT", "1780944718", "1780944718123", "20261129130544",
        "v1.2.3", "gpt-4o-2024-08-06", "version 10.2.30.4", "Chrome/120.0.6099.109 Safari/537.36", "pip install torch==2.1.0.1",
        "$1,234.56", "EUR 1.234,56", "0.00000015 per token", "3.14159265358979", "12:30:45", "00:1a:2b:3c:4d:5e", "std::vector::iterator",
        "127.0.0.1:8080", "192.168.1.20", "10.0.0.1", "169.254.169.254", "::1", "fe80::1", "224.0.0.1", "255.255.255.0",
        "api_key=os.environ['OPENAI_API_KEY']", "api_key = getenv(name)", "token: str", "password: required", "secret: null",
        "sort(key=lambda item: item.value)", "def f(token, key='name'): ...", "cache key " + hashes[0], "primary key: " + hashes[11],
        "token_count=1024 max_tokens=4096 stop_token=<|im_end|>", "Bearer authentication", "Basic authentication", "public key",
        "The key is important. A token costs money; the secret of success: practice.", "tokenizer: cl100k_base", "key: value",
        "https://h.example/search?q=key&code=404&page=2", "https://h.example/v1/chat/completions?api-version=2024-10-21",
        "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "4012 8888 8888 1882", "4012.8888.8888.1882", "GB82 WEST 1234 5698 7654 33", "000-12-3456", "900 12 3456", "128 256 1024",
        "1.2.3.4.5", "left-pad@1.3.0", "@user and user@localhost", "sk-bad-0000", "Incorrect API key provided: sk-bad-0000.",
    ]  # fmt: skip


@pytest.mark.parametrize("text", _look_alikes())
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert SCRUBBER.text(text) == text
    document = {
        "id": text,
        "content": f"It is {text}",
        "embedding": text,
        "encrypted_content": text,
        "logprobs": {"token": text},
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    assert answer(SCRUBBER.scrub(exchange(response=body))) == body


@pytest.mark.parametrize("member", ["encrypted_content", "embedding", "b64_json", "id", "system_fingerprint"])
def test_members_of_codes_stay(member: str) -> None:
    source = random.Random(1)
    for size in (24, 60, 150, 3000):
        coded = base64.b64encode(source.randbytes(size)).decode()
        body = json.dumps({"token": "abc123", member: coded, "key": 3}).encode()
        assert answer(SCRUBBER.scrub(exchange(response=body))) == body
