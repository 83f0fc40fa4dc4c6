"""`gate proxy` on loopback: what passes between two sockets, what of it is on the disk, and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gate.cli import proxy as gate_proxy_command
from gate.errors import ConfigError
from gate.model import Ending, Exchange
from gate.proxy import tape as taping
from gate.proxy.server import Proxy, passing
from gate.proxy.tape import Kind, Piece, Tape, Unpacker
from gate.proxy.upstream import Upstream
from gate.replay.serving import listen
from gate.store import cassette
from tests.raw_http import connect, read, request

ROOT = Path(__file__).parent.parent
KEY = "sk-proj-4fJ8sKq2LmN7pRtVwXyZ1234567890abcdEFGH"  # made up
ASK = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hi"}]}
CHUNK = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []}


def frame(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + json.dumps({**CHUNK, "choices": [choice]}).encode() + b"\n\n"


EVENTS = (
    frame({"role": "assistant", "content": ""}),
    frame({"content": "Hello"}),
    frame({}, "stop"),
    b"data: [DONE]\n\n",
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
ANSWER = HEAD + b"".join(b"%x;ext=1\r\n%b\r\n" % (len(event), event) for event in EVENTS) + b"0\r\nx-sum: 1\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"

Play = Callable[[socket.socket], None]


@dataclass
class Engine:
    """An upstream of bare sockets: reads a request's head and body, and plays what it is told, on each connection."""

    play: Play
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0), backlog=100))
    heard: list[bytes] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/v1"

    def run(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with peer, suppress(OSError):
            peer.settimeout(20)
            while (asked := ask(peer)) is not None:
                self.heard.append(asked)
                self.play(peer)


def ask(peer: socket.socket) -> bytes | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = peer.recv(65536)
        if not more:
            return None
        data += more
    length = re.search(rb"(?i)content-length: *(\d+)", data)
    while length and len(data.partition(b"\r\n\r\n")[2]) < int(length[1]):
        data += peer.recv(65536)
    return data


@contextmanager
def engine(play: Play) -> Iterator[Engine]:
    upstream = Engine(play)
    threading.Thread(target=upstream.run, daemon=True).start()
    try:
        yield upstream
    finally:
        upstream.listener.close()


def says(*parts: bytes) -> Play:
    def play(peer: socket.socket) -> None:
        for part in parts:
            peer.sendall(part)
            time.sleep(0.01 * (len(parts) > 1))

    return play


def resets(*parts: bytes) -> Play:
    def play(peer: socket.socket) -> None:
        says(*parts)(peer)
        time.sleep(0.05)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()

    return play


def closes(*parts: bytes) -> Play:
    def play(peer: socket.socket) -> None:
        says(*parts)(peer)
        peer.shutdown(socket.SHUT_RDWR)

    return play


@dataclass
class Passing:
    """A proxy without its recorder: the pieces are kept."""

    base: str
    pieces: list[Piece]
    notes: list[str]

    def kinds(self) -> list[Kind]:
        return [piece.kind for piece in self.pieces]

    def wait(self, kind: Kind) -> None:
        deadline = time.monotonic() + 10
        while kind not in self.kinds():
            assert time.monotonic() < deadline, self.pieces
            time.sleep(0.005)

    def bytes(self, kind: Kind) -> bytes:
        return b"".join(piece.data for piece in self.pieces if piece.kind is kind)


@contextmanager
def proxied(base_url: str, seconds: float = 5.0) -> Iterator[Passing]:
    upstream, listener = Upstream(base_url, seconds), listen(0)
    seen = Passing(f"http://127.0.0.1:{listener.getsockname()[1]}{upstream.path}", [], [])
    with passing(Proxy(upstream, seen.pieces.append, seen.notes.append), listener):
        yield seen


def host_of(base_url: str) -> bytes:
    return base_url.split("/")[2].encode()


# -- what passes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("play", "got", "ended"),
    [
        (says(ANSWER), ANSWER, "open"),
        (
            says(b"HTTP/1.1 103 Early Hints\r\n\r\n", HEAD, ANSWER[len(HEAD) :]),
            b"HTTP/1.1 103 Early Hints\r\n\r\n" + ANSWER,
            "open",
        ),
        (closes(HEAD, ANSWER[len(HEAD) : -20]), ANSWER[:-20], "fin"),
        (closes(), b"", "fin"),
        (resets(ANSWER[:-20]), ANSWER[:-20], "rst"),
        (resets(), b"", "rst"),
        (closes(b"SSH-2.0-OpenSSH\r\n"), b"SSH-2.0-OpenSSH\r\n", "fin"),
        (closes(b"HTTP/1.1 200 OK\r\n\r\n", b"until the end"), b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "fin"),
    ],
)
def test_both_sides_see_the_same_bytes_and_the_same_end(play: Play, got: bytes, ended: str) -> None:
    with engine(play) as upstream, proxied(upstream.base) as proxy, connect(proxy.base) as client:
        asked = request("/v1/chat/completions", ASK, authorization=f"Bearer {KEY}", X_Odd="  kept  ")
        client.sendall(asked[:40])
        client.sendall(asked[40:])
        assert read(client, quiet=0.3 if ended == "open" else 10) == (got, ended)
        assert upstream.heard == [asked.replace(b"host: h", b"host: " + host_of(upstream.base))]
        assert (proxy.bytes(Kind.ASKED), proxy.bytes(Kind.ANSWERED)) == (upstream.heard[0], got)


def test_a_chunk_passes_before_the_next_one_is_there() -> None:
    held = threading.Event()

    def play(peer: socket.socket) -> None:
        peer.sendall(ANSWER[:150])
        held.wait(10)
        peer.sendall(ANSWER[150:])

    with engine(play) as upstream, proxied(upstream.base) as proxy, connect(proxy.base) as client:
        client.sendall(request("/v1/chat/completions", ASK))
        assert read(client, until=ANSWER[:150])[0] == ANSWER[:150]
        held.set()
        assert read(client, until=b"x-sum: 1\r\n\r\n")[0] == ANSWER[150:]


def test_a_body_is_asked_for_by_the_upstream_alone() -> None:
    """Expect: 100-continue (RFC 9110, 10.1.1): the head goes on without its body, and the interim answer comes back."""
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    with listener, proxied(base) as proxy, connect(proxy.base) as client:
        client.sendall(b"POST /v1/x HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n")
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(10)
            assert peer.recv(1000).endswith(b"\r\n\r\n")
            peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            assert read(client, until=b"\r\n\r\n")[0] == b"HTTP/1.1 100 Continue\r\n\r\n"
            client.sendall(b"abc")
            assert peer.recv(1000) == b"abc"
            peer.sendall(PLAIN)
            assert read(client, until=b"{}")[0] == PLAIN


def test_requests_that_do_not_wait_for_each_other() -> None:
    with engine(says(PLAIN * 3)) as upstream, proxied(upstream.base) as proxy, connect(proxy.base) as client:
        client.sendall(request("/v1/models", method="GET") * 2 + request("/v1/embeddings", {"input": "a"}))
        assert read(client, quiet=0.3) == (PLAIN * 3, "open")
        assert proxy.kinds().count(Kind.CONNECTING) == 1


def test_a_switched_protocol_passes_as_it_is() -> None:
    switched = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"

    def play(peer: socket.socket) -> None:
        peer.sendall(switched)
        peer.sendall(peer.recv(100).upper())

    asked = b"GET /v1/realtime HTTP/1.1\r\nhost: h\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
    with engine(play) as upstream, proxied(upstream.base) as proxy, connect(proxy.base) as client:
        client.sendall(asked)
        assert read(client, until=switched)[0] == switched
        client.sendall(b"\x81\x05hello\n\n")
        assert read(client, until=b"HELLO\n\n")[0] == b"\x81\x05HELLO\n\n"


# -- who leaves ---------------------------------------------------------------------------------


def test_a_client_that_leaves_is_seen_to_leave() -> None:
    left = threading.Event()

    def play(peer: socket.socket) -> None:
        peer.sendall(ANSWER[:200])
        with suppress(ConnectionError):
            while peer.recv(100):
                pass
        left.set()

    with engine(play) as upstream, proxied(upstream.base) as proxy:
        with connect(proxy.base) as client:
            client.sendall(request("/v1/chat/completions", ASK))
            read(client, until=ANSWER[:200])
        start = time.monotonic()
        assert left.wait(5)
        assert time.monotonic() - start < 1
        proxy.wait(Kind.CLIENT_LEFT)


def test_half_a_close_passes_and_the_answer_comes() -> None:
    """`printf … | nc`: the client says that it will send no more, and reads on."""
    ended = threading.Event()

    def play(peer: socket.socket) -> None:
        assert peer.recv(100) == b""
        ended.set()
        peer.sendall(PLAIN)
        peer.shutdown(socket.SHUT_WR)

    with engine(play) as upstream, proxied(upstream.base) as proxy, connect(proxy.base) as client:
        client.sendall(request("/v1/models", method="GET"))
        client.shutdown(socket.SHUT_WR)
        assert ended.wait(5)
        assert read(client) == (PLAIN, "fin")


def test_a_slow_client_slows_the_upstream_down() -> None:
    """64 MiB that nobody reads: they stay with the upstream, not in our memory."""
    sent = 0
    full = threading.Event()

    def play(peer: socket.socket) -> None:
        nonlocal sent
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.settimeout(0.5)
        block = b"x" * 65536
        try:
            for _ in range(1024):
                peer.sendall(block)
                sent += len(block)
        except TimeoutError:
            full.set()
        peer.close()

    with engine(play) as upstream, proxied(upstream.base) as proxy, connect(proxy.base) as client:
        client.sendall(request("/v1/models", method="GET"))
        assert full.wait(20)
        passed = len(proxy.bytes(Kind.ANSWERED))
        assert passed < 32 * 2**20
        got = len(read(client)[0])
        assert got >= passed


# -- what can't be passed -----------------------------------------------------------------------


def gone() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


@pytest.mark.parametrize("half", [False, True])
def test_no_upstream_is_a_502_that_says_so(half: bool) -> None:
    asked = request("/v1/chat/completions", ASK)
    with proxied(gone()) as proxy, connect(proxy.base) as client:
        client.sendall(asked[:-5])
        if half:
            proxy.wait(Kind.FAILED)
        client.sendall(asked[-5:])
        got, ended = read(client)
        assert (got[:12], ended) == (b"HTTP/1.1 502", "fin")
        error = json.loads(got.partition(b"\r\n\r\n")[2])["error"]
        assert (error["type"], error["code"], error["param"]) == ("upstream_unreachable", "upstream_unreachable", None)
        assert "connection refused" in error["message"]
        assert proxy.notes[0].startswith("502: connection refused")


def test_a_certificate_that_nobody_signed(tmp_path: Path) -> None:
    import ssl

    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)]  # fmt: skip
    if subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("no openssl here")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with engine(says(PLAIN)) as upstream:
        plain = upstream.play

        def play(peer: socket.socket) -> None:
            plain(peer)

        def serve(peer: socket.socket) -> None:
            with suppress(OSError, ssl.SSLError), context.wrap_socket(peer, server_side=True) as inner:
                assert ask(inner)
                upstream.heard.append(b"")
                play(inner)

        upstream._serve = serve  # type: ignore[method-assign]
        base = upstream.base.replace("http://127.0.0.1", "https://localhost")
        with proxied(base) as proxy, connect(proxy.base) as client:
            client.sendall(request("/v1/models", method="GET"))
            assert b"the TLS certificate is not accepted: self-signed certificate" in read(client)[0]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(cert))
            with proxied(base) as proxy, connect(proxy.base) as client:
                client.sendall(request("/v1/models", method="GET"))
                assert read(client, until=b"{}")[0] == PLAIN


@pytest.mark.parametrize(
    ("says_so", "words"),
    [
        (b"HTTP/1.1 200 Connection established\r\n\r\n", ""),
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "the proxy 127.0.0.1 answered 407"),
        (b"nonsense", "the proxy 127.0.0.1 answered no HTTP"),
        (b"HTTP/1.1\r\n\r\n", "the proxy 127.0.0.1 answered no HTTP"),
    ],
)
def test_a_proxy_of_the_environment_is_asked_for_a_tunnel(
    says_so: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[bytes] = []

    def play(peer: socket.socket) -> None:
        peer.sendall(says_so)
        if words:
            peer.shutdown(socket.SHUT_RDWR)
        heard.append(ask(peer) or b"")
        peer.sendall(PLAIN)

    with engine(play) as corporate:
        address = corporate.base.removesuffix("/v1").replace("http://", "http://me:p%40ss@")
        for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("http_proxy", address)
        with proxied("http://api.invalid/v1") as proxy, connect(proxy.base) as client:
            client.sendall(request("/v1/models", method="GET"))
            got = read(client, until=b"{}" if not words else None)[0]
    assert b"CONNECT api.invalid:80 HTTP/1.1\r\n" in corporate.heard[0]
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==\r\n" in corporate.heard[0]
    assert words.encode() in got
    if not words:
        assert (got, heard[0].split(b"\r\n")[:2]) == (PLAIN, [b"GET /v1/models HTTP/1.1", b"host: api.invalid"])


def test_another_kind_of_proxy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1")
    with pytest.raises(ConfigError, match="no http:// proxy"):
        Upstream("https://api.invalid/v1", 1)
    monkeypatch.setenv("NO_PROXY", "api.invalid")
    monkeypatch.setenv("no_proxy", "api.invalid")
    assert Upstream("https://api.invalid/v1", 1).path == "/v1"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x00\n\n", b"400"),
        (b"GET / HTTP/1.1\r\nx: " + b"x" * 70_000, b"431"),
    ],
)
def test_what_is_no_request_reaches_nobody(sent: bytes, status: bytes) -> None:
    with engine(says(PLAIN)) as upstream, proxied(upstream.base) as proxy, connect(proxy.base) as client:
        client.sendall(sent)
        got, _ = read(client)
        assert got.startswith(b"HTTP/1.1 " + status)
        assert (upstream.heard, len(proxy.notes)) == ([], 1)


def test_clients_beyond_the_bound_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.proxy.server.MAX_CONNECTIONS", 2)
    with engine(says(PLAIN)) as upstream, proxied(upstream.base) as proxy:
        with connect(proxy.base) as one, connect(proxy.base) as two, connect(proxy.base) as three:
            assert read(three)[1] in ("fin", "rst")
            for client in (one, two):
                client.sendall(request("/v1/models", method="GET"))
                assert read(client, until=b"{}")[0] == PLAIN
        assert proxy.notes == ["a connection is one too many"]


# -- the tape -----------------------------------------------------------------------------------


def test_what_the_recorder_does_not_take_is_passed_on_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taping, "MAX_WAITING", 100)
    monkeypatch.setattr(taping, "_PAUSE", 0.2)
    reading, writing = os.pipe()
    tape = Tape(writing, lambda: None)
    for piece in (
        *[Piece(Kind.ANSWERED, 1, 0.0, b"x" * 60)] * 4,
        Piece(Kind.CLOSED, 1, 1.0),
        Piece(Kind.CLOSED, 2, 1.0),
    ):
        tape.put(piece)
    tape.close()
    with os.fdopen(reading, "rb") as pipe:
        kinds = [(piece.kind, piece.connection) for piece in Unpacker().feed(pipe.read())]
    assert (kinds[:3], tape.lost) == ([(Kind.ANSWERED, 1), (Kind.ANSWERED, 1), (Kind.LOST, 1)], 2)
    assert (Kind.CLOSED, 1) not in kinds


def test_a_recorder_that_is_gone_stops_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    failed = threading.Event()
    tape = Tape(writing, failed.set)
    tape.put(Piece(Kind.ANSWERED, 1, 0.0, b"x"))
    assert failed.wait(5)
    tape.put(Piece(Kind.ANSWERED, 1, 0.0, b"x"))
    tape.close()


# -- the command --------------------------------------------------------------------------------


def stored(folder: Path) -> list[Exchange]:
    return (
        [e for path in cassette.scan(folder).values() for e in cassette.load(path).exchanges] if folder.is_dir() else []
    )


def gate_proxy(folder: Path, *arguments: str, timeout: float = 60.0, **environ: str) -> tuple[int, str, str]:
    argv = [sys.executable, "-m", "gate", "proxy", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environ}
    done = subprocess.run(argv, capture_output=True, text=True, cwd=folder, timeout=timeout, env=env, check=False)
    return done.returncode, done.stdout, done.stderr


CALL = """
import os, sys, httpx
base = os.environ["OPENAI_BASE_URL"]
assert os.environ["OPENAI_API_BASE"] == base and "127.0.0.1" in os.environ["NO_PROXY"]
headers = {"authorization": "Bearer " + os.environ["OPENAI_API_KEY"]}
with httpx.Client(headers=headers) as client:
    for path in sys.argv[2:]:
        print(client.post(base + path, json=ASK).status_code)
sys.exit(int(sys.argv[1]))
""".replace("ASK", repr(ASK))


@pytest.mark.parametrize(
    ("play", "arguments", "code", "out", "err"),
    [
        (says(ANSWER), ("0", "/chat/completions", "/chat/completions"), 0, "200\n200\n", "recorded 1 scenario from 2 calls"),
        pytest.param(says(ANSWER), ("5", "/chat/completions"), 5, "200\n", "recorded 1 scenario from 1 call", marks=pytest.mark.slow),
        pytest.param(says(ANSWER), ("0",), 2, "", "no call came through the proxy", marks=pytest.mark.slow),
        pytest.param(says(ANSWER), ("7",), 7, "", "recorded 0 scenarios from 0 calls", marks=pytest.mark.slow),
        pytest.param(says(b"HTTP/1.1 503 Busy\r\ncontent-length: 2\r\n\r\n{}"), ("0", "/chat/completions"), 3, "503\n", "the route answered 503", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_a_commands_calls_become_its_suite(
    tmp_path: Path, play: Play, arguments: tuple[str, ...], code: int, out: str, err: str
) -> None:
    (tmp_path / "call.py").write_text(CALL)
    with engine(play) as upstream:
        (tmp_path / "gate.yaml").write_text(
            f"version: 1\nsuite: [suite]\nroutes: {{baseline: {{base_url: '{upstream.base}', api_key_env: MY_KEY, models: {{chat: m}}}}}}\n"
        )
        done = gate_proxy(tmp_path, "--", sys.executable, "call.py", *arguments, MY_KEY=KEY, OPENAI_API_KEY="")
    assert (done[0], done[1]) == (code, out)
    assert err in done[2]
    assert "does not name them" not in done[2]
    everything = "".join(path.read_text() for path in tmp_path.rglob("*.yaml")) + done[2]
    assert KEY not in everything
    golden = stored(tmp_path / "golden")
    assert len(golden) == (out.count("200"))
    for one in golden:
        assert one.response
        assert (one.response.body, [c.size for c in one.chunks]) == (b"".join(EVENTS), [len(event) for event in EVENTS])
        assert '"$model": chat' in next((tmp_path / "suite").iterdir()).read_text()


def test_a_session_of_a_server(tmp_path: Path) -> None:
    """From the first line to the signal: a whole stream, one that is cut, one that a client leaves, one under way."""
    turn = 0

    def play(peer: socket.socket) -> None:
        nonlocal turn
        turn += 1
        peer.sendall(ANSWER if turn == 1 else ANSWER[:300])
        if turn == 2:
            peer.shutdown(socket.SHUT_RDWR)

    argv = [sys.executable, "-m", "gate", "proxy", "--upstream"]
    with engine(play) as upstream:
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [*argv, upstream.base], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=env
        )
        with process:
            assert process.stdout
            base = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", base)
            asked = [request("/v1/chat/completions", {**ASK, "n": n}, authorization=f"Bearer {KEY}") for n in range(4)]
            with connect(base) as client:
                client.sendall(asked[0])
                read(client, until=b"x-sum: 1\r\n\r\n")
                client.sendall(asked[1])
                assert read(client) == (ANSWER[:300], "fin")
            with connect(base) as client:
                client.sendall(asked[2])
                read(client, until=ANSWER[:300])
            with connect(base) as client:
                client.sendall(asked[3])
                read(client, until=ANSWER[:300])
                process.send_signal(signal.SIGTERM)
                out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (3, "")
    (whole,) = stored(tmp_path / "golden")
    assert whole.ending is Ending.COMPLETE
    apart = sorted(stored(tmp_path / ".gate" / "proxy"), key=lambda e: e.request.body or b"")
    assert [e.ending for e in apart] == [Ending.CUT, Ending.CANCELLED, Ending.CUT]
    assert "200  POST http://127.0.0.1" in err
    assert "`gate init`, and in gate.yaml `suite: [suite]`" in err
    assert "the client left after" in err
    assert KEY not in err + "".join(path.read_text() for path in tmp_path.rglob("*.yaml"))


# -- what may go wrong while it records ---------------------------------------------------------


@contextmanager
def started(folder: Path, base_url: str, **more: Any) -> Iterator[tuple[subprocess.Popen[str], str]]:
    argv = [sys.executable, "-m", "gate", "proxy", "--upstream", base_url]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=env, **more
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def recorder_of(process: subprocess.Popen[str]) -> int:
    (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(child)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the recorder is found in /proc")
def test_a_kill_loses_nothing_that_was_complete(tmp_path: Path) -> None:
    turn = 0

    def play(peer: socket.socket) -> None:
        nonlocal turn
        turn += 1
        peer.sendall(ANSWER if turn <= 5 else ANSWER[:300])

    asked = [request("/v1/chat/completions", {**ASK, "n": n}, authorization=f"Bearer {KEY}") for n in range(6)]
    with engine(play) as upstream, started(tmp_path, upstream.base) as (process, base):
        recorder = recorder_of(process)
        with connect(base) as client:
            for one in asked[:5]:
                client.sendall(one)
                read(client, until=b"x-sum: 1\r\n\r\n")
            client.sendall(asked[5])
            read(client, until=ANSWER[:300])
            time.sleep(0.1)  # what came is told to the recorder within 20 ms
            process.kill()
        until(lambda: not Path(f"/proc/{recorder}").exists())
    golden, apart = stored(tmp_path / "golden"), stored(tmp_path / ".gate" / "proxy")
    assert ([e.ending for e in golden], [e.ending for e in apart]) == ([Ending.COMPLETE] * 5, [Ending.CUT])
    assert len(list((tmp_path / "suite").iterdir())) == 5
    everything = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in path.read_bytes() or path.name.endswith(".tmp") for path in everything)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the recorder is found in /proc")
def test_without_its_recorder_bytes_pass_and_the_exit_code_says_so(tmp_path: Path) -> None:
    with engine(says(ANSWER)) as upstream, started(tmp_path, upstream.base) as (process, base):
        with connect(base) as client:
            client.sendall(request("/v1/chat/completions", ASK))
            read(client, until=b"x-sum: 1\r\n\r\n")
            until(lambda: len(stored(tmp_path / "golden")) == 1)
            os.kill(recorder_of(process), signal.SIGKILL)
            client.sendall(request("/v1/chat/completions", {**ASK, "n": 1}))
            assert read(client, until=b"x-sum: 1\r\n\r\n")[0] == ANSWER
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, "recording failed" in err) == (2, True)
    assert [e.ending for e in stored(tmp_path / "golden")] == [Ending.COMPLETE]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no limits of files there")
def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

    with engine(says(ANSWER)) as upstream, started(tmp_path, upstream.base, preexec_fn=limit) as (process, base):
        with connect(base) as client:
            client.sendall(request("/v1/chat/completions", ASK, authorization=f"Bearer {KEY}"))
            assert read(client, until=b"x-sum: 1\r\n\r\n")[0] == ANSWER
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "can't write: File too large" in err
    assert "1 call not kept" in err
    assert stored(tmp_path / "golden") == []
    assert KEY not in err


@pytest.mark.slow
def test_hostile_bytes_from_both_sides_end_nothing(tmp_path: Path) -> None:
    """Whatever comes, the next call passes and is recorded; and nothing that was sent is printed as it is."""
    evil = [
        b"\x1b]0;owned\x07\r\n\r\n",
        HEAD + b"ffffffffffffffff\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 50_000,
        HEAD[:-2] + b"x: \x00\r\n\r\n",
    ]
    answers = [*evil, ANSWER]

    def play(peer: socket.socket) -> None:
        peer.sendall(answers.pop(0))
        if answers:
            peer.shutdown(socket.SHUT_RDWR)

    with engine(play) as upstream, started(tmp_path, upstream.base) as (process, base):
        for sent in (b"\x00" * 1000 + b"\n\n", b"GET /\x1b[31m HTTP/1.1\r\nhost: h\r\n\r\n", b"G" * 200_000):
            with connect(base) as client, suppress(ConnectionError):
                client.sendall(sent)
                read(client)
        for number in range(len(evil)):
            with connect(base) as client:
                client.sendall(request("/v1/chat/completions", {**ASK, "n": number}))
                got, _ = read(client)
                assert got == evil[number]
        with connect(base) as client:
            client.sendall(request("/v1/chat/completions", ASK))
            assert read(client, until=b"x-sum: 1\r\n\r\n")[0] == ANSWER
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert len(stored(tmp_path / "golden")) == 1
    assert [e.ending for e in stored(tmp_path / ".gate" / "proxy")] == [Ending.CUT] * 4
    assert "\x1b" not in err


# -- mistakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "there is no gate.yaml"),
        (("--upstream", "api.openai.com"), "has no scheme"),
        (("--upstream", "http://127.0.0.1:9/v1", "--", "no-such-command-here"), "can't run no-such-command-here"),
        (("--config", "other.yaml"), "there is no other.yaml"),
    ],
)
def test_mistakes_on_the_command_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    from gate.cli import run

    monkeypatch.chdir(tmp_path)
    assert run(["proxy", *arguments]) == 2
    out, err = capfd.readouterr()
    assert (out, words in err) == ("", True)


def test_a_route_that_gate_yaml_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from gate.cli import run

    monkeypatch.chdir(tmp_path)
    Path("gate.yaml").write_text("version: 1\nroutes: {baseline: {base_url: 'http://h/v1'}}\n")
    assert run(["proxy", "--route", "basline"]) == 2
    assert "did you mean `baseline`?" in capfd.readouterr().err


def test_the_page_has_every_option() -> None:
    page = (ROOT / "docs/proxy.md").read_text("utf-8")
    options = {
        option
        for parameter in gate_proxy_command.command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert {option for option in options if f"`{option}" not in page} == set()
