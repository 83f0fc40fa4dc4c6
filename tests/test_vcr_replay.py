"""Plain vcrpy replays our files, under httpx and under the official openai SDK, and never needs a network."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import vcr
from vcr.errors import CannotOverwriteExistingCassetteException

from gate.model import Chunk, Ending, Exchange, Headers, Request, Response
from gate.redact.scrub import Scrubber
from gate.store.cassette import dump
from gate.store.journal import write

if TYPE_CHECKING:
    import openai  # takes a second, which only the worker that needs it should wait for

BASE = "https://api.example.com/v1"
KEY = "sk-proj-Rk3vWq81mNopQrStUvWx"
VECTOR = [0.25, -0.5, 0.125]
CHUNKS = (
    [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}],
    [{"index": 0, "delta": {"content": "Grüße "}, "finish_reason": None}],
    [{"index": 0, "delta": {"content": "😀\n"}, "finish_reason": None}],
    [{"index": 0, "delta": {}, "finish_reason": "stop"}],
)
CHAT = {
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Grüße 😀"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
}  # fmt: skip


def frames() -> bytes:
    docs = ({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": c} for c in CHUNKS)
    return b"".join(f"data: {json.dumps(d, ensure_ascii=False)}\n\n".encode() for d in docs) + b"data: [DONE]\n\n"


def embeddings(embedding: Any) -> bytes:
    data = [{"object": "embedding", "index": 0, "embedding": embedding}]
    return json.dumps(
        {"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    ).encode()


def recorded(
    path: str, body: bytes, media: str = "application/json", *more: tuple[str, str], status: int = 200
) -> Exchange:
    """As `gate record` has it in memory: all that a server sends about its framing, and the key not yet gone."""
    headers: Headers = (
        ("Content-Type", media), ("Transfer-Encoding", "chunked"), ("Connection", "keep-alive"), ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"), ("x-request-id", "req_1"), *more,
    )  # fmt: skip
    request = Request("POST", f"{BASE}{path}", (("Authorization", f"Bearer {KEY}"),), b'{"model":"m"}')
    reason = "OK" if status == 200 else "Too Many Requests"
    return Exchange(
        request, Response(status, reason, headers, body), (Chunk(1.0, len(body)),), scenario="s", total_ms=2.0
    )


@contextmanager
def replayed(folder: Path, *exchanges: Exchange) -> Iterator[vcr.cassette.Cassette]:
    scrubber = Scrubber((KEY,))
    text = dump({"route": "baseline"}, [scrubber.scrub(e) for e in exchanges])
    assert KEY not in text
    path = folder / "golden" / "s" / "cassette.yaml"
    write(path, text)
    with vcr.use_cassette(str(path), record_mode="none") as cassette:
        yield cassette
    assert path.read_text("utf-8") == text


@pytest.fixture
def sdk() -> Iterator[openai.OpenAI]:
    import openai

    with openai.OpenAI(api_key="another", base_url=BASE, max_retries=0) as client:
        yield client


BODIES = [
    (b'{"a":"\xc3\xa9"}', "application/json", ()),
    (frames(), "text/event-stream", ()),
    (frames().replace(b"\n", b"\r\n"), "text/event-stream", ()),
    (gzip.compress(frames(), mtime=0), "text/event-stream", (("content-encoding", "gzip"),)),
    (b"\xff\xfe\x00 no text", "audio/mpeg", ()),
    (b"", "text/plain", ()),
    (b"x" * 10, "text/plain", (("content-length", "10"),)),
]


@pytest.mark.parametrize(("body", "media", "headers"), BODIES)
def test_httpx_gets_the_bytes(tmp_path: Path, body: bytes, media: str, headers: tuple[tuple[str, str], ...]) -> None:
    with replayed(tmp_path, recorded("/x", body, media, *headers)) as cassette, httpx.Client() as client:
        with client.stream("POST", f"{BASE}/x", json={"anything": 1}) as answer:
            raw = b"".join(answer.iter_raw())
        assert raw == body
        assert (answer.status_code, answer.reason_phrase) == (200, "OK")
        assert answer.headers["content-type"] == media
        assert answer.headers.get_list("set-cookie") == ["***", "***"]
        assert cassette.all_played


def test_httpx_async(tmp_path: Path) -> None:
    async def lines() -> list[str]:
        async with httpx.AsyncClient() as client, client.stream("POST", f"{BASE}/x") as answer:
            return [line async for line in answer.aiter_lines()]

    with replayed(tmp_path, recorded("/x", frames(), "text/event-stream")):
        assert asyncio.run(lines()) == frames().decode().split("\n")[:-1]


def test_samples_are_answered_in_order_and_once(tmp_path: Path) -> None:
    samples = [recorded("/x", str(n).encode()) for n in range(3)]
    with replayed(tmp_path, *samples), httpx.Client() as client:
        assert [client.post(f"{BASE}/x").text for _ in samples] == ["0", "1", "2"]
        with pytest.raises(CannotOverwriteExistingCassetteException):
            client.post(f"{BASE}/x")


def test_attempts_without_response_and_odd_texts_do_not_disturb_vcrpy(tmp_path: Path) -> None:
    fine = recorded("/x", b"ok", "text/plain", ("via", "1.1 caf\u00e9"))
    odd = Exchange(fine.request, Response(200, "Ça va", fine.response.headers, b"ok") if fine.response else None)
    lost = Exchange(fine.request, None, ending=Ending.UNREACHABLE, detail="refused")
    with replayed(tmp_path, lost, odd) as cassette, httpx.Client() as client:
        answer = client.post(f"{BASE}/x")
        assert len(cassette) == 1
    assert answer.headers["via"] == "1.1 caf\u00e9"


def test_sdk_chat(tmp_path: Path, sdk: openai.OpenAI) -> None:
    with replayed(tmp_path, recorded("/chat/completions", json.dumps(CHAT, indent=2).encode())):
        answer = sdk.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    assert answer.model_dump(exclude_unset=True) == CHAT


@pytest.mark.parametrize("packed", [False, True])
def test_sdk_stream(tmp_path: Path, sdk: openai.OpenAI, packed: bool) -> None:
    body = gzip.compress(frames(), mtime=0) if packed else frames()
    more = [("content-encoding", "gzip")] if packed else []
    with replayed(tmp_path, recorded("/chat/completions", body, "text/event-stream; charset=utf-8", *more)):
        stream = sdk.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}], stream=True)
        choices = [chunk.choices[0] for chunk in stream]
    assert "".join(choice.delta.content or "" for choice in choices) == "Grüße 😀\n"
    assert [choice.finish_reason for choice in choices] == [None, None, None, "stop"]


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_sdk_embeddings(tmp_path: Path, sdk: openai.OpenAI, encoding: str) -> None:
    packed = base64.b64encode(struct.pack("<3f", *VECTOR)).decode()
    with replayed(tmp_path, recorded("/embeddings", embeddings(packed if encoding == "base64" else VECTOR))):
        answer = sdk.embeddings.create(model="m", input="hi")
    assert answer.data[0].embedding == VECTOR


def test_sdk_error(tmp_path: Path, sdk: openai.OpenAI) -> None:
    import openai

    body = b'{"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limited","param":null}}'
    slow = recorded("/chat/completions", body, "application/json", ("retry-after", "1"), status=429)
    with replayed(tmp_path, slow), pytest.raises(openai.RateLimitError) as caught:
        sdk.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    assert caught.value.type == "rate_limit_error"
    assert caught.value.response.headers["retry-after"] == "1"
    assert caught.value.request_id == "req_1"


def test_sdk_async_stream(tmp_path: Path) -> None:
    import openai

    async def texts() -> list[str | None]:
        async with openai.AsyncOpenAI(api_key="another", base_url=BASE, max_retries=0) as sdk:
            stream = await sdk.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "hi"}], stream=True
            )
            return [chunk.choices[0].delta.content async for chunk in stream]

    with replayed(tmp_path, recorded("/chat/completions", frames(), "text/event-stream")):
        assert "".join(text or "" for text in asyncio.run(texts())) == "Grüße 😀\n"
