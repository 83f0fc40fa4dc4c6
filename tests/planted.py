"""Some 150 kinds of secrets and personal data, made at run time: none of them stands in the repository as a scanner of
a code host would take it for real. `~` is left out, and marks where a text is cut in the source."""

from __future__ import annotations

import random
import string
from collections.abc import Callable

_SOURCE = random.Random(8)
HEX, LOWER = "0123456789abcdef", string.ascii_lowercase + string.digits
ALNUM = string.ascii_letters + string.digits
BASE64, URL64 = ALNUM + "+/", ALNUM + "-_"
LETTERS, UPPER = string.ascii_letters, string.ascii_uppercase + string.digits


def draw(alphabet: str, length: int) -> str:
    """Random characters, with a letter and a digit where the alphabet has them, and no sign at either end."""
    text = [_SOURCE.choice(alphabet) for _ in range(length)]
    for position, group in ((1, "7428"), (length - 2, "kqxw" if "k" in alphabet else "abef")):
        allowed = [c for c in group if c in alphabet] or [c for c in group.upper() if c in alphabet]
        if allowed:
            text[position] = _SOURCE.choice(allowed)
    plain = [c for c in alphabet if c.isalnum()]
    text[0], text[-1] = _SOURCE.choice(plain), _SOURCE.choice(plain)
    return "".join(text)


def _p(prefix: str, alphabet: str, length: int) -> str:
    return prefix.replace("~", "") + draw(alphabet, length)


def _words(length: int) -> str:
    return draw(string.ascii_lowercase, length)


def _luhn(digits: str) -> str:
    total = sum(sum(divmod(2 * int(d), 10)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _grouped(text: str, sizes: tuple[int, ...], sign: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return sign.join(parts)


def _card(first: str, length: int = 16) -> str:
    return _luhn(first + "".join(_SOURCE.choice("123456789") for _ in range(length - 1 - len(first))))


def _iban(country: str, account: str) -> str:
    digits = "".join(str(int(c, 36)) for c in account + country) + "00"
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def _block(kind: str, version: str = "") -> str:
    lines = "\n".join(draw(BASE64, 64) for _ in range(3))
    return f"-----BEGIN {kind}-----\n{version}{lines}\n-----END {kind}-----"


def _prefixes() -> dict[str, tuple[str, str]]:
    """Kind → (secret, the part that may not be seen): what its own first characters tell."""
    rows: list[tuple[str, str, str, int]] = [
        ("openai", "sk~-", ALNUM, 48), ("openai project", "sk~-proj-", URL64, 90), ("openai admin", "sk~-admin-", URL64, 60),
        ("openai service account", "sk~-svcacct-", URL64, 60), ("openai session", "sess~-", ALNUM, 40), ("openai ephemeral", "ek~_", HEX, 32),
        ("anthropic", "sk~-ant-api03-", URL64, 90), ("openrouter", "sk~-or-v1-", HEX, 64), ("langfuse", "sk~-lf-", HEX, 32),
        ("groq", "gs~k_", ALNUM, 52), ("xai", "xa~i-", ALNUM, 80), ("huggingface", "hf~_", ALNUM, 34), ("replicate", "r8~_", ALNUM, 37),
        ("perplexity", "ppl~x-", ALNUM, 48), ("fireworks", "fw~_", ALNUM, 24), ("nvidia", "nva~pi-", URL64, 64), ("tavily", "tv~ly-", ALNUM, 32),
        ("langsmith", "lsv~2_pt_", HEX, 32), ("jina", "ji~na_", ALNUM, 60), ("pinecone", "pcs~k_", ALNUM, 60), ("cerebras", "cs~k-", LOWER, 48),
        ("elevenlabs", "sk~_", HEX, 48), ("together", "tg~p_v1_", URL64, 43), ("voyage", "pa~-", URL64, 43), ("runpod", "rp~a_", UPPER, 40),
        ("llamacloud", "ll~x-", ALNUM, 48), ("databricks", "da~pi", HEX, 32), ("mailgun", "ke~y-", HEX, 32),
        ("bedrock", "AB~SK", BASE64, 120), ("google", "AI~za", URL64, 35), ("google new", "A~Q.", URL64, 50), ("google oauth", "ya~29.", URL64, 60),
        ("google client", "GOC~SPX-", URL64, 28), ("google refresh", "1/~/0", URL64, 60),
        ("github", "gh~p_", ALNUM, 36), ("github app", "gh~s_", ALNUM, 36), ("github fine-grained", "git~hub_pat_", ALNUM + "_", 82),
        ("gitlab", "gl~pat-", URL64, 20), ("gitlab runner", "gl~rt-", URL64, 20), ("gitlab deploy", "gl~dt-", URL64, 20),
        ("npm", "np~m_", ALNUM, 36), ("pypi", "py~pi-AgEIcHlwaS5vcmc", URL64, 70), ("rubygems", "ruby~gems_", HEX, 48), ("docker", "dck~r_pat_", URL64, 27),
        ("digitalocean", "do~p_v1_", HEX, 64), ("cloudflare prefixed", "cf~ut_", ALNUM, 48), ("alibaba", "LT~AI", ALNUM, 20),
        ("heroku", "HRK~U-AA", URL64, 58), ("pulumi", "pu~l-", HEX, 40), ("planetscale", "psc~ale_tkn_", URL64, 43), ("doppler", "dp~.pt.", ALNUM, 43),
        ("vault", "hv~s.", URL64, 95), ("vault batch", "hv~b.", URL64, 140), ("tailscale", "tsk~ey-auth-", ALNUM, 40),
        ("aws id", "AK~IA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16), ("aws temporary id", "AS~IA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
        ("stripe", "sk~_live_", ALNUM, 24), ("stripe restricted", "rk~_live_", ALNUM, 24), ("stripe hook", "wh~sec_", ALNUM, 32),
        ("shopify", "shp~at_", HEX, 32), ("square", "sq0~atp-", URL64, 22), ("razorpay", "rzp~_live_", ALNUM, 20), ("brevo", "xkey~sib-", HEX, 64),
        ("sentry", "snt~ryu_", HEX, 64), ("new relic", "NR~AK-", UPPER, 27), ("grafana", "gl~sa_", ALNUM, 40), ("posthog", "ph~x_", ALNUM, 43),
        ("figma", "fi~gd_", URL64, 40), ("postman", "PM~AK-", HEX, 59), ("linear", "lin~_api_", ALNUM, 40), ("notion", "nt~n_", ALNUM, 46),
        ("prefect", "pn~u_", ALNUM, 36), ("twilio", "S~K", HEX, 32), ("age key", "AGE~-SECRET-KEY-1", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
        ("supabase", "sb~p_", HEX, 40), ("circleci", "CCI~PAT_", ALNUM, 40), ("sonar", "sq~p_", HEX, 40), ("atlassian", "ATA~TT3", URL64, 60),
        ("wandb", "wandb~_v1_", ALNUM, 40), ("1password", "op~s_eyJ", BASE64, 260), ("hubspot", "pat~-na1-", HEX, 36),
    ]  # fmt: skip
    kinds = {name: (secret := _p(prefix, letters, n), secret) for name, prefix, letters, n in rows}
    made = {
        "slack bot": "xo" + "xb-" + draw("123456789", 12) + "-" + draw(ALNUM, 24),
        "slack app": "xa" + "pp-1-A" + draw(UPPER, 10) + "-" + draw("123456789", 13) + "-" + draw(HEX, 64),
        "discord": "MT" + draw(ALNUM, 24) + "." + draw(ALNUM, 6) + "." + draw(URL64, 38),
        "telegram": draw("123456789", 10) + ":AA" + draw(URL64, 33),
        "sendgrid": "SG" + "." + draw(URL64, 22) + "." + draw(URL64, 43),
        "mailchimp": draw(HEX, 32) + "-us" + "21",
        "azure client secret": draw(ALNUM, 3) + "8Q" + "~" + draw(ALNUM, 34),
        "jwt": "ey" + "J" + draw(URL64, 30) + ".ey" + "J" + draw(URL64, 40) + "." + draw(URL64, 43),
        "jwe": "ey" + "J" + draw(URL64, 30) + ".." + ".".join(draw(URL64, n) for n in (16, 80, 22)),
        "jwe with a key": "ey" + "J" + draw(URL64, 30) + "." + ".".join(draw(URL64, n) for n in (50, 16, 80, 22)),
        "zhipu": draw(HEX, 32) + "." + draw(ALNUM, 16),
        "azure key with a signature": draw(ALNUM, 52) + "JQQ" + "J99" + draw(ALNUM, 24),
        "openai echo": "sk" + "-pr" + "*" * 20 + "9xYz",
    }
    kinds |= {name: (secret, secret) for name, secret in made.items()}
    hook = draw(ALNUM, 24)
    kinds["slack hook"] = f"https://hooks.slack.com/services/T{draw(UPPER, 8)}/B{draw(UPPER, 8)}/{hook}", hook
    for kind in ("RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "PGP MESSAGE"):
        block = _block(kind, "Version: 1\n\n" if "PGP" in kind else "")
        kinds[kind.lower()] = block, block.splitlines()[-2]
    return kinds


def _named() -> dict[str, tuple[str, str]]:
    rows: list[tuple[str, str, Callable[[], str]]] = [
        ("aws secret", "aws_secret_access_key = {}", lambda: draw(BASE64, 40)),
        ("aws secret, camel", "SecretAccessKey={}", lambda: draw(BASE64, 40)),
        ("aws secret, variable", "AWS_SECRET_ACCESS_KEY={}", lambda: draw(BASE64, 40)),
        ("aws session token", "aws_session_token={}", lambda: draw(BASE64, 180)),
        ("azure openai key", "AZURE_OPENAI_API_KEY={}", lambda: draw(HEX, 32)),
        ("azure subscription key", "Ocp-Apim-Subscription-Key: {}", lambda: draw(HEX, 32)),
        ("azure storage", "AccountName=acme;AccountKey={};EndpointSuffix=core", lambda: draw(BASE64, 86) + "=="),
        ("azure service bus", "Endpoint=sb://acme;SharedAccessKey={}", lambda: draw(BASE64, 43) + "="),
        ("azure client secret, named", "AZURE_CLIENT_SECRET={}", lambda: draw(ALNUM, 40)),
        ("cohere", "CO_API_KEY={}", lambda: draw(ALNUM, 40)),
        ("cohere of letters", "CO_API_KEY={}", lambda: draw(LETTERS, 40)),
        ("datadog", "DD_API_KEY={}", lambda: draw(HEX, 32)),
        ("cloudflare", "CLOUDFLARE_API_TOKEN={}", lambda: draw(URL64, 40)),
        ("cloudflare global", "X-Auth-Key: {}", lambda: draw(HEX, 37)),
        ("mistral", "MISTRAL_API_KEY: {}", lambda: draw(ALNUM, 32)),
        ("bearer", "Authorization: Bearer {}", lambda: draw(ALNUM, 40)),
        ("bearer of letters", "Authorization: Bearer {}", lambda: draw(LETTERS, 32)),
        ("token scheme", "Authorization: Token {}", lambda: draw(HEX, 40)),
        ("basic", "Authorization: Basic {}", lambda: "dXNlcjp" + "zM2NyM3RwYXNzd29y"),
        ("api key header", "X-Api-Key: {}", lambda: draw(ALNUM, 32)),
        ("password", "password={}", lambda: _words(9)),
        ("password with digits", "password: {}", lambda: draw(ALNUM, 10)),
        ("pwd", "Server=db;Uid=sa;Pwd={};", lambda: _words(10)),
        ("password in json", '{{"password": "{}"}}', lambda: _words(10)),
        ("client secret in json", '{{"client_secret": "{}"}}', lambda: draw(ALNUM, 24)),
        ("token in json", '{{"access_token": "{}"}}', lambda: draw(ALNUM, 30)),
        ("passphrase", "passphrase={}", lambda: _words(14)),
        ("secret", "secret={}", lambda: draw(ALNUM, 20)),
        ("jsessionid", "JSESSIONID={}", lambda: draw(UPPER, 32)),
        ("phpsessid", "PHPSESSID={}", lambda: draw(LOWER, 26)),
        ("cookie", "Cookie: sid={}; theme=dark", lambda: draw(ALNUM, 28)),
        ("set-cookie", "Set-Cookie: cf_clearance={}; Path=/; HttpOnly", lambda: draw(URL64, 43)),
        ("oauth code", "https://app.example/callback?code={}&state=x", lambda: draw(URL64, 40)),
        ("key parameter", "https://maps.example/api?key={}", lambda: draw(ALNUM, 30)),
        ("sas", "https://acme.blob.example/c?sv=2024-11-04&sig={}", lambda: draw(ALNUM, 43) + "%3D"),
        ("aws signed url", "https://s3.example/o?X-Amz-Expires=60&X-Amz-Signature={}", lambda: draw(HEX, 64)),
        ("google signed url", "https://storage.example/o?X-Goog-Signature={}", lambda: draw(HEX, 128)),
        ("postgres", "postgres://svc:{}@db.internal/app", lambda: _words(12)),
        ("mongodb", "mongodb+srv://svc:{}@cluster0.example.net/app", lambda: draw(ALNUM, 14)),
        ("redis", "redis://:{}@cache.internal:6379/0", lambda: draw(ALNUM, 20)),
        ("curl user", "curl -u admin:{} https://h.example", lambda: _words(10)),
        ("random beside key", "your key is {}", lambda: draw(ALNUM, 40)),
        ("random beside token", "token {}", lambda: draw(ALNUM, 32)),
        ("random beside secret", "The secret: {}", lambda: draw(URL64, 40)),
    ]  # fmt: skip
    kinds = {}
    for name, text, make in rows:
        secret = make()
        kinds[name] = text.format(secret), secret
    return kinds


def _personal() -> dict[str, tuple[str, str]]:
    visa, amex = _card("4"), _card("37", 15)
    german, british = _iban("DE", "370400440532013000"), _iban("GB", "WEST12345698765432")
    rows = {
        "email": "jane.roe+billing@mail.example.co.uk", "email, idn": "jane@b\u00fccher-beispiel.de", "email, punycode": "jane@xn--bcher-kva.example",
        "email, international": "\u7528\u6237@\u4f8b\u5b50.\u516c\u53f8", "email, quoted": '"jane roe"@mail.example',
        "card": visa, "card, spaces": _grouped(visa, (4, 4, 4, 4), " "), "card, dots": _grouped(visa, (4, 4, 4, 4), "."),
        "card, dashes": _grouped(_card("55"), (4, 4, 4, 4), "-"), "amex": _grouped(amex, (4, 6, 5), " "),
        "iban": _grouped(german, (4, 4, 4, 4, 4, 2), " "), "iban, compact": british, "iban, lower case": german.lower(),
        "ssn": "078-05-1120", "ssn, spaces": "078 05 1120",
        "phone": "+1 (415) 555-2671", "phone, compact": "+4915112345678", "phone, national": "(555) 123-4567", "phone, local": "030 901820456",
        "phone, london": "020 7946 0958", "phone, pairs": "06 12 34 56 78", "phone, named": "phone: 555 0134",
        "ip": "203.0.113.77", "ip, public": "52.14.208.9", "ip v6": "2a02:8108:8ac0:207::1a2b",
    }  # fmt: skip
    return {name: (text, text.removeprefix("phone: ")) for name, text in rows.items()}


PREFIXED, NAMED, PERSONAL = _prefixes(), _named(), _personal()
PLANTED = {**PREFIXED, **NAMED, **PERSONAL}
"""Kind → (the text as it is planted, the part of it that nobody may see)."""
