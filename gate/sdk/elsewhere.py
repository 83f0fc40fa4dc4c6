"""A listener that stands for the internet: it takes what clients ask a proxy for, refuses it, and tells the host.

Best effort: proxy variables are honoured by most HTTP clients, and by no raw socket.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

_LOOPBACK = "127.0.0.1,localhost,::1"
_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


class Elsewhere:
    """The hosts that were asked for since the last look."""

    def __init__(self) -> None:
        self._hosts: list[str] = []
        self.variables: dict[str, str] = {}

    def named(self, host: str) -> None:
        """One was asked for."""
        self._hosts.append(host[:200])

    def taken(self) -> tuple[str, ...]:
        """Sorted, each once."""
        hosts, self._hosts = self._hosts, []
        return tuple(sorted(set(hosts)))


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Listens for the time of the block; `variables` point a process to it."""
    found = Elsewhere()

    class Refusing(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            """One request, whatever its method: the host of its line, and no more."""
            words = self.rfile.readline(65537).decode("latin-1").split()
            self.close_connection = True
            if len(words) > 1:
                found.named(words[1] if words[0] == "CONNECT" else urlsplit(words[1]).netloc or words[1])
                self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()  # it polls for its end
        url = f"http://127.0.0.1:{server.server_port}"
        named = dict.fromkeys(_VARIABLES, url) | {"NO_PROXY": _LOOPBACK}
        found.variables = named | {name.lower(): value for name, value in named.items()}
        try:
            yield found
        finally:
            server.shutdown()
