"""Variations of an exchange, like further recordings of the same route: other ids, times, words and chunks. Pure.

The bytes are edited in place and keep their number, so spacing, key order and chunk sizes stay valid. What contracts
depend on (structure, numbers, tool arguments, structured output, errors) is not changed.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

from gate.model import Chunk, Exchange, Headers

_STRING = rb'"((?:[^"\\]|\\.)*+)"'
# Members that hold ids in chat and in the Responses API; the same id gets the same new one wherever it stands.
_ID = re.compile(rb'("(?:id|call_id|item_id|response_id|tool_call_id)"\s*+:\s*+")([^"\\]++)')
# Nine to eleven digits are seconds since 1970 for any year from 1973 on; so usage counts are not taken for times.
_CREATED = re.compile(rb'("(?:created|created_at|completed_at)"\s*+:\s*+)(\d{9,11})(?!\d)')
_TEXT = re.compile(rb'("(?:content|text|reasoning|reasoning_content)"\s*+:\s*+)' + _STRING)
# In the Responses API both texts and tool arguments come in `delta`; the event's type says which.
_TEXT_OR_DELTA = re.compile(rb'("(?:content|text|delta)"\s*+:\s*+)' + _STRING)
_TEXT_EVENT = re.compile(rb'"response\.(?:output_text|reasoning\w*)\.delta"')
_LETTERS = re.compile(rb"\\u[0-9A-Fa-f]{4}|\\.|[A-Za-z]++")
# The last part of an id is random; a prefix may mean something, such as a function's name.
_LONG_ID = re.compile(rb"((?:[0-9A-Za-z_.:-]*[-_.:])?)([0-9A-Za-z]{8,})")
# Other letters in a JSON answer would be other keys; an echo repeats the prompt.
_FIXED = re.compile(rb'"(?:json_schema|json_object|echo)"')
_LINE = re.compile(rb"[^\n]*+\n?+")
# Letters stay in their class, which keeps hexadecimal ids hexadecimal.
_ID_CLASSES = (string.digits, "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ")
# Vowels stay vowels, so that the texts of a demo still look like words.
_WORD_CLASSES = ("aeiou", "bcdfghjklmnpqrstvwxyz")
# Headers that differ with each call (B30) and hold an id.
_REQUEST_ID_HEADERS = frozenset({"x-request-id", "request-id", "cf-ray"})
_DAY = 86_400


def vary(exchange: Exchange, rng: Random) -> Exchange:
    """A variation of the exchange, the same for the same state of `rng`."""
    # chosen: within what two recordings of one route differ by (B35).
    pace = rng.uniform(0.9, 1.1)
    varied = replace(
        exchange,
        chunks=tuple(_resplit(exchange.chunks, pace, rng)),
        first_byte_ms=None if exchange.first_byte_ms is None else exchange.first_byte_ms * pace,
        total_ms=None if exchange.total_ms is None else exchange.total_ms * pace,
    )
    response = exchange.response
    if response is None:
        return varied
    rename = _renamer(rng)
    headers = _other_ids(response.headers, rename)
    body = response.body if _opaque(exchange) else _reword(exchange, rename, rng)
    return replace(varied, response=replace(response, headers=headers, body=body))


def _opaque(exchange: Exchange) -> bool:
    """Whether the body stays as it is: errors are contract, ids of models are names, and gzip can't be edited."""
    response = exchange.response
    compressed = response is not None and any(name.lower() == "content-encoding" for name, _ in response.headers)
    return compressed or response is None or response.status >= 400 or exchange.request.method != "POST"


def _reword(exchange: Exchange, rename: Callable[[bytes], bytes], rng: Random) -> bytes:
    body = exchange.response.body if exchange.response else b""
    later = rng.randrange(_DAY, 400 * _DAY)
    body = _ID.sub(lambda m: m[1] + rename(m[2]), body)
    body = _CREATED.sub(lambda m: m[1] + b"%0*d" % (len(m[2]), (int(m[2]) + later) % 10 ** len(m[2])), body)
    if not _is_prose(body, exchange.request.body or b""):
        return body
    # every letter is replaced by the same other letter, so equal texts stay equal however they are cut into chunks
    table = _shuffled(_WORD_CLASSES, rng)
    table = table | {ord(chr(k).upper()): ord(chr(v).upper()) for k, v in table.items()}
    letters = bytes(table.get(byte, byte) for byte in range(256))
    return b"".join(_translate(line, letters) for line in _LINE.findall(body))


def _texts(line: bytes) -> re.Pattern[bytes]:
    return _TEXT_OR_DELTA if _TEXT_EVENT.search(line) else _TEXT


def _is_prose(body: bytes, request: bytes) -> bool:
    """Whether words may change: not in structured output, in markup, or where an echo or logprobs repeat them."""
    if _FIXED.search(request) or b'"token"' in body or b'"tokens"' in body:
        return False
    text = b"".join(match[2] for line in _LINE.findall(body) for match in _texts(line).finditer(line))
    return not text.lstrip(b" \\nrt").startswith((b"{", b"[", b"`")) and b"<" not in text


def _translate(line: bytes, letters: bytes) -> bytes:
    def word(match: re.Match[bytes]) -> bytes:
        return match[0] if match[0].startswith(b"\\") else match[0].translate(letters)

    return _texts(line).sub(lambda m: m[1] + b'"' + _LETTERS.sub(word, m[2]) + b'"', line)


def _renamer(rng: Random) -> Callable[[bytes], bytes]:
    """A function that gives each id one new id of the same prefix, length and alphabet; short ones (`call_0`) stay."""
    known: dict[bytes, bytes] = {}
    classes = {ord(char): alphabet.encode() for alphabet in _ID_CLASSES for char in alphabet}

    def rename(name: bytes) -> bytes:
        parts = _LONG_ID.fullmatch(name)
        if parts is None:
            return name
        if name not in known:
            known[name] = parts[1] + bytes(rng.choice(classes[b]) if b in classes else b for b in parts[2])
        return known[name]

    return rename


def _shuffled(alphabets: Sequence[str], rng: Random) -> dict[int, int]:
    return {
        ord(letter): ord(substitute)
        for alphabet in alphabets
        for letter, substitute in zip(alphabet, rng.sample(alphabet, len(alphabet)), strict=True)
    }


def _other_ids(headers: Headers, rename: Callable[[bytes], bytes]) -> Headers:
    return tuple(
        (name, rename(value.encode("latin-1", "replace")).decode("latin-1"))
        if name.lower() in _REQUEST_ID_HEADERS
        else (name, value)
        for name, value in headers
    )


def _resplit(chunks: Sequence[Chunk], pace: float, rng: Random) -> Iterator[Chunk]:
    """Chunks at about the same times, some joined with the next and some split in two."""
    held = 0
    for n, chunk in enumerate(chunks, start=1):
        size, at, fate = held + chunk.size, chunk.at_ms * pace, rng.random()
        held = 0
        # chosen: about a third of the chunks change their borders (B06, B07).
        if fate < 0.15 and n < len(chunks):
            held = size
        elif fate > 0.85 and size > 1:
            first = rng.randrange(1, size)
            yield Chunk(at, first)
            yield Chunk(at, size - first)
        else:
            yield Chunk(at, size)
