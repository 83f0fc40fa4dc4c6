"""A proxy that leads nowhere: what a team's own driver wants to reach beside the replay server, as far as its HTTP
client heeds the variables for proxies. Nothing is sent on."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_HERE = "127.0.0.1,localhost,::1"
_MOST = 100  # hosts that are kept; chosen


class Elsewhere:
    """A running proxy. `variables` lead a process to it; `taken` has the hosts asked for since the last call."""

    def __init__(self) -> None:
        self._hosts: list[str] = []
        kept = self._hosts

        class Refusing(BaseHTTPRequestHandler):
            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):  # whatever the method
                    return self._refuse
                raise AttributeError(name)

            def _refuse(self) -> None:
                # CONNECT names `host:port`, anything else a whole URL
                host = urlsplit(self.path).netloc if "://" in self.path else self.path
                if len(kept) < _MOST:
                    kept.append(host[:200])
                self.send_error(403, "a driver reaches the replay server only")

            def log_message(self, *_: object) -> None:
                """Nothing: standard error is the driver's."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def variables(self) -> Mapping[str, str]:
        """Both spellings, since programs read either."""
        address = f"http://127.0.0.1:{self._server.server_port}"
        named = dict.fromkeys(_VARIABLES, address) | {"NO_PROXY": _HERE}
        return named | {name.lower(): value for name, value in named.items()}

    def taken(self) -> tuple[str, ...]:
        """Hosts, sorted, each once."""
        hosts = tuple(sorted(set(self._hosts)))
        self._hosts.clear()
        return hosts

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
