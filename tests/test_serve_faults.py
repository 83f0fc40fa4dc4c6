"""Every fault over a bare socket: the exact bytes, and how the connection ends, with `Connection: close` and without."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from gate.errors import ConfigError
from gate.model import Chunk, Ending, Exchange, Request, Response
from gate.mutations import of_answers
from gate.replay.actions import Asker, Leave, transmission
from gate.replay.faults import kinds, parse
from gate.replay.reply import reply_of
from gate.replay.service import Service
from gate.replay.serving import Server, serving
from gate.store.shipped import goldens
from gate.store.sides import load_side
from tests.raw_http import Ended, connect, read, request

ASK = {"model": "m", "messages": [{"role": "user", "content": "Say hi."}]}
NOW = 1_721_172_741.0


def event(delta: object, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return (
        b"data: " + json.dumps({"id": "c", "object": "chat.completion.chunk", "choices": [choice]}).encode() + b"\n\n"
    )


ROLE, HI, END = event({"role": "assistant", "content": ""}), event({"content": "Hi"}), event({}, "stop")
DONE = b"data: [DONE]\n\n"
USAGE = b'data: {"id": "c", "object": "chat.completion.chunk", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}}\n\n'
PARTS = (ROLE, HI, END + DONE)
PLAIN = b'{"object":"chat.completion","choices":[]}'


def exchange(doc: object, scenario: str, media: str, *parts: bytes, **headers: str) -> Exchange:
    asked = Request(
        "POST", "https://api/v1/chat/completions", (("authorization", "Bearer k"),), json.dumps(doc).encode()
    )
    answer = Response(
        200, "OK", (("Content-Type", media), *((n.replace("_", "-"), v) for n, v in headers.items())), b"".join(parts)
    )
    chunks = tuple(Chunk(10.0 * (n + 1), len(part)) for n, part in enumerate(parts))
    return Exchange(asked, answer, chunks, scenario=scenario, first_byte_ms=5.0, total_ms=10.0 * len(parts) + 5)


STREAMED = exchange({**ASK, "stream": True}, "stream", "text/event-stream", *PARTS)
JSON = exchange(ASK, "plain", "application/json", PLAIN, Content_Length=str(len(PLAIN)))


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    service = Service({"stream": [STREAMED], "plain": [JSON]}, speed=0, now=lambda: NOW)
    with serving(Server(service)) as url:
        yield url


# -- the bytes ----------------------------------------------------------------------------------

HERE = b"<Connection>"  # where the header Connection stands
LAST = b"0\r\n\r\n"


def head(status: bytes, *headers: bytes) -> bytes:
    return b"HTTP/1.1 " + status + b"\r\n" + b"".join(header + b"\r\n" for header in headers) + HERE + b"\r\n"


def chunked(*parts: bytes, extension: bytes = b"", mark: bytes = b"") -> bytes:
    return b"".join(mark + b"%x" % len(part) + extension + b"\r\n" + part + b"\r\n" for part in parts)


def stream(
    *parts: bytes, more: tuple[bytes, ...] = (), media: bytes = b"text/event-stream", last: bytes = LAST
) -> bytes:
    fields = (b"Content-Type: " + media, *more, b"transfer-encoding: chunked")
    return head(b"200 OK", *fields) + chunked(*parts) + last


def plain(body: bytes, *more: bytes, length: int | None = None, media: bytes = b"application/json") -> bytes:
    size = b"%d" % (len(body) if length is None else length)
    return head(b"200 OK", b"Content-Type: " + media, b"Content-Length: " + size, *more) + body


def ours(status: bytes, body: bytes, *more: bytes, media: bytes = b"application/json") -> bytes:
    return head(status, b"content-type: " + media, *more, b"content-length: %d" % len(body)) + body


def error(kind: str, message: str, code: str | None = None) -> bytes:
    return json.dumps({"error": {"message": message, "type": kind, "param": None, "code": code}}).encode()


def packed(*parts: bytes) -> list[bytes]:
    packer = zlib.compressobj(wbits=31)
    every = [packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH) for part in parts]
    return [*every[:-1], every[-1] + packer.flush()]


def between(raw: bytes) -> bytes:
    return stream(raw, *(piece for part in PARTS for piece in (part, raw)))


LIMITED = error("requests", "Rate limit reached for requests.", "rate_limit_exceeded")
FAILED = error("server_error", "The server had an error while processing your request.")
BUSY = error("server_error", "The engine is currently overloaded, please try again later.")
PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>\n"
EDGE = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>edge-17</body></html>\n"
TOO_MANY, GZIP = b"429 Too Many Requests", b"content-encoding: gzip"
HELLO = HI.replace(b'"Hi"', b'"\xc3\xa9i"')
AT = HELLO.index(b"\xa9")
CLOSES = head(b"200 OK", b"Content-Type: text/event-stream")


@dataclass(frozen=True)
class Case:
    """What is `sent`, and how it ends. `held`: the connection stays, and nothing more comes. `closes`: the fault itself
    says `Connection: close`. `plain`: asked of the recording of a JSON body."""

    sent: bytes = b""
    ended: Ended = "open"
    held: bool = False
    closes: bool = False
    plain: bool = False


CASES: dict[str, Case] = {
    "ok": Case(stream(*PARTS)),
    "status-429": Case(ours(TOO_MANY, LIMITED)),
    "status-429+retry-after-1": Case(ours(TOO_MANY, LIMITED, b"retry-after: 1")),
    "status-429+retry-after-70": Case(ours(TOO_MANY, LIMITED, b"retry-after: 70")),
    "status-429+retry-after-130": Case(ours(TOO_MANY, LIMITED, b"retry-after: 130")),
    "status-429+retry-after-date-70": Case(ours(TOO_MANY, LIMITED, b"retry-after: Tue, 16 Jul 2024 23:33:31 GMT")),
    "status-500": Case(ours(b"500 Internal Server Error", FAILED)),
    "status-503": Case(ours(b"503 Service Unavailable", BUSY)),
    "html-502": Case(
        head(b"502 Bad Gateway", b"content-type: text/html", b"transfer-encoding: chunked") + chunked(EDGE) + LAST
    ),
    "error-200": Case(ours(b"200 OK", FAILED)),
    "html-200": Case(ours(b"200 OK", PAGE, media=b"text/html; charset=utf-8")),
    "empty-200": Case(ours(b"200 OK", b"", media=b"text/event-stream")),
    "wrong-content-type": Case(stream(*PARTS, media=b"application/json")),
    "first-byte-after-0.05s": Case(stream(*PARTS)),
    "first-chunk-after-0.05s": Case(stream(*PARTS)),
    "silence": Case(held=True),
    "stall-after-2": Case(stream(*PARTS[:2], last=b""), held=True),
    "pause-after-1-for-0.05s": Case(stream(*PARTS)),
    "falling-gaps": Case(stream(*PARTS)),
    "buffered": Case(stream(b"".join(PARTS))),
    "cut-after-2": Case(stream(*PARTS[:2], last=b""), "fin"),
    "cut-after-0": Case(stream(last=b""), "fin"),
    f"cut-after-{len(ROLE) + 10}-bytes": Case(stream(ROLE, HI[:10], last=b""), "fin"),
    "reset-after-2": Case(stream(*PARTS[:2], last=b""), "rst"),
    "reset-after-10-bytes": Case(stream(ROLE[:10], last=b""), "rst"),
    "reset": Case(ended="rst"),
    "no-answer": Case(ended="fin"),
    "half-closed-after-1": Case(stream(ROLE, last=b""), "fin"),
    "no-final-chunk": Case(stream(*PARTS, last=b""), "fin"),
    "no-finish": Case(stream(ROLE, HI)),
    "no-events": Case(stream()),
    "open-after-done": Case(stream(*PARTS, last=b""), held=True),
    "unframed": Case(CLOSES + b"".join(PARTS), "fin", closes=True),
    "unframed+cut-after-2": Case(CLOSES + ROLE + HI, "fin", closes=True),
    "heartbeat-comments": Case(between(b": keep-alive\n\n")),
    "keepalive-events": Case(between(b'event: keepalive\ndata: {"type":"keepalive"}\n\n')),
    "empty-events": Case(between(b"data:\n\n")),
    "usage-only-chunk": Case(stream(ROLE, HI, END + USAGE + DONE)),
    "duplicate-terminal": Case(stream(ROLE, HI, END + DONE + END + DONE)),
    "gzip": Case(stream(*packed(*PARTS), more=(GZIP,))),
    "gzip-members": Case(stream(*(zlib.compress(part, wbits=31) for part in PARTS), more=(GZIP,))),
    "split-utf8": Case(stream(ROLE, HELLO[:AT], HELLO[AT:], PARTS[2])),
    "garbage": Case(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 this is no HTTP\r\n\r\n", "fin"),
    "bad-status-line": Case(stream(*PARTS).replace(b"HTTP/1.1", b"HTTP/x.y"), "fin", closes=True),
    "bad-header": Case(stream(*PARTS, more=(b"x-gate : bad",)), "fin", closes=True),
    "bad-chunk-size": Case(stream(last=chunked(*PARTS, mark=b"x") + LAST), "fin", closes=True),
    "length-too-long": Case(plain(PLAIN, length=len(PLAIN) + 10), "fin", plain=True),
    "length-too-short": Case(plain(PLAIN, length=len(PLAIN) - 10), plain=True),
    "interim-103": Case(b"HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n" + stream(*PARTS)),
    "chunk-extensions": Case(stream(last=chunked(*PARTS, extension=b";gate=1") + LAST)),
    "trailers": Case(stream(*PARTS, last=b"0\r\nx-gate-trailer: 1\r\n\r\n")),
    # the same on a body with a length
    "ok+ok": Case(plain(PLAIN), plain=True),
    "cut-after-7-bytes": Case(plain(PLAIN[:7], length=len(PLAIN)), "fin", plain=True),
    "reset-after-7-bytes": Case(plain(PLAIN[:7], length=len(PLAIN)), "rst", plain=True),
    "stall-after-0": Case(plain(b"", length=len(PLAIN)), plain=True, held=True),
    "gzip+ok": Case(plain(packed(PLAIN)[0], GZIP), plain=True),
    "wrong-content-type+ok": Case(plain(PLAIN, media=b"text/plain"), plain=True),
    # and a mutation, alone and with a fault
    "sse-done-missing": Case(stream(ROLE, HI, END)),
    "sse-done-missing+cut-after-3": Case(stream(ROLE, HI, END, last=b""), "fin"),
}


def test_every_fault_has_its_bytes() -> None:
    named = {part for text in CASES for part in text.split("+")}
    tested = {name for name, kind in kinds().items() if any(kind.numbers(part) is not None for part in named)}
    assert kinds().keys() - tested == {"close", "keep-alive"}  # these two every case has


@pytest.mark.parametrize("connection", ["", "close", "keep-alive"])
@pytest.mark.parametrize("name", CASES)
def test_exact_bytes(base: str, name: str, connection: str) -> None:
    case = CASES[name]
    ending = case.ended
    if case.closes:
        header = b"connection: close\r\n"
    elif connection:
        header = f"connection: {connection}\r\n".encode()
        ending = "fin" if connection == "close" and ending == "open" and not case.held else ending
    else:
        header = b""
    wanted = case.sent.replace(HERE, header)
    fault = f"{name}+{connection}" if connection and not case.closes else name
    ask = {**ASK, "stream": not case.plain}
    with connect(base) as peer:
        peer.sendall(request("/v1/chat/completions", ask, x_gate_fault=fault))
        if case.held:
            assert read(peer, quiet=0.1) == (wanted, "open")
        elif ending == "open":
            assert read(peer, wanted) == (wanted, "open")
            peer.sendall(request("/v1/chat/completions", ask))  # the connection still works
            after = stream(*PARTS) if not case.plain else plain(PLAIN)
            assert read(peer, after.replace(HERE, b"")) == (after.replace(HERE, b""), "open")
        else:
            assert read(peer) == (wanted, ending)


def test_an_http_1_0_client_gets_no_chunks(base: str) -> None:
    body = json.dumps({**ASK, "stream": True}).encode()
    with connect(base) as peer:
        peer.sendall(b"POST /v1/chat/completions HTTP/1.0\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
        assert read(peer) == (CLOSES.replace(HERE, b"connection: close\r\n") + b"".join(PARTS), "fin")


def test_a_client_that_wants_to_close_is_told_so(base: str) -> None:
    with connect(base) as peer:
        peer.sendall(request("/v1/chat/completions", ASK, connection="close"))
        assert read(peer) == (plain(PLAIN).replace(HERE, b"connection: close\r\n"), "fin")


def test_head_has_no_body() -> None:
    sent = transmission(reply_of(JSON), Asker("HEAD"))
    assert b"".join(write.data for write in sent.writes) == plain(b"", length=len(PLAIN)).replace(HERE, b"")


def test_a_half_closed_server_still_reads(base: str) -> None:
    with connect(base) as peer:
        peer.sendall(request("/v1/chat/completions", {**ASK, "stream": True}, x_gate_fault="half-closed-after-1"))
        assert read(peer)[1] == "fin"
        peer.sendall(b"x" * 10_000)  # a closed socket would answer with a reset


# -- times --------------------------------------------------------------------------------------


def times(fault: str, exchange: Exchange = STREAMED, speed: float = 1.0) -> list[float]:
    """When the head and each chunk are written, and when the answer ends, in ms."""
    reply = parse(fault).reply(exchange, speed, NOW)
    assert reply is not None
    sent = transmission(reply)
    return [write.at_ms for write in sent.writes] + [sent.leave_ms]


@pytest.mark.parametrize(
    ("fault", "speed", "wanted"),
    [
        ("ok", 1.0, [5, 10, 20, 30, 35, 35]),
        ("ok", 2.0, [2.5, 5, 10, 15, 17.5, 17.5]),
        ("ok", 0, [0, 0, 0, 0, 0, 0]),
        ("first-byte-after-5s", 1.0, [5005, 5010, 5020, 5030, 5035, 5035]),
        ("first-byte-after-5s", 0, [5000, 5000, 5000, 5000, 5000, 5000]),
        ("first-chunk-after-2.5s", 1.0, [5, 2510, 2520, 2530, 2535, 2535]),
        ("pause-after-1-for-5s", 1.0, [5, 10, 5020, 5030, 5035, 5035]),
        ("stall-after-1", 1.0, [5, 10, 10]),
        ("falling-gaps", 1.0, [5, 10, 410, 610, 610, 610]),
        ("buffered", 1.0, [35, 35, 35, 35]),
        ("cut-after-2", 1.0, [5, 10, 20, 20]),
        ("silence", 1.0, [35]),
        ("status-503", 1.0, [0, 0, 0]),
        ("split-utf8", 0, [0, 0, 0, 20, 20, 20, 20]),
        ("first-token-late", 0, [5, 95_010, 95_020, 95_030, 95_035, 95_035]),  # a mutation of times keeps its own
    ],
)
def test_when_it_is_sent(fault: str, speed: float, wanted: list[float]) -> None:
    assert times(fault, speed=speed) == pytest.approx(wanted)


# -- what fits, and what there is ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "exchange"),
    [
        ("cut-after-4", STREAMED),
        ("cut-after-9999-bytes", STREAMED),
        ("stall-after-3", STREAMED),
        ("pause-after-3-for-1s", STREAMED),
        ("falling-gaps", JSON),
        ("buffered", JSON),
        ("no-events", JSON),
        ("no-final-chunk", JSON),
        ("no-finish", JSON),
        ("open-after-done", JSON),
        ("heartbeat-comments", JSON),
        ("usage-only-chunk", JSON),
        ("duplicate-terminal", JSON),
        ("bad-chunk-size", JSON),
        ("chunk-extensions", JSON),
        ("trailers", JSON),
        ("split-utf8", JSON),
        ("gzip+gzip", JSON),
        ("gzip+split-utf8", STREAMED),
        ("gzip-members+gzip-members", STREAMED),
        ("usage-only-chunk+usage-only-chunk", STREAMED),
        (
            "usage-only-chunk",
            replace(
                STREAMED, response=Response(200, "", STREAMED.response.headers, ROLE) if STREAMED.response else None
            ),
        ),
        ("no-events+length-too-long", STREAMED),
        ("no-events+length-too-short", STREAMED),
        ("wrong-content-type", replace(JSON, response=Response(200, body=PLAIN))),
        ("base64-ignored", JSON),  # a mutation that needs another endpoint
    ],
)
def test_what_does_not_fit(fault: str, exchange: Exchange) -> None:
    assert parse(fault).reply(exchange, 1.0, NOW) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cut-after-x", "there is no fault `cut-after-x`"),
        ("cut-after-3-byte", "did you mean `cut-after-3-bytes`?"),
        ("cut-after-3++close", "there is no fault ``"),
        ("status-100", "there is no fault `status-100`"),
        ("zzzz", "docs/serve.md lists all faults"),
        ("x" * 500, "at most 400 characters"),
    ],
)
def test_names_that_do_not_exist(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert words in str(caught.value)


@pytest.mark.parametrize("name", of_answers())
def test_every_mutation_of_an_answer_and_its_twin_is_a_fault(name: str) -> None:
    fault = parse(name)
    assert fault.edits == (of_answers()[name].apply,)
    assert fault.paced == (of_answers()[name].area == "latency")
    assert parse(f"twin-of-{name}").edits == (of_answers()[name].twin,)


def test_what_a_gateway_does_to_a_request_is_no_fault() -> None:
    with pytest.raises(ConfigError, match="there is no fault `trace-lost`"):
        parse("trace-lost")


@pytest.mark.untraced
@pytest.mark.parametrize("name", [kind.example for kind in kinds().values()])
def test_every_fault_on_every_golden_makes_an_answer_that_can_be_sent(name: str) -> None:
    fits = 0
    for exchanges in load_side(goldens()).exchanges.values():
        reply = parse(name).reply(exchanges[0], 1.0, NOW)
        if reply is not None:
            fits += 1
            sent = transmission(reply)
            times = [write.at_ms for write in sent.writes]
            assert times == sorted(times)
    assert fits


# -- recordings that ended in other ways --------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "leave"),
    [
        (Ending.COMPLETE, Leave.CLOSE),
        (Ending.CUT, Leave.CLOSE),
        (Ending.RESET, Leave.RESET),
        (Ending.TIMEOUT, Leave.HOLD),
        (Ending.CANCELLED, Leave.HOLD),
    ],
)
def test_attempts_without_an_answer(ending: Ending, leave: Leave) -> None:
    sent = transmission(reply_of(replace(STREAMED, response=None, ending=ending)))
    assert (sent.writes, sent.leave, sent.response, sent.whole) == ((), leave, None, False)


def test_chunks_of_a_mutated_body_stretch_and_times_never_go_back() -> None:
    longer = replace(STREAMED, response=Response(200, body=b"x" * 2 * len(b"".join(PARTS))), first_byte_ms=None)
    assert [len(part.data) for part in reply_of(longer).parts] == [2 * len(part) for part in PARTS]
    odd = replace(JSON, chunks=(Chunk(20.0, 4), Chunk(10.0, 0), Chunk(5.0, 2)))
    assert [(part.at_ms, len(part.data)) for part in reply_of(odd).parts] == [(20.0, 27), (20.0, 14)]
    assert reply_of(replace(JSON, chunks=())).parts[0].data == PLAIN
