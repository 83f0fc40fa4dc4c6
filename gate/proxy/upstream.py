"""Where requests go: the address behind a base_url, TLS with the verification that every client of the gate has."""

from __future__ import annotations

import asyncio
import base64
import ssl
import urllib.request
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

import httpx

from gate.errors import ConfigError

P = TypeVar("P", bound=asyncio.Protocol)

_LONGEST = 64 * 1024  # bytes of a proxy's answer


class Upstream:
    """The host of a base_url, through the proxy that the environment names for it.

    Raises ConfigError where the proxy or CA settings of the environment can't be used.
    """

    def __init__(self, base_url: str, connect_seconds: float) -> None:
        parts = urlsplit(base_url)
        secure = parts.scheme == "https"
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.path = parts.path.rstrip("/")
        self.authority = parts.netloc
        self._host, self._port = parts.hostname or "", parts.port or (443 if secure else 80)
        self._seconds = connect_seconds
        self._tls = _context() if secure else None
        self._proxy = _proxy_for(parts)

    async def connect(self, protocol: Callable[[], P]) -> P:
        """A connection to it. Raises OSError, also for a certificate that is not accepted and for a time-out."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(self._seconds):
            if self._proxy is not None:
                return await self._through(self._proxy, protocol())
            made = await loop.create_connection(protocol, self._host, self._port, ssl=self._tls)
        return made[1]

    async def _through(self, proxy: SplitResult, protocol: P) -> P:
        """A tunnel through a proxy: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6."""
        loop = asyncio.get_running_loop()
        transport, tunnel = await loop.create_connection(_Tunnel, proxy.hostname or "", proxy.port or 80)
        try:
            transport.write(self._asking(proxy))
            status = await tunnel.status
            if status != b"200":
                words = f"answered {status.decode('latin-1')}" if status.isdigit() else "answered no HTTP"
                raise OSError(f"the proxy {proxy.hostname} {words}")
            if self._tls is None:
                transport.set_protocol(protocol)
            else:
                secured = await loop.start_tls(transport, protocol, self._tls, server_hostname=self._host)
                transport = secured or transport
        except BaseException:
            transport.abort()
            raise
        protocol.connection_made(transport)
        return protocol

    def _asking(self, proxy: SplitResult) -> bytes:
        host = f"[{self._host}]" if ":" in self._host else self._host
        lines = [f"CONNECT {host}:{self._port} HTTP/1.1", f"Host: {host}:{self._port}"]
        if proxy.username is not None:
            known = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
            lines.append(f"Proxy-Authorization: Basic {base64.b64encode(known.encode()).decode()}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


class _Tunnel(asyncio.Protocol):
    """Waits for what a proxy says to CONNECT; after that the connection is the upstream's."""

    def __init__(self) -> None:
        self.status: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._head = b""

    def data_received(self, data: bytes) -> None:
        """Bytes of its answer."""
        self._head += data
        if b"\r\n\r\n" in self._head or len(self._head) > _LONGEST:
            words = self._head.split(None, 2)
            self._say(words[1][:3] if len(words) > 1 and words[0].startswith(b"HTTP/1.") else b"")

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """It hung up."""
        self._say(b"")

    def _say(self, status: bytes) -> None:
        if not self.status.done():
            self.status.set_result(status)


def _proxy_for(url: SplitResult) -> SplitResult | None:
    """The proxy that the environment names for a URL. Raises ConfigError."""
    proxies = urllib.request.getproxies()
    named = proxies.get(url.scheme) or proxies.get("all")
    if not named or urllib.request.proxy_bypass(url.hostname or ""):
        return None
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    if proxy.scheme != "http" or not proxy.hostname:
        fix = "name one with http://, or the upstream's host in NO_PROXY"
        raise ConfigError("the proxy of the environment can't be used: it is no http:// proxy", fix=fix)
    return proxy


def _context() -> ssl.SSLContext:
    try:
        context = httpx.create_ssl_context()
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"the CA settings of the environment can't be used: {error}", fix="check SSL_CERT_FILE and SSL_CERT_DIR"
        ) from error
    context.set_alpn_protocols(["http/1.1"])  # what is recorded is HTTP/1.1
    return context
