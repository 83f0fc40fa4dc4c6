"""Nothing secret reaches the disk, and nothing that rules judge changes on the way (issue 2, "Goldens")."""

from __future__ import annotations

import base64
import gzip
import json
import random
import struct
import time
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.cassette import dump
from gate.errors import ConfigError, SecretError
from gate.leaks import BAD_KEY
from gate.model import Chunk, Exchange, Headers, Hop, Request, Response
from gate.scrub import Leak, Scrubber

RUN_KEY = "tk_live.run-time/key+of=ours"
SCRUBBER = Scrubber(secrets=(RUN_KEY,), patterns=(r"EMP-\d{5}", r"(?i)project nightjar"))

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7Qk3pemcanary\nq8Zr1f==\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r"
CANARIES = {
    "this run's key": RUN_KEY,
    "this run's key as base64": base64.b64encode(f"u:{RUN_KEY}".encode()).decode(),
    "openai": "sk-Ab3dEf6hIj9kLmNoPqRsTuVwXyZ0123456789abcdefghijk",
    "openai project": "sk-proj-T3BlbkFJ-aB_cD9-xyz0123456789",
    "openai echo": "sk-pr**************************9xYz",
    "anthropic": "sk-ant-api03-Zz9-Yy8_Xx7Ww6Vv5Uu4Tt3Ss2",
    "openrouter": "sk-or-v1-0123456789abcdef0123456789abcdef",
    "groq": "gsk_0123456789abcdefABCDEF0123456789abcd",
    "xai": "xai-0123456789abcdefABCDEF0123456789",
    "google": "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
    "huggingface": "hf_QwErTyUiOpAsDfGhJkLzXcVbNm0123456",
    "github": "ghp_0123456789abcdefABCDEF0123456789abcd",
    "github fine-grained": "github_pat_11ABCDEFG0abcdefghijkl_MNOPQRSTUV0123",
    "gitlab": "glpat-Zx9Yw8Vu7Ts6Rq5Po4Nm",
    "aws id": "AKIAIOSFODNN7EXAMPLE",
    "aws secret": "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "jwt": JWT,
    "bearer": "Bearer 9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "basic": "Basic dXNlcjpzM2NyM3RwYXNz",
    "slack": "xoxb-123456789012-abcdefGHIJKL",
    "stripe": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "sendgrid": "SG.ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc",
    "pem": PEM,
    "url with a password": "postgres://svc:hunter2pass@db.internal/app",
    "named value": "api_key=0a1b2c3d4e5f60718293",
    "email": "jane.roe+billing@mail.example.co.uk",
    "phone": "+1 (415) 555-2671",
    "phone, national": "(415) 555-0199",
    "phone, compact": "+4915112345678",
    "card": "4111 1111 1111 1111".replace("1111 1111", "1234 5678").replace("5678 1111", "5678 1234"),
    "card, compact": "5500005555555559",
    "amex": "3782-822463-10005",
    "iban": "DE89 3704 0044 0532 0130 00",
    "ssn": "078-05-1120",
    "organisation": "org-Zq81mNopQrStUvWx",
    "project": "proj_Zq81mNopQrStUvWx",
    "team pattern": "EMP-90210",
}
# 4111 1234 … is no valid card; one that is, and is not all ones.
CANARIES["card"] = "4012 8888 8888 1881"


def visible(canary: str) -> list[str]:
    """What of a canary must not be seen: it, its longest part, and what a JSON source or base64 makes of it."""
    core = max(canary.replace("\n", " ").split(), key=len)
    return [canary, json.dumps(canary)[1:-1], *([core] if len(core) > 9 else [])]


def sse(*documents: Any, done: bool = True) -> bytes:
    lines = [f"data: {json.dumps(d, ensure_ascii=False)}\n\n" for d in documents]
    return "".join([*lines, "data: [DONE]\n\n" if done else ""]).encode()


def delta(text: str, key: str = "content", **more: Any) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "choices": [{"index": 0, "delta": {key: text}, "finish_reason": None}], **more}


def exchange(
    request: Any = None, response: bytes = b"{}", headers: Headers = (), url: str = "https://h/v1/chat/completions"
) -> Exchange:
    body = request if isinstance(request, bytes) else json.dumps(request or {}).encode()
    return Exchange(Request("POST", url, (), body), Response(200, "OK", headers, response), scenario="chat", step=1)


def answer(clean: Exchange) -> bytes:
    assert clean.response is not None
    return clean.response.body


def pieces(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def carriers(canary: str) -> dict[str, Exchange]:
    """One exchange per place where a secret may stand."""
    said = f"Here: {canary} and more"
    arguments = json.dumps({"to": canary, "n": 3})
    tool = [{"index": 0, "id": "call_1", "function": {"name": "f", "arguments": arguments}}]
    nested = json.dumps({"outer": json.dumps({"inner": said})})
    return {
        "request header": Exchange(Request("GET", "https://h/v1/models", (("X-Custom", said),)), None),
        "authorization": Exchange(Request("GET", "https://h/v1/models", (("Authorization", canary),)), None),
        "response header": exchange(headers=(("Set-Cookie", f"s={canary}"), ("x-anything", canary))),
        "listed header": exchange(headers=(("x-request-id", said), ("www-authenticate", f'realm="{canary}"'))),
        "request body": exchange({"messages": [{"role": "user", "content": said}]}),
        "request key": exchange({canary: 1}),
        "response body": exchange(response=json.dumps({"choices": [{"message": {"content": said}}]}).encode()),
        "escaped": exchange(response=json.dumps({"c": said + "é"}).replace("/", "\\/").encode()),
        "unicode escapes": exchange(response=('{"c":"' + "".join(f"\\u{ord(c):04x}" for c in said) + '"}').encode()),
        "indented": exchange(response=json.dumps({"error": {"message": said}}, indent=2).encode()),
        "tool arguments": exchange(response=json.dumps({"message": {"tool_calls": tool}}).encode()),
        "json in json": exchange(response=json.dumps({"content": nested}).encode()),
        "stream": exchange(response=sse(delta("x"), delta(said), delta("y"))),
        "stream of 3": exchange(response=sse(*(delta(p) for p in pieces(said, 3)))),
        "stream of 1": exchange(response=sse(*(delta(p) for p in pieces(said, 1)))),
        "streamed arguments": exchange(
            response=sse(
                *(
                    {"choices": [{"delta": {"tool_calls": [{"function": {"arguments": p}, "index": 0}]}, "index": 0}]}
                    for p in pieces(arguments, 4)
                )
            )
        ),
        "responses": exchange(
            response=sse(
                *(
                    {"type": kind, "output_index": i, "delta": p}
                    for p in pieces(said, 5)
                    for i, kind in enumerate(["response.output_text.delta", "response.reasoning.delta"])
                )
            )
        ),
        "logprobs": exchange(
            response=json.dumps(
                {"choices": [{"logprobs": {"content": [{"token": p, "logprob": -1} for p in pieces(said, 2)]}}]}
            ).encode()
        ),
        "ndjson": exchange(response=b"".join(json.dumps({"response": p}).encode() + b"\n" for p in pieces(said, 4))),
        "html": exchange(response=f"<html><body>{said}</body></html>".encode()),
        "cut off": exchange(response=('{"a": "b", "c": ' + json.dumps(said)[:-1]).encode()),
        "malformed request": exchange(('{"content": ' + json.dumps(said) + ",}").encode()),
        "sse comment": exchange(response=f": {said}\n\ndata: [DONE]\n\n".encode()) if "\n" not in said else exchange(),
        "gzip": exchange(
            response=gzip.compress(json.dumps({"c": said}).encode()), headers=(("content-encoding", "gzip"),)
        ),
        "raw deflate": exchange(
            response=zlib.compress(json.dumps({"c": said}).encode(), wbits=-15),
            headers=(("content-encoding", "deflate"),),
        ),
        "detail": Exchange(Request("POST", "https://h/v1"), None, detail=said),
    }


def inside(text: str, clean: Exchange) -> str:
    """Everything a reader of the file can see, compressed bodies, escapes and the deltas put together included."""
    seen = [text]
    bodies = [clean.request.body or b"", clean.response.body if clean.response else b""]
    for body in bodies:
        for window in (47, -15):
            try:
                seen.append(zlib.decompressobj(window).decompress(body).decode("utf-8", "replace"))
            except zlib.error:
                continue
        seen.append(body.decode("utf-8", "replace"))
    for body_text in list(seen):
        strings = "".join(_strings_of(body_text))
        seen += [strings, strings.replace("\\/", "/")]
    return "\n".join(seen)


def _strings_of(text: str) -> list[str]:
    found: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
            try:
                walk(json.loads(value))
            except ValueError:
                pass
        for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
            if isinstance(value, dict) and "type" in value and item is not value.get("delta"):
                continue
            walk(item)

    for line in [text, *text.splitlines()]:
        try:
            walk(json.loads(line.removeprefix("data: ")))
        except ValueError:
            continue
    return found


NOT_THERE = {
    # A raw value is not announced by its name in these places, or the name is what the header is.
    ("ssn", "listed header"), ("phone", "listed header"), ("phone, national", "listed header"),
    ("phone, compact", "listed header"), ("card", "listed header"), ("card, compact", "listed header"),
    ("amex", "listed header"), ("iban", "listed header"), ("team pattern", "listed header"),
}  # fmt: skip


@pytest.mark.parametrize("name", CANARIES)
def test_canary_is_nowhere_in_the_file(name: str) -> None:
    canary = CANARIES[name]
    for place, planted in carriers(canary).items():
        if (name, place) in NOT_THERE:
            continue
        clean = SCRUBBER.scrub(planted)
        seen = inside(dump({}, [clean]), clean)
        for form in visible(canary):
            assert form not in seen, f"{name} in {place}"
        assert SCRUBBER.remains(clean) == [], place
        SCRUBBER.guard([clean], dump({}, [clean]))


@pytest.mark.parametrize("name", CANARIES)
def test_scrubbing_changes_no_length_and_no_structure(name: str) -> None:
    for place, planted in carriers(CANARIES[name]).items():
        clean = SCRUBBER.scrub(planted)
        assert len(clean.request.body or b"") == len(planted.request.body or b""), place
        assert SCRUBBER.scrub(clean) == clean, place
        if planted.response and clean.response and place not in ("gzip", "raw deflate"):
            before, after = planted.response.body, clean.response.body
            assert len(after) == len(before), place
            for old, new in zip(before.splitlines(), after.splitlines(), strict=True):
                assert outline(old) == outline(new), place


def outline(text: bytes) -> Any:
    """Types, lengths and nesting of a JSON text, tool arguments included; of other text its length."""
    try:
        return _outline(json.loads(text.removeprefix(b"data: ")))
    except ValueError:
        return len(text)


def _outline(value: Any) -> Any:
    if isinstance(value, dict):
        return [(len(k), _outline(v)) for k, v in value.items()]
    if isinstance(value, list):
        return [_outline(v) for v in value]
    if isinstance(value, str):
        try:
            return ["json", _outline(json.loads(value))] if value[:1] in "{[" else len(value)
        except ValueError:
            return len(value)
    return value


URLS = [
    ("https://user:pw@h.example/v1/models?limit=2", "https://h.example/v1/models?limit=2"),
    ("https://h/v1?key=AIzaSyD-9&alt=sse", "https://h/v1?key=*********&alt=sse"),
    ("https://h/v1?api-version=2024-10-21&api-key=abc", "https://h/v1?api-version=2024-10-21&api-key=***"),
    ("https://h/v1?subscription-key=k1&x=", "https://h/v1?subscription-key=**&x="),
    ("https://h/a/ghp_0123456789abcdefABCDEF0123456789abcd/v1", f"https://h/a/{'*' * 40}/v1"),
    ("https://h/v1?user=jane%40mail.example", f"https://h/v1?user={'*' * 19}"),
    ("https://h/v1?key=sk-bad-0000", "https://h/v1?key=sk-bad-0000"),
    ("/v1/chat?sig=abc#frag", "/v1/chat?sig=***#frag"),
    ("https://h/v1/chat/completions", "https://h/v1/chat/completions"),
    ("https://[broken/v1", "https://[broken/v1"),
]


@pytest.mark.parametrize(("url", "clean"), URLS)
def test_urls(url: str, clean: str) -> None:
    assert SCRUBBER.url(url) == clean
    assert SCRUBBER.url(clean) == clean
    planted = Exchange(Request("GET", url, (("location", url),)), None, hops=(Hop(301, url),))
    scrubbed = SCRUBBER.scrub(planted)
    assert (scrubbed.request.url, scrubbed.hops[0].location) == (clean, clean)
    assert (url != clean) == bool(SCRUBBER.remains(planted))


def test_this_runs_key_in_a_url_in_any_encoding() -> None:
    from urllib.parse import quote, quote_plus

    for form in (RUN_KEY, quote(RUN_KEY, safe=""), quote_plus(RUN_KEY)):
        assert "run-time" not in SCRUBBER.url(f"https://h/v1?whatever={form}&b=1")


HEADERS = [
    ("Authorization", "Bearer abcdef", "Bearer ******"),
    ("Authorization", "Bearer sk-bad-0000", "Bearer sk-bad-0000"),
    ("Authorization", "Bearer sk-bad-00001", "Bearer ************"),
    ("authorization", "rawkey", "******"),
    ("api-key", "sk-bad-0000", "sk-bad-0000"),
    ("api-key", "abc", "***"),
    ("Cookie", "a=b", "***"),
    ("Set-Cookie", "__cf_bm=1; path=/", "*" * 17),
    ("openai-organization", "acme-inc", "********"),
    ("OpenAI-Project", "proj_1", "******"),
    ("x-team", "search", "******"),
    ("Content-Type", "text/event-stream; charset=utf-8", "text/event-stream; charset=utf-8"),
    ("x-ratelimit-remaining-tokens", "149984", "149984"),
    ("retry-after", "20", "20"),
    ("retry-after-ms", "2000", "2000"),
    ("x-request-id", "req_4012888888881881", "req_4012888888881881"),
    ("Location", "https://u:p@h/v1?key=1", "https://h/v1?key=*"),
    ("date", "Mon, 08 Jun 2026 18:52:10 GMT", "Mon, 08 Jun 2026 18:52:10 GMT"),
]


@pytest.mark.parametrize(("name", "value", "clean"), HEADERS)
def test_headers_by_allow_list(name: str, value: str, clean: str) -> None:
    scrubbed = SCRUBBER.scrub(Exchange(Request("GET", "https://h", ((name, value),)), None))
    assert scrubbed.request.headers == ((name, clean),)
    assert SCRUBBER.scrub(scrubbed) == scrubbed
    assert not SCRUBBER.remains(scrubbed)


UNTOUCHED = [
    {"id": "chatcmpl-4012888888881881", "created": 1780944718, "model": "gpt-4o-2024-08-06"},
    {"tool_call_id": "call_4012888888881881", "system_fingerprint": "fp_5500005555555559"},
    {"id": "4012888888881881", "object": "response", "previous_response_id": "resp_078-05-1120"},
    {"content": "On 2024-10-05 at 12:30:45+0100 build 1.415.555.0132 took 1780944718123 ns, pi 3.141592653589793"},
    {"content": "sk-learn-pipelines are task-oriented; ask-me-anything; Bearer authentication; Basic usage: yes"},
    {"message": "Incorrect API key provided: sk-bad-0000. You can find your API key at https://x.example/account."},
    {"n": 4012888888881881, "vector": [0.4012888888881881, 415.5552671, -0.0780511]},
    {"content": "npm i left-pad@1.3.0, 10.0.0.1:8080, range 1-2-3, 100-200-3000, v4012.8888.8888.1881"},
    {"max_tokens": 5, "token": "Hello123456", "prompt_tokens": 3, "stop": ["\n"]},
    {"properties": {"password": {"type": "string"}, "api_key": {"description": "the key"}}, "required": ["password"]},
    {"choices": [{"logprobs": {"content": [{"token": "abc12345", "bytes": [115, 107]}]}}]},
    {"content": "x-ray +12 and 00 7 and (123) 456, 1,234-5678, #4155550132"},
]


@pytest.mark.parametrize("document", UNTOUCHED)
def test_what_only_looks_like_a_secret_stays(document: Any) -> None:
    body = json.dumps(document).encode()
    planted = exchange(document, body)
    assert SCRUBBER.scrub(planted) == planted
    assert SCRUBBER.remains(planted) == []
    assert SCRUBBER.leaks(dump({}, [planted])) == []


def vectors(count: int, width: int) -> list[list[float]]:
    source = random.Random(7)
    return [[source.gauss(0, 0.03) for _ in range(width)] for _ in range(count)]


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_embeddings_stay_byte_for_byte(encoding: str) -> None:
    items: list[Any] = list(vectors(16, 1536))
    if encoding == "base64":
        items = [base64.b64encode(struct.pack("<1536f", *v)).decode() for v in items]
    body = json.dumps({"data": [{"index": i, "embedding": v} for i, v in enumerate(items)]}).encode()
    for raw in (body, body[: len(body) // 2]):  # whole, and cut off in a vector
        assert answer(SCRUBBER.scrub(exchange(response=raw))) == raw


def test_base64_that_looks_like_keys_inside_stays() -> None:
    blob = base64.b64encode(b"\x00\x10AKIA").decode() + "AIzaSyD9tSrke72PouQMnMXa7eZSW0jkFMBWYAKIAIOSFODNN7EXAMPLE" * 8
    body = json.dumps({"url": f"data:image/png;base64,{blob}"}).encode()
    assert answer(SCRUBBER.scrub(exchange(response=body))) == body


def test_sound_and_images_stay() -> None:
    noise = random.Random(3).randbytes(200_000) + b" a@b.example 4012 8888 8888 1881 "
    planted = exchange(response=noise, headers=(("content-type", "audio/mpeg"),))
    assert answer(SCRUBBER.scrub(planted)) == noise
    keyed = answer(SCRUBBER.scrub(exchange(response=noise + RUN_KEY.encode() + noise)))
    assert RUN_KEY.encode() not in keyed
    assert len(keyed) == 2 * len(noise) + len(RUN_KEY)


def test_equal_secrets_get_equal_masks_of_the_same_shape() -> None:
    clean = answer(
        SCRUBBER.scrub(exchange(response=b'{"a":"Jane.Roe@Mail.example","b":"Jane.Roe@Mail.example +4915112345678"}'))
    )
    assert json.loads(clean) == {"a": "Xxxx.Xxx@Xxxx.xxxxxxx", "b": "Xxxx.Xxx@Xxxx.xxxxxxx +1111111111111"}


def test_members_named_like_secrets_go_whatever_they_look_like() -> None:
    clean = answer(
        SCRUBBER.scrub(exchange(response=b'{"password":"swordfish","client_secret":"abcdefgh","secret":""}'))
    )
    assert json.loads(clean) == {"password": "xxxxxxxxx", "client_secret": "xxxxxxxx", "secret": ""}


def test_escapes_stay_whole() -> None:
    scrubber = Scrubber(patterns=(r"(?s)secret.*end",))
    body = rb'{"a":"secret \u00e9\ud83d\ude00 \n\t\"x\" \\ \/ end","b":"secret ' + "é😀 end".encode() + b'"}'
    clean = answer(scrubber.scrub(exchange(response=body)))
    assert len(clean) == len(body)
    assert json.loads(clean) == {"a": 'xxxxxx x😀 \n\t"x" \\ / xxx', "b": "xxxxxx xx😀 xxx"}


def test_broken_json_keeps_its_escapes() -> None:
    body = rb'{"a":"one\njane@mail.example", "b": "two\njane@mail.exa'
    clean = answer(SCRUBBER.scrub(exchange(response=body)))
    assert clean == rb'{"a":"one\nxxxx@xxxx.xxxxxxx", "b": "two\nxxxx@xxxx.xxx'


def test_numbers_in_streamed_arguments_stay() -> None:
    arguments = '{"n":4012888888881881,"phone":"+4915112345678"}'
    body = sse(*(delta(p, "arguments") for p in pieces(arguments, 18)))
    clean = answer(SCRUBBER.scrub(exchange(response=body)))
    texts = [
        json.loads(line[6:])["choices"][0]["delta"]["arguments"] for line in clean.splitlines() if b"index" in line
    ]
    assert "".join(texts) == '{"n":4012888888881881,"phone":"+1111111111111"}'


def test_choices_of_one_stream_are_told_apart() -> None:
    """Two choices streamed in turns: neither text completes the other's."""
    documents = [
        {"choices": [{"index": i, "delta": {"content": part}}]}
        for pair in (["sk-live", "card 4012 8888 "], ["-0123", "8888 1881"])
        for i, part in enumerate(pair)
    ]
    clean = answer(SCRUBBER.scrub(exchange(response=sse(*documents)))).decode()
    assert "live" not in clean
    assert "4012" not in clean


def test_index_after_the_delta() -> None:
    body = sse(*({"choices": [{"delta": {"content": p}, "index": 1}]} for p in pieces("jane@mail.example", 2)))
    assert "ja" not in answer(SCRUBBER.scrub(exchange(response=body))).decode()


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_compressed_bodies_keep_their_encoding(encoding: str) -> None:
    plain = json.dumps({"c": "jane@mail.example " * 50}).encode()
    packed = gzip.compress(plain) if encoding == "gzip" else zlib.compress(plain)
    headers = (("Content-Encoding", encoding), ("content-length", str(len(packed))))
    planted = exchange(response=packed, headers=headers)
    half = len(packed) // 2
    planted = Exchange(planted.request, planted.response, (Chunk(1.0, half), Chunk(2.0, len(packed) - half)))
    clean = SCRUBBER.scrub(planted)
    body = answer(clean)
    assert zlib.decompressobj(47).decompress(body) == plain.replace(b"jane@mail.example", b"xxxx@xxxx.xxxxxxx")
    assert sum(c.size for c in clean.chunks) == len(body)
    assert [c.at_ms for c in clean.chunks] == [1.0, 2.0]
    assert clean.response is not None
    assert dict(clean.response.headers)["content-length"] == str(len(body))
    assert SCRUBBER.scrub(clean) == clean


def test_compressed_bodies_without_secrets_and_wrong_labels_stay() -> None:
    for body in (gzip.compress(b'{"a":1}'), gzip.compress(b'{"a":1}')[:-9], b"plain text", b""):
        planted = exchange(response=body, headers=(("content-encoding", "gzip"),))
        assert SCRUBBER.scrub(planted) == planted


def test_a_bomb_is_not_unpacked_whole() -> None:
    bomb = gzip.compress(b"a" * 200_000_000, 9)
    started = time.perf_counter()
    assert answer(SCRUBBER.scrub(exchange(response=bomb, headers=(("content-encoding", "gzip"),)))) == bomb
    assert time.perf_counter() - started < 30


# -- the check before writing -------------------------------------------------------------------


def test_guard_names_the_place_and_never_the_value() -> None:
    planted = exchange({"messages": [{"content": "mail jane@mail.example"}]}, headers=(("set-cookie", "a=b"),))
    with pytest.raises(SecretError) as caught:
        SCRUBBER.guard([planted], where="golden/chat/cassette.yaml")
    text = str(caught.value)
    assert text.startswith("golden/chat/cassette.yaml: scenario chat, step 1: ")
    assert "email address in request body $.messages.0.content" in text
    assert "credential or account in response header set-cookie" in text
    assert "jane" not in text


def test_guard_hides_keys_of_objects_that_are_secrets() -> None:
    assert SCRUBBER.remains(exchange({"jane@mail.example": {"b": "ghp_0123456789abcdefABCDEF0123456789abcd"}})) == [
        Leak("request body $.xxxx@xxxx.xxxxxxx.b", "GitHub token", "chat", 1),
        Leak("request body $.key xxxx@xxxx.xxxxxxx", "email address", "chat", 1),
    ]


def test_guard_reads_the_file_itself() -> None:
    """Facts of the file come from the caller, past the scrubber."""
    text = dump({"route": f"https://h/{RUN_KEY}"}, [])
    assert SCRUBBER.leaks(text) == [Leak("line 3", "API key of this run")]
    with pytest.raises(SecretError, match="API key of this run in line 3"):
        SCRUBBER.guard([], text)


def test_a_secret_of_signs_can_not_be_masked_and_is_refused() -> None:
    scrubber = Scrubber(secrets=("!§$%&/()=?",))
    clean = scrubber.scrub(exchange({"a": "so !§$%&/()=? it is"}))
    with pytest.raises(SecretError):
        scrubber.guard([clean])


@pytest.mark.parametrize("value", ["REDACTED", "[FILTERED]", "Bearer ***", "<DUMMY_KEY>", "MASKED"])
def test_placeholders_of_other_recorders_are_no_leak(value: str) -> None:
    assert SCRUBBER.remains(Exchange(Request("GET", "https://h", (("authorization", value),)), None)) == []


def test_words_of_local_engines_are_no_secrets() -> None:
    body = json.dumps({"tool_choice": "none", "content": "EMPTY"}).encode()
    assert answer(Scrubber(secrets=("none", "EMPTY", BAD_KEY)).scrub(exchange(response=body))) == body


def test_a_broken_team_pattern_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="no regular expression"):
        Scrubber(patterns=("(",))


# -- any JSON at all ----------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(list(CANARIES.values())),
    st.builds(lambda a, c, b: a + " " + c + " " + b, st.text(max_size=5), st.sampled_from(list(CANARIES.values())), st.text(max_size=5)),
)  # fmt: skip
DOCUMENTS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(["id", "content", "arguments", "index", "token"]), TEXTS), inner, max_size=4),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=DOCUMENTS, ascii_only=st.booleans(), nested=st.booleans(), stream=st.booleans())
def test_any_json_keeps_bytes_and_structure(document: Any, ascii_only: bool, nested: bool, stream: bool) -> None:
    source = json.dumps(document, ensure_ascii=ascii_only)
    if nested:
        source = json.dumps({"arguments": source}, ensure_ascii=ascii_only)
    body = source.encode("utf-8", "replace")
    if stream:
        body = b"data: " + body + b"\n\ndata: " + body + b"\n\n"
    clean = SCRUBBER.scrub(exchange(response=body))
    after = answer(clean)
    assert len(after) == len(body)
    assert SCRUBBER.scrub(clean) == clean
    assert SCRUBBER.remains(clean) == []
    for old, new in zip(body.split(b"\n"), after.split(b"\n"), strict=True):
        if old:
            assert types(json.loads(old.removeprefix(b"data: "))) == types(json.loads(new.removeprefix(b"data: ")))


def types(value: Any) -> Any:
    """Keys by length only, as they may be masked; objects whose keys get equal masks by their types alone."""
    if isinstance(value, dict):
        return "object" if any(" " in k or len(k) > 8 for k in value) else [(k, types(v)) for k, v in value.items()]
    if isinstance(value, list):
        return [types(v) for v in value]
    return value if not isinstance(value, str) else "string" if value else "empty"


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=200))
def test_any_bytes_keep_their_length(body: bytes) -> None:
    clean = SCRUBBER.scrub(exchange(body, body))
    assert len(answer(clean)) == len(body)
    assert SCRUBBER.scrub(clean) == clean


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"a":' * 5_000, b'"' * 50_000, b"\\" * 50_000, b'{"a":' + b"9" * 5_000 + b"}", b"eyJ" * 100_000,
     b"-----BEGIN PRIVATE KEY-----" * 20_000, b"@a." * 100_000, b"+1" + b" 1" * 100_000, b"aws " * 50_000,
     b'{"c":"' + b"sk-" * 100_000 + b'"}', b"data: " * 50_000, b"\n" * 300_000, b"A" * 500_000],
)  # fmt: skip
def test_hostile_bodies_cost_little(body: bytes) -> None:
    started = time.perf_counter()
    clean = SCRUBBER.scrub(exchange(response=body))
    assert len(answer(clean)) == len(body)
    assert time.perf_counter() - started < 5


def test_a_megabyte_of_stream_takes_well_under_a_second() -> None:
    words = random.Random(1).choices(["the", " quick", " brown", " fox", "\n", " jumps"], k=5000)
    body = sse(
        *(delta(w, object="chat.completion.chunk", model="gpt-4o", system_fingerprint="fp_44709d6fcb") for w in words)
    )
    body += sse(*(delta(p) for p in pieces("mail jane@mail.example", 2)))
    body *= 1 + 1_000_000 // len(body)
    planted = exchange(response=body)
    spent = []
    for _ in range(3):
        started = time.perf_counter()
        SCRUBBER.scrub(planted)
        spent.append(time.perf_counter() - started)
    assert min(spent) < 1.5 * len(body) / 1_000_000, f"{len(body)} bytes took {min(spent):.2f} s"
