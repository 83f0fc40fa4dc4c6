"""Which host may get a credential: `allowed-hosts` and the URL of a route. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from gate.text.safe import line

# DNS names of at most 253 characters (RFC 1035, 2.3.4), and IPv6 in brackets (RFC 3986, 3.2.2).
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]")
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Host:
    """One entry of `allowed-hosts`. Without a port: the scheme's own, or any on loopback."""

    name: str
    port: int | None = None
    scheme: str = "https"


def host(text: str) -> Host:
    """`api.example.com`, `api.example.com:8443`, or `http://gateway:8080` to allow plain http there.

    Of a whole base_url the host counts. Raises ValueError, as a sentence's end, for anything else: no patterns, because
    `*.example.com` also names what others may register there.
    """
    scheme, _, rest = text.lower().rpartition("://")
    rest = rest.partition("/")[0] if scheme else rest
    name, colon, port = rest.rpartition(":") if re.search(r":[0-9]+$", rest) else (rest, "", "")
    if scheme not in ("", *_PORTS) or not _NAME.fullmatch(name) or (colon and not 0 < int(port[:6]) < 65536):
        raise ValueError(f"holds `{line(text, 60)}`, which is not a host: write it like api.example.com or host:8443")
    return Host(name, int(port) if colon else None, scheme or "https")


def refusal(base_url: str, allowed: Sequence[Host], bound: bool) -> str:
    """Why a credential must not go to this URL, as a sentence; empty when it may. The URL must be a valid one.

    `bound`: the configuration may be a pull request's, so that only what the workflow allows counts.
    """
    parts = urlsplit(base_url)
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = parts.port or _PORTS.get(parts.scheme, 0)
    local = loopback(parts.hostname or "")
    shown = line(f"{name}:{port}", 120)
    # Whole names with scheme and port: a prefix or suffix match would also take `api.example.com.evil.net`.
    if allowed and not any(_covers(entry, parts.scheme, name, port, local) for entry in allowed):
        return f"the route is at {parts.scheme}://{shown}, which `allowed-hosts` does not name: no key is sent there"
    # Otherwise a pull request could name its own host as base_url and read the key in its log.
    if bound and not allowed:
        return (
            f"in a pull request, which may have edited the configuration, a key goes only where the workflow says: "
            f"set `allowed-hosts` (this route is at {shown})"
        )
    if parts.scheme != "https" and not local and not allowed:
        return f"the route is at http://{shown}: a key travels only over https, or to a host that `allowed-hosts` names"
    return ""


def _covers(allowed: Host, scheme: str, name: str, port: int, local: bool) -> bool:
    if allowed.name != name:
        return False
    # Nothing leaves the machine, so http and any port are fine there (a gateway started in the job).
    if local:
        return allowed.port in (None, port)
    return allowed.scheme == scheme and (allowed.port or _PORTS[allowed.scheme]) == port


def loopback(name: str) -> bool:
    """Whether what is sent there stays on the machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"
