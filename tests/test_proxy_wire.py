"""The pure parts of `gate proxy`: what goes to the upstream, and what is read from both directions of a connection.

Each stream of bytes is read in one piece, byte by byte and in pieces of seven: what is recorded may not hang on it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence

import pytest

from gate.model import Ending, Exchange
from gate.proxy.conversation import MAX_REQUEST, Conversation
from gate.proxy.head import HeadError, Requests
from gate.proxy.tape import Kind, Piece, Unpacker, packed
from gate.run.capture import Room
from gate.wire.encoding import content

CUTS = (1, 7, 1_000_000)


def pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


# -- to the upstream ----------------------------------------------------------------------------

POST = b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:9\r\ncontent-length: 2\r\n\r\n{}"
CHUNKED = b"POST /v1/x HTTP/1.1\r\nhost:  localhost:9 \r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n"
GET = b"GET /v1/models HTTP/1.1\r\nX-Host: 127.0.0.1:9\r\nhost: 127.0.0.1:9\r\n\r\n"

PASSED = [
    ("a length", POST, POST.replace(b"127.0.0.1:9", b"api.test")),
    ("chunks with an extension and a trailer", CHUNKED, CHUNKED.replace(b"localhost:9", b"api.test")),
    ("only the host's own field", GET, GET.replace(b"\r\nhost: 127.0.0.1:9", b"\r\nhost: api.test")),
    ("one after the other", POST + CHUNKED + GET + POST, None),
    ("bare line feeds", GET.replace(b"\r\n", b"\n"), GET.replace(b"\r\n", b"\n").replace(b"\nhost: 127.0.0.1:9", b"\nhost: api.test")),
    ("empty lines before", b"\r\n\r\n" + POST, POST.replace(b"127.0.0.1:9", b"api.test")),
    ("no host in HTTP/1.0", b"GET /v1/models HTTP/1.0\r\n\r\n", b"GET /v1/models HTTP/1.0\r\nHost: api.test\r\n\r\n"),
    ("to a proxy", b"GET http://api.other/v1/models?a=b HTTP/1.1\r\nHost: h\r\n\r\n", b"GET /v1/models?a=b HTTP/1.1\r\nHost: api.test\r\n\r\n"),
    ("to a proxy, without a path", b"GET http://api.other HTTP/1.1\r\nHost: h\r\n\r\n", b"GET / HTTP/1.1\r\nHost: api.test\r\n\r\n"),
    ("expects to go on", POST[:-4].replace(b"content", b"Expect: 100-continue\r\ncontent") + b"\r\n", None),
    ("the beginning of a body", POST[:-1], POST[:-1].replace(b"127.0.0.1:9", b"api.test")),
    ("half a head", b"POST /v1/x HTTP/1.1\r\nHo", b""),
]  # fmt: skip


@pytest.mark.parametrize("size", CUTS)
@pytest.mark.parametrize(("sent", "passed"), [row[1:] for row in PASSED], ids=[row[0] for row in PASSED])
def test_every_byte_passes_but_the_host(sent: bytes, passed: bytes | None, size: int) -> None:
    requests = Requests("api.test")
    got = b"".join(map(requests.feed, pieces(sent, size)))
    alone = [Requests("api.test").feed(part) for part in (POST, CHUNKED, GET, POST)]
    expect = b"".join(alone) if sent.startswith(POST + CHUNKED) else passed
    assert got == (sent.replace(b"127.0.0.1:9", b"api.test") if expect is None else expect)


@pytest.mark.parametrize(
    ("sent", "begun", "ended", "is_open"),
    [(POST + GET, 2, 2, False), (POST[:-1], 1, 0, True), (b"GET / HT", 0, 0, True), (b"", 0, 0, False)],
)
def test_where_a_request_ends(sent: bytes, begun: int, ended: int, is_open: bool) -> None:
    requests = Requests("h")
    requests.feed(sent)
    assert (requests.begun, requests.ended, requests.open) == (begun, ended, is_open)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n", 400),  # TLS to a plain port
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"CONNECT api.test:443 HTTP/1.1\r\nhost: h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),  # no host
        (b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: gzip\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"GET / HTTP/1.1\r\nx: " + b"x" * 70_000, 431),
    ],
)
def test_what_is_no_request(sent: bytes, status: int) -> None:
    with pytest.raises(HeadError) as error:
        Requests("h").feed(sent)
    assert error.value.status == status


UPGRADE = b"GET /v1/realtime HTTP/1.1\r\nhost: h\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "passed", "opaque"),
    [
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"\x82\x05GET \r\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\n", GET.replace(b"\r\nhost: 127.0.0.1:9", b"\r\nhost: h"), False),
    ],
)
def test_after_a_request_to_switch_protocols_the_answer_decides(answer: bytes, passed: bytes, opaque: bool) -> None:
    requests = Requests("h")
    requests.feed(UPGRADE)
    kept = passed if opaque else GET
    assert (requests.switching, requests.feed(kept)) == (True, b"")
    assert requests.answered(answer) == passed
    assert requests.opaque is opaque
    assert requests.feed(kept) == passed


# -- from the upstream --------------------------------------------------------------------------


def recorded(
    asked: bytes, answered: bytes, *, size: int = 1_000_000, last: Kind = Kind.CLOSED, limit: int = 10**6
) -> list[Exchange]:
    """Everything asked at second 10, connected in 0.25 s; answers at 11, one millisecond apart."""
    conversation = Conversation("https://api.test", limit, Room(10**7))
    tape = [Piece(Kind.CONNECTING, 1, 9.75), Piece(Kind.CONNECTED, 1, 10.0), Piece(Kind.ASKED, 1, 10.0, asked)]
    tape += [Piece(Kind.ANSWERED, 1, 11 + n / 1000, part) for n, part in enumerate(pieces(answered, size))]
    tape += [Piece(last, 1, 20.0, b"refused"), Piece(Kind.CLOSED, 1, 20.0)]
    return [exchange for piece in tape for exchange in conversation.take(piece)]


def chunked(*parts: bytes, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    return b"".join(b"%x%b\r\n%b\r\n" % (len(p), extension, p) for p in parts) + b"0\r\n" + trailer + b"\r\n"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
EVENTS = (b'data: {"a":1}\n\n', b"data: [DONE]\n\n")
TRAP = (b"0\r\n\r\n", b"data: 0\r\n\r\n", b"0\r\n")
MEMBERS = gzip.compress(b'data: {"a":1}\n\n', mtime=0) + gzip.compress(b"data: [DONE]\n\n", mtime=0)

ANSWERS = [
    ("chunks", HEAD + chunked(*EVENTS), b"".join(EVENTS)),
    ("extensions of chunks", HEAD + chunked(*EVENTS, extension=b';sig="a;b"'), b"".join(EVENTS)),
    ("a trailer", HEAD + chunked(*EVENTS, trailer=b"x-checksum: 1\r\nserver-timing: x\r\n"), b"".join(EVENTS)),
    ("payloads that end like the transfer", HEAD + chunked(*TRAP), b"".join(TRAP)),
    ("interim answers", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + HEAD + chunked(*EVENTS), b"".join(EVENTS)),
    ("several gzip members", HEAD.replace(b"\r\n\r\n", b"\r\ncontent-encoding: gzip\r\n\r\n") + chunked(MEMBERS[:9], MEMBERS[9:]), MEMBERS),
    ("a length", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n0\r\n\r\n", b"0\r\n\r\n"),
    ("no content", b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ("not modified", b"HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n", b""),
    ("until the end of the connection", b"HTTP/1.1 200 OK\r\n\r\n" + b"".join(EVENTS), b"".join(EVENTS)),
]  # fmt: skip


@pytest.mark.parametrize("size", CUTS)
@pytest.mark.parametrize(("answer", "body"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_what_recorders_get_wrong(answer: bytes, body: bytes, size: int) -> None:
    (one,) = recorded(POST, answer, size=size, last=Kind.ENDED)
    assert one.response
    assert (one.ending, one.response.body) == (Ending.COMPLETE, body)
    assert sum(chunk.size for chunk in one.chunks) == len(body)
    assert (one.request.body, one.request.url) == (b"{}", "https://api.test/v1/chat/completions")
    assert one.connect_ms == 250.0
    assert content(one.response).endswith((b"[DONE]\n\n", b"0\r\n", b"0\r\n\r\n", b""))


def test_times_are_those_of_the_reads_and_boundaries_those_of_the_transfer() -> None:
    """Two chunks in one read are two, and both came when it was read."""
    first, second = HEAD + chunked(*EVENTS)[:20], chunked(*EVENTS)[20:]
    conversation = Conversation("http://h", 100, Room(100))
    tape = [Piece(Kind.ASKED, 1, 1.0, POST), Piece(Kind.ANSWERED, 1, 1.25, first), Piece(Kind.ANSWERED, 1, 1.5, second)]
    (one,) = [exchange for piece in tape for exchange in conversation.take(piece)]
    assert (one.first_byte_ms, one.total_ms, one.connect_ms) == (250.0, 500.0, None)
    assert [(chunk.at_ms, chunk.size) for chunk in one.chunks] == [(250.0, 15), (500.0, 14)]


@pytest.mark.parametrize("size", CUTS)
def test_a_connection_that_is_kept_and_one_that_does_not_wait(size: int) -> None:
    head = b"HEAD /v1/models HTTP/1.1\r\nhost: h\r\n\r\n"
    answers = (
        HEAD
        + chunked(*EVENTS)
        + b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n"
        + b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}"
    )
    every = recorded(POST + head + GET, answers, size=size)
    assert [(e.request.method, e.response and e.response.status, e.response and len(e.response.body), e.ending) for e in every] == [
        ("POST", 200, 29, Ending.COMPLETE),
        ("HEAD", 200, 0, Ending.COMPLETE),
        ("GET", 404, 2, Ending.COMPLETE),
    ]  # fmt: skip
    assert [e.request.body for e in every] == [b"{}", None, None]
    assert [e.connect_ms for e in every] == [250.0, None, None]


STREAM = HEAD + chunked(*EVENTS)
BROKEN = [
    ("cut between chunks", STREAM[: len(HEAD) + 20], Kind.ENDED, Ending.CUT, "the connection was closed after 15 bytes of the body"),
    ("cut in a chunk", STREAM[: len(HEAD) + 30], Kind.ENDED, Ending.CUT, "the connection was closed after 22 bytes of the body"),
    ("only the last chunk is missing", STREAM[:-5], Kind.ENDED, Ending.CUT, "the connection was closed after 29 bytes of the body"),
    ("reset", STREAM[:-5], Kind.RESET, Ending.RESET, "the connection was reset after 29 bytes of the body"),
    ("closed before any answer", b"", Kind.ENDED, Ending.CUT, "the connection was closed before any answer"),
    ("reset before any answer", b"", Kind.RESET, Ending.RESET, "the connection was reset before any answer"),
    ("half a head", b"HTTP/1.1 200 O", Kind.ENDED, Ending.CUT, "the connection was closed before any answer"),
    ("shorter than announced", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc", Kind.ENDED, Ending.CUT, "the connection was closed after 3 bytes of the body"),
    ("the client left", STREAM[:-5], Kind.CLIENT_LEFT, Ending.CANCELLED, "the client left after 10000 ms"),
    ("the proxy ended", STREAM[:-5], Kind.CLOSED, Ending.CUT, "the connection was closed after 29 bytes of the body"),
    ("no upstream", b"", Kind.FAILED, Ending.UNREACHABLE, "could not connect: refused"),
    ("no HTTP", b"SSH-2.0-OpenSSH\r\n\r\n", Kind.ENDED, Ending.CUT, "not valid HTTP: illegal status line"),
    ("bad size of a chunk", HEAD + b"zz\r\n", Kind.ENDED, Ending.CUT, "not valid HTTP: illegal chunk header"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "last", "ending", "detail"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_what_is_unfinished_is_stored_as_such(answer: bytes, last: Kind, ending: Ending, detail: str) -> None:
    (one,) = recorded(POST, answer, last=last)
    assert (one.ending, one.detail) == (ending, detail)
    assert sum(chunk.size for chunk in one.chunks) == (len(one.response.body) if one.response else 0)


def test_a_client_that_says_it_will_send_no_more_still_gets_its_answer() -> None:
    conversation = Conversation("http://h", 100, Room(100))
    tape = [Piece(Kind.ASKED, 1, 1.0, POST), Piece(Kind.CLIENT_LEFT, 1, 1.1), Piece(Kind.ANSWERED, 1, 1.5, STREAM)]
    assert [e.ending for piece in tape for e in conversation.take(piece)] == [Ending.COMPLETE]


def test_an_answer_before_the_whole_request_is_no_golden() -> None:
    """413 while the body is still coming, as nginx does it."""
    (one,) = recorded(POST[:-1], b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
    assert (one.ending, one.detail) == (Ending.CUT, "the answer came before the whole request")


def test_bodies_are_bounded() -> None:
    (answer,) = recorded(POST, STREAM, limit=20)
    assert answer.response
    assert (answer.ending, len(answer.response.body), answer.body_size) == (Ending.TOO_LARGE, 20, 29)
    head = POST[:-2].replace(b"length: 2", b"length: %d" % (MAX_REQUEST + 1))
    (asked,) = recorded(head + b"x" * (MAX_REQUEST + 1), STREAM)
    assert (asked.ending, asked.detail, asked.request.body) == (Ending.CUT, "its request is too large to be kept", b"")


def test_what_is_kept_is_given_back() -> None:
    room = Room(1000)
    conversation = Conversation("http://h", 100, room)
    for piece in (Piece(Kind.ASKED, 1, 1.0, POST + POST), Piece(Kind.ANSWERED, 1, 1.5, STREAM + STREAM[:-5])):
        list(conversation.take(piece))
    assert room.left == 1000 - 29
    list(conversation.take(Piece(Kind.LOST, 1, 2.0)))
    assert room.left == 1000


@pytest.mark.parametrize("last", [Kind.LOST, Kind.ANSWERED])
def test_what_can_not_be_placed_is_not_recorded(last: Kind) -> None:
    """Pieces that were lost, or another protocol: nothing of the rest is taken for an answer."""
    conversation = Conversation("http://h", 100, Room(100))
    switched = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
    tape = [Piece(Kind.ASKED, 1, 1.0, UPGRADE), Piece(last, 1, 1.2, switched), Piece(Kind.ANSWERED, 1, 1.5, STREAM)]
    tape += [Piece(Kind.ENDED, 1, 2.0), Piece(Kind.CLOSED, 1, 2.0)]
    assert [e for piece in tape for e in conversation.take(piece)] == []
    assert len(conversation.notes) == (last is Kind.ANSWERED)


def test_a_request_that_no_parser_reads_is_not_recorded() -> None:
    assert recorded(b"\x00\n\n", STREAM) == []


def test_an_answer_that_nobody_asked_for_is_passed_over() -> None:
    assert recorded(b"", b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n") == []


def test_another_form_of_target() -> None:
    (one,) = recorded(b"OPTIONS * HTTP/1.1\r\nhost: h\r\n\r\n", b"HTTP/1.1 204 No Content\r\n\r\n")
    assert (one.request.url, one.request.body) == ("https://api.test/*", None)


@pytest.mark.parametrize("size", CUTS)
def test_pieces_through_a_pipe(size: int) -> None:
    sent: Sequence[Piece] = [Piece(Kind.ASKED, 7, 1.5, b"abc" * 9), Piece(Kind.CLOSED, 2**31, 123456.789)]
    unpacker = Unpacker()
    assert [piece for part in pieces(b"".join(map(packed, sent)), size) for piece in unpacker.feed(part)] == sent


def test_json_of_the_request_is_as_it_was_sent() -> None:
    body = json.dumps({"b": 1, "a": "ü"}, ensure_ascii=False).encode()
    (one,) = recorded(POST[:-2].replace(b": 2", b": %d" % len(body)) + body, STREAM)
    assert one.request.body == body
    assert one.request.headers == (("Host", "127.0.0.1:9"), ("content-length", str(len(body))))
