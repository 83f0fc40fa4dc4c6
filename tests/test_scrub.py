"""What the scrubber takes out, what it leaves alone, and what it refuses (issue 2, "Goldens")."""

from __future__ import annotations

import base64
import gzip
import json
import random
import struct
import zlib
from dataclasses import replace
from functools import reduce
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from gate.errors import ConfigError, SecretError
from gate.model import Chunk, Exchange, Hop, Request
from gate.redact.kinds import BAD_KEY
from gate.redact.leaks import masked
from gate.redact.scrub import Leak, Scrubber
from gate.store.cassette import dump
from gate.wire import form
from gate.wire.encoding import decoded
from tests.canaries import RUN_KEY, SCRUBBER, answer, delta, exchange, pieces, sse

URLS = [
    ("https://user:pw@h.example/v1/models?limit=2", "https://h.example/v1/models?limit=2"),
    ("https://h/v1?key=AIzaSyD-9&alt=sse", "https://h/v1?key=*********&alt=sse"),
    ("https://h/v1?api-version=2024-10-21&api-key=abc", "https://h/v1?api-version=2024-10-21&api-key=***"),
    ("https://h/v1?subscription-key=k1&x=", "https://h/v1?subscription-key=**&x="),
    ("https://h/a/ghp_0123456789abcdefABCDEF0123456789abcd/v1", f"https://h/a/{'*' * 40}/v1"),
    ("https://h/a/sk_0123456789abcdef01234567/v1", f"https://h/a/{'*' * 27}/v1"),
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
    for key in (RUN_KEY, quote(RUN_KEY, safe=""), quote_plus(RUN_KEY)):
        assert "run-time" not in SCRUBBER.url(f"https://h/v1?whatever={key}&b=1")


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
    {
        "content": "sk-learn-pipelines are task-oriented; ask-me-anything; Bearer authentication; Basic usage: yes, Basic authentic"
    },
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
    blob = base64.b64encode(b"\x00\x10AKIA").decode() + "+AKIA/AKIAIOSFODNN7EXAMPLE+hf/" * 8
    body = json.dumps({"url": f"data:image/png;base64,{blob}"}).encode()
    assert answer(SCRUBBER.scrub(exchange(response=body))) == body


def test_sound_and_images_stay() -> None:
    noise = random.Random(3).randbytes(200_000) + b" a@b.example 4012 8888 8888 1881 "
    planted = exchange(response=noise, headers=(("content-type", "audio/mpeg"),))
    assert answer(SCRUBBER.scrub(planted)) == noise
    keyed = answer(SCRUBBER.scrub(exchange(response=noise + RUN_KEY.encode() + noise)))
    assert RUN_KEY.encode() not in keyed
    assert len(keyed) == 2 * len(noise) + len(RUN_KEY)


def test_the_texts_beside_a_file_are_read_as_texts() -> None:
    noise = random.Random(3).randbytes(20_000)
    sent = form.written([("prompt", "", b"ask a@b.example"), ("file", "a.wav", noise)])
    one = exchange(response=b"{}")
    one = replace(one, request=replace(one.request, headers=(("content-type", form.CONTENT_TYPE),), body=sent))
    assert [leak.kind for leak in SCRUBBER.remains(one)]
    clean = SCRUBBER.scrub(one)
    assert clean.request.body == sent.replace(b"a@b.example", b"x@x.xxxxxxx")
    assert SCRUBBER.remains(clean) == []


@pytest.mark.parametrize(
    ("name", "value", "clean"),
    [
        ("api_key", "swordfish", "xxxxxxxxx"),
        ("extra[password]", "swordfish", "xxxxxxxxx"),
        ("secret[]", "swordfish", "xxxxxxxxx"),
        ("extra", '{"password":"swordfish"}', '{"password":"xxxxxxxxx"}'),
        ("prompt", "swordfish", "swordfish"),
        ("[]", "swordfish", "swordfish"),
    ],
)
def test_a_field_of_a_form_is_named_as_a_member_is(name: str, value: str, clean: str) -> None:
    sent, kept = (form.written([(name, "", text.encode()), ("file", "password.wav", b"\0")]) for text in (value, clean))
    one = exchange(response=b"{}")
    one = replace(one, request=replace(one.request, headers=(("content-type", form.CONTENT_TYPE),), body=sent))
    assert bool(SCRUBBER.remains(one)) == (sent != kept)
    assert SCRUBBER.scrub(one).request.body == kept
    assert SCRUBBER.remains(SCRUBBER.scrub(one)) == []


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


def test_broken_escapes_are_text() -> None:
    body = rb'{"a":"\q jane@mail.example", 4012 8888 8888 1881}'
    assert answer(SCRUBBER.scrub(exchange(response=body))) == rb'{"a":"\q xxxx@xxxx.xxxxxxx", 4012 8888 8888 1881}'


def test_a_private_key_over_many_lines_of_a_stream() -> None:
    body = b"data: -----BEGIN PRIVATE KEY-----\ndata: MIIEpAIBAAKC\ndata:\ndata: -----END PRIVATE KEY-----\n\n"
    clean = answer(SCRUBBER.scrub(exchange(response=body)))
    assert b"MIIE" not in clean
    assert len(clean) == len(body)


@pytest.mark.parametrize("depth", [100, 900, 950, 980, 3000])
def test_json_nested_up_to_pythons_stack_and_beyond(depth: int) -> None:
    body = b"[" * depth + b'"jane@mail.example"' + b"]" * depth
    assert answer(SCRUBBER.scrub(exchange(response=body))) == body.replace(b"jane@mail.example", b"xxxx@xxxx.xxxxxxx")


def test_team_patterns_that_match_their_own_mask() -> None:
    body = b'{"a":"[1] call +4915112345678 or jane"}'
    clean = Scrubber(patterns=("[a-z]{4}",)).scrub(exchange(response=body))
    assert answer(clean) == b'{"a":"[1] xxxx +1111111111111 or xxxx"}'
    assert Scrubber(patterns=("[a-z]{4}",)).scrub(clean) == clean


def test_a_pattern_that_its_own_masks_complete_again_and_again_is_refused() -> None:
    scrubber = Scrubber(patterns=("x[a-w]",))
    clean = scrubber.scrub(Exchange(Request("POST", "https://h", (), b'"xabcdefgh"'), None, detail="xabcdefgh"))
    with pytest.raises(SecretError, match="team pattern in request body"):
        scrubber.guard([clean])


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


PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate, gzip": lambda raw: gzip.compress(zlib.compress(raw), mtime=0),
}


@pytest.mark.parametrize("encoding", PACKERS)
def test_compressed_bodies_keep_their_encoding(encoding: str) -> None:
    plain = json.dumps({"c": "jane@mail.example " * 50}).encode()
    packed = PACKERS[encoding](plain)
    headers = (("Content-Encoding", encoding), ("content-length", str(len(packed))))
    planted = exchange(response=packed, headers=headers)
    half = len(packed) // 2
    planted = Exchange(planted.request, planted.response, (Chunk(1.0, half), Chunk(2.0, len(packed) - half)))
    clean = SCRUBBER.scrub(planted)
    body = answer(clean)
    assert decoded(body, encoding)[0] == plain.replace(b"jane@mail.example", b"xxxx@xxxx.xxxxxxx")
    assert sum(c.size for c in clean.chunks) == len(body)
    assert [c.at_ms for c in clean.chunks] == [1.0, 2.0]
    assert clean.response is not None
    assert dict(clean.response.headers)["content-length"] == str(len(body))
    assert SCRUBBER.scrub(clean) == clean


def test_compressed_bodies_without_secrets_and_wrong_labels_stay() -> None:
    for body in (gzip.compress(b'{"a":1}', mtime=0), gzip.compress(b'{"a":1}', mtime=0)[:-9], b"plain text", b""):
        planted = exchange(response=body, headers=(("content-encoding", "gzip"),))
        assert SCRUBBER.scrub(planted) == planted


@pytest.mark.untraced
def test_a_bomb_is_not_unpacked_whole() -> None:
    bomb = gzip.compress(b"a" * 40_000_000, 9, mtime=0)
    assert answer(SCRUBBER.scrub(exchange(response=bomb, headers=(("content-encoding", "gzip"),)))) == bomb
    endless = gzip.compress(b"a" * 70_000_000, 9, mtime=0)
    assert set(answer(SCRUBBER.scrub(exchange(response=endless)))) == {ord("*")}


UNREADABLE = {
    "brotli": (b"\x1b\x2f\x00\xf8\x0f\xff\x00\x01" * 20, "br"),
    "brotli in gzip": (gzip.compress(b"\x1b\x2f\x00\xf8\x0f\xff\x00\x01" * 20, mtime=0), "br, gzip"),
    "zstd without a label": (b"\x28\xb5\x2f\xfd\x04\x00" + b"jane@mail.example", ""),
    "broken in the middle": (b"\x1f\x8b\x08" + b'{"a":"jane@mail.example"}' * 9, "gzip"),
    "utf-16": ('{"a":"jane@mail.example"}'.encode("utf-16"), ""),
    "utf-16 without a mark": ('{"a":"jane@mail.example"}'.encode("utf-16-be"), ""),
    "text after the archive": (gzip.compress(b"{}", mtime=0) + b"jane@mail.example", "gzip"),
    "too many layers": (
        reduce(lambda raw, _: gzip.compress(raw, mtime=0), range(9), b'{"a":"jane@mail.example"}'),
        "gzip",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_body_that_can_not_be_read_to_its_end_is_not_stored(name: str) -> None:
    body, label = UNREADABLE[name]
    planted = exchange(response=body, headers=(("content-encoding", label),) if label else ())
    assert [leak.kind for leak in SCRUBBER.remains(planted)] == ["text that can't be unpacked"]
    clean = SCRUBBER.scrub(planted)
    assert answer(clean) == b"*" * len(body)
    assert SCRUBBER.scrub(clean) == clean
    assert SCRUBBER.remains(clean) == []


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


def test_a_secret_that_is_stored_already_is_to_be_rotated() -> None:
    with pytest.raises(SecretError) as caught:
        SCRUBBER.guard(
            [exchange({"content": "mail jane@mail.example"})], where="golden/chat/cassette.yaml", stored=True
        )
    text = str(caught.value)
    assert "email address in request body $.content: it is stored" in text
    assert "rotate" in text
    assert "rewrite the history" in text
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
    with pytest.raises(ConfigError, match="not a regular expression"):
        Scrubber(patterns=("(",))


def test_a_span_after_backslashes_is_masked_and_they_stay() -> None:
    text = "\\\\" * 4 + "sk-Ab1"
    assert dict(masked(text, 8, 14)) == {8: "x", 9: "x", 11: "X", 12: "x"}


@pytest.mark.parametrize(
    "body",
    [
        sse([f"key {RUN_KEY}"], f"key {RUN_KEY}"),
        json.dumps({"content": json.dumps([f"key {RUN_KEY}"])}).encode(),
        json.dumps({"content": json.dumps({"inner": f"key {RUN_KEY}"})[:-1]}).encode(),  # cut off
    ],
)
def test_a_key_in_json_that_is_an_event_or_a_text(body: bytes) -> None:
    clean = answer(SCRUBBER.scrub(exchange(response=body)))
    assert RUN_KEY.encode() not in clean
    assert len(clean) == len(body)
