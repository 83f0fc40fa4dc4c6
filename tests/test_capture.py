"""The recording of one exchange: bounds, and errors of libraries in plain words."""

from __future__ import annotations

import errno
import hashlib
import itertools
import socket
import ssl
import time

import httpx
import pytest

from gate.model import Ending
from gate.run.capture import MAX_CHUNKS, Capture, plain


def wrapped(*chain: BaseException) -> BaseException:
    """The first error, caused by the second, and so on, as libraries nest them."""
    for outer, inner in itertools.pairwise(chain):
        outer.__cause__ = inner
    return chain[0]


def certificate() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (wrapped(httpx.ConnectError("All attempts failed"), OSError("All attempts failed"),
                 ConnectionRefusedError(errno.ECONNREFUSED, "x")), "connection refused (h:1)"),
        (wrapped(httpx.ConnectError("x"), OSError("y"),
                 ExceptionGroup("two addresses", [OSError(errno.EHOSTUNREACH, "x")])), "no route to host (h:1)"),
        (wrapped(httpx.ConnectError("x"), socket.gaierror(-2, "x")), "the host name does not resolve (h:1)"),
        (wrapped(httpx.ConnectError("x"), certificate()),
         "the TLS certificate is not accepted: self-signed certificate (h:1)"),
        (wrapped(httpx.ConnectError("x"), ssl.SSLError(1, "WRONG")), "TLS failed: "),
        (httpx.ProxyError("407 Proxy\x1b[31m Authentication Required"), "407 Proxy\\x1b[31m Authentication Required (h:1)"),
        (httpx.ConnectError(""), "the connection ended during its set-up (h:1)"),
    ],
)  # fmt: skip
def test_why_there_was_no_connection(error: Exception, words: str) -> None:
    capture = Capture(10)
    capture.peer = "h:1"
    ending, detail = capture.failed(error)
    assert ending is Ending.UNREACHABLE
    assert detail.startswith(f"could not connect: {words}")


def test_causes_that_go_round_in_circles_end() -> None:
    first, second = httpx.ConnectError("a"), OSError("b")
    first.__cause__, second.__cause__ = second, first
    assert Capture(1).failed(first) == (Ending.UNREACHABLE, "could not connect: a")


def test_a_reset_on_a_kept_connection_says_so() -> None:
    capture = Capture(10)
    capture.sent = time.perf_counter()
    assert capture.failed(httpx.ReadError("")) == (
        Ending.RESET, "the connection was reset before any answer (a reused connection)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reads", "stored", "sizes"),
    [
        ([b"abc", b"de"], b"abcde", [3, 2]),
        ([b"abc", b"defgh"], b"abcdef", [3, 3]),  # cut at the limit of six
        ([b"abcdef", b"gh", b"i"], b"abcdef", [6]),
        ([b"", b"abcdefgh"], b"abcdef", [6]),
    ],
)
def test_what_is_beyond_the_limit_is_counted_and_hashed(reads: list[bytes], stored: bytes, sizes: list[int]) -> None:
    capture = Capture(6)
    capture.sent = time.perf_counter()
    capture.head = (200, "OK", ())
    for data in reads:
        capture.take(data, 0.0)
    whole = b"".join(reads)
    response = capture.response()
    assert response is not None
    assert (response.body, capture.size, [c.size for c in capture.chunks()]) == (stored, len(whole), sizes)
    assert (capture.digest.hexdigest() if capture.digest else None) == (
        hashlib.sha256(whole).hexdigest() if len(whole) > 6 else None
    )


def test_tiny_chunks_do_not_cost_without_bound() -> None:
    capture = Capture(10_000_000)
    capture.sent = time.perf_counter()
    for _ in range(MAX_CHUNKS + 500):
        capture.take(b"x", 0.0)
    chunks = capture.chunks()
    assert len(chunks) == MAX_CHUNKS
    assert chunks[-1].size == 501
    assert sum(c.size for c in chunks) == MAX_CHUNKS + 500


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("ok", "ok"),
        ("a\r\nb\x00c", "a\\r\\nb\\x00c"),
        ("x" * 500, "x" * 142 + "… (500 characters)"),
        ("\u202eevil", "\\u202eevil"),
    ],
)
def test_words_of_strangers_are_one_bounded_line(text: str, line: str) -> None:
    assert plain(text) == line
