"""A team's thin adapter, which is a gateway of its own: `python adapter.py PORT UPSTREAM MANNER`.

`faithful` passes everything on. `meddling` drops `seed`, says system for developer, sends no header of the client but
the type of the body, asks three times after a failure, and answers lists on its own. `narrow` has 4 places at its upstream, and `impatient`
waits a second for it. `broken` does not come up.
Standard library alone, so that it starts in a moment.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

_OF_THE_HOP = frozenset({"connection", "host", "content-length", "transfer-encoding", "keep-alive"})


def meddled(body: bytes) -> bytes:
    """The body as an adapter of little care sends it on."""
    try:
        document = json.loads(body)
    except ValueError:
        return body
    document.pop("seed", None)
    for message in document.get("messages", ()):
        if message.get("role") == "developer":
            message["role"] = "system"
    return json.dumps(document, separators=(",", ":")).encode()


class Adapter(BaseHTTPRequestHandler):
    """Passes a request on, and its answer back as it comes."""

    protocol_version = "HTTP/1.1"
    upstream = ""
    meddling = False
    seconds = 30.0
    places = threading.Semaphore(1000)

    def do_GET(self) -> None:
        """Lists."""
        self._pass_on()

    def do_POST(self) -> None:
        """Everything else."""
        self._pass_on()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {n: v for n, v in self.headers.items() if n.lower() not in _OF_THE_HOP}
        if self.meddling:
            body, headers = meddled(body), {"content-type": "application/json"}
        with self.places:
            for attempt in range(3):
                connection, answer = self._ask(body, headers)
                if answer is None or not self.meddling or answer.status < 429 or attempt == 2:
                    break
                connection.close()
            self._answer(connection, answer)

    def _ask(
        self, body: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse | None]:
        url = urlsplit(self.upstream)
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=self.seconds)
        try:
            connection.request(self.command, url.path + self.path.removeprefix("/v1"), body or None, headers)
            return connection, connection.getresponse()
        except OSError:
            return connection, None

    def _answer(self, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse | None) -> None:
        self.close_connection = True
        try:
            if answer is not None:
                self._head(answer)
                self._body(answer)
        except (OSError, http.client.HTTPException):
            pass  # one side is gone: so is the other, and without the last chunk the client sees that
        finally:
            connection.close()

    def _head(self, answer: http.client.HTTPResponse) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
        if answer.length is None:
            self.send_header("transfer-encoding", "chunked")
        self.send_header("connection", "close")
        self.end_headers()

    def _body(self, answer: http.client.HTTPResponse) -> None:
        framed = answer.length is None
        while data := answer.read1(65536):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data) if framed else data)
            self.wfile.flush()
        if framed:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Nothing."""


def main(port: int, upstream: str, manner: str) -> None:
    """Serves until it is ended."""
    Path("adapter.pid").write_text(str(os.getpid()))
    seen = [name for name in os.environ if name.startswith(("TEAM_", "GATE_"))]
    print(f"manner {manner}; variables {' '.join(sorted(seen))}", flush=True)
    if manner == "broken":
        print(f"the key is {os.environ.get('SOMETHING', '')} \x1b[31m and that is all", flush=True)
        sys.exit(7)
    Adapter.upstream, Adapter.meddling = upstream, manner == "meddling"
    Adapter.places = threading.Semaphore(4 if manner == "narrow" else 1000)
    Adapter.seconds = 1.0 if manner == "impatient" else 30.0
    ThreadingHTTPServer.request_queue_size = 512  # of 5 connections at once the others would be reset
    ThreadingHTTPServer(("127.0.0.1", port), Adapter).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
