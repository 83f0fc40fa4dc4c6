"""One request over a bare socket, and every byte that comes back."""

from __future__ import annotations

import json
import socket
from typing import Any, Literal
from urllib.parse import urlsplit

Ended = Literal["fin", "rst", "open"]


def request(path: str, doc: Any = None, *, method: str = "POST", **headers: str) -> bytes:
    """The bytes of a request; `_` in a header's name stands for `-`."""
    body = doc if isinstance(doc, bytes) else b"" if doc is None else json.dumps(doc).encode()
    fields = {"host": "h", **{name.replace("_", "-"): value for name, value in headers.items()}}
    fields["content-length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def connect(base_url: str) -> socket.socket:
    address = urlsplit(base_url)
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), timeout=10)


def read(peer: socket.socket, until: bytes | None = None, quiet: float = 10.0) -> tuple[bytes, Ended]:
    """What comes until FIN, until RST, until these bytes end it, or until nothing came for so many seconds."""
    got = b""
    peer.settimeout(quiet)
    try:
        while until is None or not got.endswith(until):
            data = peer.recv(65536)
            if not data:
                return got, "fin"
            got += data
    except TimeoutError:
        return got, "open"
    except ConnectionResetError:
        return got, "rst"
    return got, "open"
