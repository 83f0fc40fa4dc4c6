"""Handlers for `tests.loopback.serve` that break off, stay silent, or speak no HTTP."""

from __future__ import annotations

import asyncio

from tests.loopback import Call


async def cut_length(call: Call) -> None:
    await call.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345")
    call.close()


async def cut_chunked(call: Call) -> None:
    await call.head()
    await call.chunk(b"12345")
    call.close()


async def reset_midway(call: Call) -> None:
    await call.head()
    await call.chunk(b"12345")
    await asyncio.sleep(0.05)
    call.reset()


async def reset_at_once(call: Call) -> None:
    call.reset()


async def close_at_once(call: Call) -> None:
    call.close()


async def silent(call: Call) -> None:
    await asyncio.sleep(30)


async def head_then_silent(call: Call) -> None:
    await call.head()
    await asyncio.sleep(30)


async def one_chunk_then_silent(call: Call) -> None:
    await call.head()
    await call.chunk(b"12345")
    await asyncio.sleep(30)


async def dribbled_head(call: Call) -> None:
    await call.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(300):
        await call.write(b"x-%d: 1\r\n" % number)
        await asyncio.sleep(0.05)


async def for_ever(call: Call) -> None:
    await call.head()
    while True:
        await call.chunk(b"x")
        await asyncio.sleep(0.02)


async def close_delimited(call: Call) -> None:
    await call.write(b"HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n12345")
    call.close()


async def informational_first(call: Call) -> None:
    await call.write(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12345")


async def no_content(call: Call) -> None:
    await call.write(b"HTTP/1.1 204 No Content\r\n\r\n")


async def no_http(call: Call) -> None:
    await call.write(b"SSH-2.0-OpenSSH_9.6\x1b[31m\r\n\r\n")
    call.close()


async def header_bomb(call: Call) -> None:
    await call.write(b"HTTP/1.1 200 OK\r\nx-bomb: " + b"a" * 300_000 + b"\r\n\r\n")
    call.close()


async def two_lengths(call: Call) -> None:
    await call.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 7\r\n\r\n12345")


async def bad_chunk_size(call: Call) -> None:
    await call.head()
    await call.chunk(b"12345")
    await call.write(b"zz\r\noops\r\n")


async def switching(call: Call) -> None:
    await call.write(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")
