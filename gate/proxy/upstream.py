"""Where requests go: the address behind a base_url, TLS with the verification that every client of the gate has."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from gate.errors import ConfigError

P = TypeVar("P", bound=asyncio.Protocol)


class Upstream:
    """The host of a base_url. Raises ConfigError where the CA settings of the environment can't be used."""

    def __init__(self, base_url: str, connect_seconds: float) -> None:
        parts = urlsplit(base_url)
        secure = parts.scheme == "https"
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.path = parts.path.rstrip("/")
        self.authority = parts.netloc
        self._host, self._port = parts.hostname or "", parts.port or (443 if secure else 80)
        self._seconds = connect_seconds
        self._tls = _context() if secure else None

    async def connect(self, protocol: Callable[[], P]) -> P:
        """A connection to it. Raises OSError, also for a certificate that is not accepted and for a time-out."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._seconds):
            made = await loop.create_connection(protocol, self._host, self._port, ssl=self._tls)
        return made[1]


def _context() -> ssl.SSLContext:
    try:
        context = httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"the CA settings of the environment can't be used: {error}", fix="check SSL_CERT_FILE and SSL_CERT_DIR"
        ) from error
    context.set_alpn_protocols(["http/1.1"])  # what is recorded is HTTP/1.1
    return context
