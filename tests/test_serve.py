"""`gate serve` as a process, its log, its page, and clients that mean no good."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from gate.cli import serve as gate_serve
from gate.model import Ending, Exchange, Request, Response
from gate.redact.scrub import Scrubber
from gate.replay import connection, fault_file, log, page, serving
from gate.replay.log import Log
from gate.replay.recordings import Recordings
from gate.replay.service import UNMATCHED, Answer, Service
from gate.replay.serving import Server, listen
from gate.store import cassette
from gate.store.shipped import goldens
from tests import serve_page
from tests.raw_http import connect, read, request
from tests.test_cli import gate
from tests.test_serve_faults import ASK, JSON, STREAMED

ROOT = Path(__file__).parent.parent
FRANCE = {
    "model": "smollm2-135m-instruct",
    "messages": [{"role": "user", "content": "What is the capital of France? Answer with one word."}],
}
SIDES = {"stream": [STREAMED], "plain": [JSON]}


@dataclass
class Running:
    process: subprocess.Popen[str]
    base: str

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code, the rest of standard output, and standard error."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


@contextmanager
def running(*arguments: str) -> Iterator[Running]:
    argv = [sys.executable, "-m", "gate", "serve", *arguments]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        try:
            yield Running(process, process.stdout.readline().strip())
        finally:
            process.kill()


# -- the command --------------------------------------------------------------------------------


def test_a_session_from_the_first_line_to_the_log(tmp_path: Path) -> None:
    key = "sk-proj-4fJ8sKq2LmN7pRtVwXyZ1234567890abcdEFGH"  # made up
    kept = tmp_path / "log"
    with running(str(goldens()), "--no-delay", "--log", str(kept)) as served:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", served.base)
        headers = {"authorization": f"Bearer {key}"}
        answer = httpx.post(
            f"{served.base}/chat/completions", json={**FRANCE, "user": "anna@example.org"}, headers=headers
        )
        assert (answer.status_code, answer.json()["object"], "date" in answer.headers) == (
            200,
            "chat.completion",
            False,
        )
        lost = httpx.post(f"{served.base}/chat/completions", json={"messages": [{"content": f"my key is {key}"}]})
        assert lost.status_code == 404
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(f"{served.base}/!cut-after-2/chat/completions", json={**FRANCE, "stream": True})
        assert httpx.get(served.base.removesuffix("v1")).headers["content-type"] == "text/html; charset=utf-8"
        code, out, err = served.end()
    assert (code, out) == (0, "")
    assert "200  chat  POST http://127.0.0.1" in err
    assert "fault cut-after-2" in err
    stored = cassette.scan(kept)
    assert set(stored) == {"chat", "chat-stream", UNMATCHED}
    assert not any(key in path.read_text() or "anna@" in path.read_text() for path in stored.values())
    (cut,) = cassette.load(stored["chat-stream"]).exchanges
    assert (cut.ending, cut.detail, len(cut.chunks)) == (Ending.CUT, "fault cut-after-2", 2)
    result = gate("diff", str(goldens() / "chat"), str(kept / "chat"), "--report", "json")
    assert result.exit_code == 0
    assert {finding["severity"] for finding in json.loads(result.output)["findings"]} <= {"info"}  # the model's name
    assert gate("diff", str(goldens() / "chat-stream"), str(kept / "chat-stream")).exit_code == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_whatever_is_played(number: int, tmp_path: Path) -> None:
    (tmp_path / "faults.yaml").write_text("version: 1\nfaults:\n  - fault: silence\n")
    options = ("--faults", str(tmp_path / "faults.yaml"), "--quiet")
    with running(str(goldens()), *options) as served, connect(served.base) as peer:
        peer.sendall(request("/v1/chat/completions", FRANCE))
        assert read(peer, quiet=0.3) == (b"", "open")
        start = time.monotonic()
        assert served.end(number) == (0, "", "")
        assert time.monotonic() - start < 10
        assert read(peer)[1] in ("fin", "rst")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "no such file or folder"),
        (("empty",), "no cassette in it"),
        (("--listen", "8080"), "`8080` is no HOST:PORT"),
        (("--listen", "127.0.0.1:99999"), "is no HOST:PORT"),
        (("--listen", "203.0.113.7:0"), "can't be used"),
        (("--faults", "nowhere.yaml"), "nowhere.yaml"),
        (("--speed", "0"), "Invalid value for '--speed'"),
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
    Path("empty").mkdir()
    golden = () if arguments[0] in ("nowhere", "empty") else (str(goldens()),)
    assert run(["serve", *golden, *arguments]) == 2
    out, err = capfd.readouterr()
    assert (out, words in err) == ("", True)


def test_the_goldens_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text(f"version: 1\ngolden: {goldens()}\n")
    with running("--config", str(tmp_path / "gate.yaml"), "--listen", "127.0.0.1:0") as served:
        assert httpx.get(f"{served.base}/models").json()["object"] == "list"


def test_an_address_of_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        listener = listen(0, "::1")
    except Exception:
        pytest.skip("no IPv6 here")
    with listener:
        assert serving.base_url(listener).startswith("http://[::1]:")


def test_lines_that_nobody_reads_stop_nothing() -> None:
    """A parent that takes the first line and never reads standard error: the pipe is full after 64 KiB."""
    with running(str(goldens()), "--no-delay") as served, httpx.Client(timeout=20) as client:
        for _ in range(600):
            assert client.get(f"{served.base}/{'x' * 300}").status_code == 404
        code, _, err = served.end()
    assert code == 0
    assert err.count("404  unmatched  GET http://") > 100


# -- the log ------------------------------------------------------------------------------------


def exchange(body: bytes, scenario: str = "s", **more: Any) -> Exchange:
    asked = Request("POST", "http://h/v1/chat/completions", (("content-type", "application/json"),), body)
    return Exchange(asked, Response(200, "OK", (), b"{}"), scenario=scenario, **more)


def kept(folder: Path, exchanges: Sequence[Exchange]) -> tuple[dict[str, tuple[Exchange, ...]], list[str]]:
    notes: list[str] = []
    log = Log(folder, Scrubber(), {}, notes.append)
    for one in exchanges:
        log.add(one)
    log.close()
    return {
        name: cassette.load(path).exchanges for name, path in cassette.scan(folder).items()
    } if folder.is_dir() else {}, notes


def test_requests_are_samples_and_strangers_are_steps(tmp_path: Path) -> None:
    every = [
        exchange(b"1"),
        exchange(b"2"),
        exchange(b"3", step=1),
        exchange(b"4", UNMATCHED),
        exchange(b"5", UNMATCHED),
        exchange(b"", ""),
    ]
    stored, notes = kept(tmp_path, every)
    assert {name: [(e.step, e.sample, e.request.body) for e in of] for name, of in stored.items()} == {
        "s": [(0, 0, b"1"), (1, 0, b"3"), (0, 1, b"2")],
        UNMATCHED: [(0, 0, b"4"), (1, 0, b"5")],
    }
    assert notes == []


def test_what_there_is_no_room_for_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_SCENARIO", 100)
    monkeypatch.setattr(log, "MAX_ALL", 150)
    stored, notes = kept(
        tmp_path, [exchange(b"x" * 70), exchange(b"x" * 70), exchange(b"x" * 70, "t"), exchange(b"x" * 70, "u")]
    )
    assert {name: len(of) for name, of in stored.items()} == {"s": 1, "t": 1}
    assert notes == [f"2 exchanges are not in {tmp_path}: there was no room, or a secret would have been in it"]


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stored, notes = kept(tmp_path / "file" / "log", [exchange(b"1")])
    assert stored == {}
    assert "can't write" in notes[0]


def test_a_secret_that_would_remain_keeps_its_exchange_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scrubber, "scrub", lambda _, exchange: exchange)  # as if it had missed one
    token = b"ghp_" + b"a1B2" * 9
    stored, notes = kept(tmp_path, [exchange(b'{"a": "' + token + b'"}'), exchange(b"{}")])
    assert [one.request.body for one in stored["s"]] == [b"{}"]
    assert "nothing was written" in notes[0]
    assert token.decode() not in "".join(notes)


def test_a_mistake_of_ours_does_not_end_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scrub = Scrubber.scrub

    def faulty(self: Scrubber, one: Exchange) -> Exchange:
        if one.request.body == b"1":
            raise ValueError("sk-very-secret")
        return scrub(self, one)

    monkeypatch.setattr(Scrubber, "scrub", faulty)
    stored, notes = kept(tmp_path, [exchange(b"1"), exchange(b"2")])
    assert [one.request.body for one in stored["s"]] == [b"2"]
    assert notes[0] == "an exchange is not kept, by a mistake of the gate: ValueError"


def test_the_log_is_there_before_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_PATIENCE", 0.1)
    kept = Log(tmp_path, Scrubber(), {}, print, busy=lambda: True)
    kept.add(exchange(b"1"))
    deadline = time.monotonic() + 10
    while not (tmp_path / "s" / "cassette.yaml").is_file():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    kept.close()


# -- the page -----------------------------------------------------------------------------------


def test_the_page_escapes_what_was_recorded() -> None:
    hostile = "<script>alert(1)</script>\x1b[31m\u202e"
    asked = Request(
        "POST", "https://h/v1/chat/completions", (), json.dumps({"messages": [{"content": hostile}]}).encode()
    )
    silent = Exchange(Request("GET", "https://h/v1/models"), None, ending=Ending.TIMEOUT, scenario="models")
    html = page.html(
        "http://127.0.0.1:1/v1", Recordings({"<b>": [Exchange(asked, Response(200))], "models": [silent]}).all
    )
    assert "<script" not in html
    assert "<b>" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert not re.search(r"(?:src|href)=\"(?!data:,)", html)
    assert "timeout" in html
    assert "cut-after-{n}" in html
    assert "none" in page.html("http://127.0.0.1:1/v1", ())


def test_the_page_is_served_and_nothing_else_of_a_browser_is() -> None:
    service = Service({})
    service.page = "<p>Gr\u00fc\u00dfe</p>"
    get = Request("GET", "http://h/")
    assert service.respond(get).reply.body.decode() == service.page
    assert (service.respond(get).reply.header("content-security-policy") or "").startswith("default-src 'none'")
    assert service.respond(Request("POST", "http://h/")).reply.status == 404
    assert service.respond(Request("GET", "http://h/favicon.ico")).reply.status == 404


def test_the_page_of_the_documentation_is_that_of_the_code() -> None:
    text = serve_page.PAGE.read_text("utf-8")
    assert text == serve_page.TABLE.sub(lambda _: serve_page.table(), text), "run python -m tests.serve_page"
    options = {
        option for parameter in gate_serve.command.params for option in parameter.opts if option.startswith("--")
    }
    assert {option for option in options if f"`{option}" not in text} == {"--config"}


def test_the_file_of_the_documentation_is_right(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", serve_page.PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "faults.yaml").write_text(example, "utf-8")
    assert len(fault_file.load(tmp_path / "faults.yaml", ["chat-stream"])) == 4


# -- clients that mean no good ------------------------------------------------------------------


class Broken:
    """A responder with a mistake in it."""

    def respond(self, request: Request) -> Answer | None:
        if request.method == "GET":
            return None
        raise RuntimeError("a mistake")


def test_a_mistake_of_ours_ends_one_request() -> None:
    notes: list[str] = []
    with serving.serving(Server(Broken(), note=notes.append)) as base, httpx.Client() as client:
        answers = [client.post(base), client.get(base), client.post(base)]
    assert [answer.status_code for answer in answers] == [500, 404, 500]
    assert len(notes) == 2
    assert "a mistake" in notes[0]


@contextmanager
def served(**limits: float) -> Iterator[tuple[str, Server, list[Exchange]]]:
    """A server with other bounds."""
    ended: list[Exchange] = []
    with pytest.MonkeyPatch.context() as patch:
        for name, value in limits.items():
            patch.setattr(serving if hasattr(serving, name) else connection, name, value)
        server = Server(Service(SIDES, speed=0), ended.append)
        with serving.serving(server) as base:
            yield base, server, ended
            assert httpx.post(f"{base}/chat/completions", json=ASK).status_code == 200  # it is still well


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 10 + b"\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),  # no Host
        (b"GET / HTTP/1.1\r\nhost: h\r\nx: " + b"a" * 70_000, b"431"),
        (b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 2000\r\n\r\n" + b"x" * 1500, b"413"),
    ],
)
def test_garbage_is_refused(sent: bytes, status: bytes) -> None:
    with served(MAX_BODY=1000) as (base, _, ended), connect(base) as peer:
        peer.sendall(sent)
        got, how = read(peer)
        assert got.startswith(b"HTTP/1.1 " + status + b" ")
        assert b"connection: close" in got
        assert how in ("fin", "rst")
        assert ended == []


def test_half_a_request_and_none_at_all_are_given_up() -> None:
    with served(REQUEST_SECONDS=0.1, IDLE_SECONDS=0.2) as (base, _, _):
        with connect(base) as peer:
            peer.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nhost: h\r\nx-slow: ")
            assert read(peer)[0].startswith(b"HTTP/1.1 408 ")
        with connect(base) as peer:
            peer.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\nabc")
            assert read(peer)[0].startswith(b"HTTP/1.1 408 ")
        with connect(base) as peer:
            assert read(peer) == (b"", "fin")
        with connect(base) as peer:  # a kept connection too
            peer.sendall(request("/v1/chat/completions", ASK))
            assert read(peer)[1] == "fin"


def test_bodies_of_all_connections_together_are_bounded() -> None:
    with served(MAX_HELD=1500) as (base, _, _), connect(base) as first, connect(base) as second:
        half = b"POST /v1/x HTTP/1.1\r\nhost: h\r\ncontent-length: 1001\r\n\r\n" + b"x" * 1000
        first.sendall(half)
        time.sleep(0.1)
        second.sendall(half)
        assert read(second)[0].startswith(b"HTTP/1.1 413 ")
        first.sendall(b"x")
        assert read(first, b"}}")[0].startswith(b"HTTP/1.1 404 ")
        first.sendall(half + b"x")  # what was held is released
        assert read(first, b"}}")[0].startswith(b"HTTP/1.1 404 ")


def test_the_idle_give_way_when_there_are_too_many() -> None:
    with served(MAX_CONNECTIONS=3) as (base, _, _):
        peers = [connect(base) for _ in range(5)]
        assert read(peers[0])[1] in ("fin", "rst")
        peers[4].sendall(request("/v1/chat/completions", ASK))
        assert read(peers[4], b"[]}")[0].startswith(b"HTTP/1.1 200 ")
        for peer in peers:
            peer.close()


def test_where_all_are_busy_the_new_one_goes() -> None:
    with served(MAX_CONNECTIONS=1) as (base, _, _), connect(base) as busy:
        busy.sendall(request("/v1/chat/completions", ASK, x_gate_fault="silence"))
        assert read(busy, quiet=0.2) == (b"", "open")
        with connect(base) as peer:
            assert read(peer)[1] in ("fin", "rst")
        busy.close()
        time.sleep(0.2)


def test_a_client_that_never_reads_is_left() -> None:
    big = Exchange(JSON.request, Response(200, body=b"x" * 20_000_000), scenario="plain")
    ended: list[Exchange] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "READER_SECONDS", 0.2)
        with (
            serving.serving(Server(Service({"plain": [big]}), ended.append)) as base,
            connect(base) as peer,
        ):
            peer.sendall(request("/v1/chat/completions", ASK))
            deadline = time.monotonic() + 10
            while not ended and time.monotonic() < deadline:
                time.sleep(0.02)
    assert [one.ending for one in ended] == [Ending.CANCELLED]


def test_pipelined_requests_are_answered_in_order() -> None:
    with served() as (base, _, ended), connect(base) as peer:
        one, other = request("/v1/chat/completions", {**ASK, "stream": True}), request("/v1/models", method="GET")
        peer.sendall(one + other + one)
        got, _ = read(peer, quiet=0.3)
        assert [bool(re.match(rb"HTTP/1.1 (200|404)", part)) for part in re.split(rb"(?=HTTP/1.1)", got)[1:]] == [
            True
        ] * 3
        assert [e.scenario for e in ended] == ["stream", UNMATCHED, "stream"]


def test_many_requests_ahead_are_read_when_it_is_their_turn() -> None:
    with served(_AHEAD=1000) as (base, _, ended), connect(base) as peer:
        peer.sendall(request("/v1/chat/completions", ASK, x_gate_fault="first-byte-after-0.3s"))
        time.sleep(0.1)
        peer.sendall(request("/v1/chat/completions", ASK) * 50)
        got = b""
        while got.count(b"HTTP/1.1 200") < 51:
            got += peer.recv(65536)
        assert len(ended) >= 50


def test_a_client_that_reads_late_gets_everything() -> None:
    big = Exchange(JSON.request, Response(200, body=b"x" * 20_000_000), scenario="plain")
    with serving.serving(Server(Service({"plain": [big]}))) as base, connect(base) as peer:
        peer.sendall(request("/v1/chat/completions", ASK, connection="close"))
        time.sleep(0.2)
        got, how = read(peer)
        assert (got.count(b"x"), how) == (20_000_000, "fin")


def test_a_client_that_expects_100_gets_it_once() -> None:
    with served() as (base, _, _), connect(base) as peer:
        whole = request("/v1/chat/completions", ASK, expect="100-continue")
        head, _, body = whole.partition(b"\r\n\r\n")
        peer.sendall(head + b"\r\n\r\n")
        assert read(peer, b"\r\n\r\n") == (b"HTTP/1.1 100 Continue\r\n\r\n", "open")
        peer.sendall(body[:5])
        time.sleep(0.05)
        peer.sendall(body[5:])
        assert read(peer, b"[]}")[0].startswith(b"HTTP/1.1 200 ")


def test_a_cancel_is_seen_at_once() -> None:
    with served() as (base, _, ended):
        for close in (socket.socket.close, reset):
            with connect(base) as peer:
                peer.sendall(
                    request("/v1/chat/completions", {**ASK, "stream": True}, x_gate_fault="pause-after-1-for-60s")
                )
                assert read(peer, b"\n\n\r\n")[1] == "open"
                close(peer)
            deadline = time.monotonic() + 10
            while not ended and time.monotonic() < deadline:
                time.sleep(0.005)
            (one,) = ended
            assert (one.ending, len(one.chunks)) == (Ending.CANCELLED, 1)
            assert re.fullmatch(r"fault pause-after-1-for-60s; the client left after \d+ ms", one.detail)
            ended.clear()


def reset(peer: socket.socket) -> None:
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def test_a_client_that_sends_and_closes_its_side_gets_what_is_due() -> None:
    with served() as (base, _, _), connect(base) as peer:
        peer.sendall(request("/v1/chat/completions", {**ASK, "stream": True}))
        peer.shutdown(socket.SHUT_WR)
        got, how = read(peer)
        assert (got.endswith(b"0\r\n\r\n"), how) == (True, "fin")


def test_other_forms_of_target_and_method() -> None:
    with served() as (base, _, _), connect(base) as peer:
        for target in (b"http://elsewhere/v1/models", b"*", b"/v1/%00", b"//[", b"/v1/" + b"a" * 9000):
            peer.sendall(b"GET " + target + b" HTTP/1.1\r\nhost: h\r\n\r\n")
            assert read(peer, b"}}")[0].startswith(b"HTTP/1.1 404 ")
        peer.sendall(b"CONNECT h:1 HTTP/1.1\r\nhost: h\r\n\r\n")
        assert read(peer, b"}}")[0].startswith(b"HTTP/1.1 404 ")


@pytest.mark.slow
def test_a_crowd_of_hostile_clients_leaves_it_well_and_small() -> None:
    """Garbage, slow heads, giant heads and bodies, half-open connections: 3,000 of them."""
    with running(str(goldens()), "--no-delay", "--quiet") as served:
        before = resident(served.process.pid)
        for _ in range(10):
            peers = []
            for number in range(300):
                peer = connect(served.base)
                peers.append(peer)
                with_body = b"POST /v1/x HTTP/1.1\r\nhost: h\r\ncontent-length: 99999999\r\n\r\n"
                sent = (
                    os.urandom(2000),
                    b"GET / HT",
                    b"GET / HTTP/1.1\r\nx: " + b"a" * 60_000,
                    with_body + b"x" * 200_000,
                )
                peer.settimeout(0.2)
                with suppress(OSError):
                    peer.sendall(sent[number % 4])
            assert httpx.get(f"{served.base}/models", timeout=20).status_code == 200
            for peer in peers:
                peer.close()
        assert resident(served.process.pid) - before < 200_000
        assert served.end()[0] == 0


def resident(pid: int) -> int:
    """KiB of memory of a process."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0])
