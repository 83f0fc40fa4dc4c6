"""Web pages of another origin may read what is replayed, if they come from this machine. Pure.

A page under development runs on a port of its own, and its browser asks first: https://fetch.spec.whatwg.org/#http-cors-protocol
Pages of other hosts get no leave: somebody who visits one must not hand out what the server on their machine holds.
Credentials are never allowed; keys travel in a header of the request, not in cookies.
"""

from __future__ import annotations

import re

from gate.model import Headers, Request
from gate.replay.reply import Reply

# https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy: the names and addresses that never leave the machine
_LOOPBACK = re.compile(
    r"https?://(?:(?:[a-z0-9-]{1,63}\.){0,9}localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?", re.IGNORECASE
)
_NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)


def origin_of(request: Request) -> str:
    """The origin of a request from a page on this machine; "" for every other request."""
    origin = _header(request.headers, "origin")
    return origin if _LOOPBACK.fullmatch(origin) else ""


def preflight(request: Request, origin: str) -> Reply | None:
    """The answer to a browser that asks whether it may send a request; None where this is no such question."""
    method = _header(request.headers, "access-control-request-method")
    if request.method != "OPTIONS" or not _NAMES.fullmatch(method):
        return None
    leave = [("access-control-allow-methods", method)]
    # By name: `*` does not stand for Authorization.
    names = _header(request.headers, "access-control-request-headers")
    leave += [("access-control-allow-headers", names)] if _NAMES.fullmatch(names) else []
    return Reply(204, (("access-control-allow-origin", origin), *leave, ("vary", "Origin")))


def readable(reply: Reply, origin: str) -> Reply:
    """The answer with leave for the page to read it. Which headers it may read stays as recorded, or is all of them."""
    vary = reply.header("vary")
    reply = reply.with_header("access-control-allow-origin", origin)
    if reply.header("access-control-expose-headers") is None:
        reply = reply.with_header("access-control-expose-headers", "*")
    return reply.with_header("vary", f"{vary}, Origin" if vary else "Origin")


def _header(headers: Headers, name: str) -> str:
    return next((value.strip() for key, value in headers if key.lower() == name), "")
