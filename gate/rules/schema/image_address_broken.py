"""The address of an image can't be fetched: a path, a file, the server's own network (S71)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from gate.endpoints import member, members
from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import answered
from gate.observe.scopes import is_images
from gate.wire.shape import show

_Fault = tuple[str, Severity, str]
"""Words, weight and the address."""

# http.client, requests, fetch and <img> take these alone from an answer
_SCHEMES = ("http", "https")
# names that no other machine resolves: https://www.rfc-editor.org/rfc/rfc6761#section-6.3, rfc6762 and RFC 9476's kin
_LOCAL = (".localhost", ".local", ".internal")


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first such address, where no golden sample has one; that there is none is told by the schema."""
    secure = all(_all_secure(sample) for sample in comparison.golden)
    for pair, (fault, severity, url) in unseen(comparison, _fault):
        yield pair.drift(
            path="data[0].url",
            message=f"the address of the image {fault}",
            golden="an address that anyone can fetch",
            candidate=show(url, 80),
            severity=severity,
        )
    for pair in comparison.answers:
        plain = [url for url in _urls(pair.candidate) if url.startswith("http://")]
        if secure and plain and _fault(pair.candidate) is None:
            yield pair.drift(
                path="data[0].url",
                message="the address of the image is http, not https",
                golden="https",
                candidate=show(plain[0], 80),
                # pages that came by https do not load it
                severity=Severity.INFO,
            )


def _urls(observation: Observation) -> list[str]:
    images = members(observation.body, "data") if observation.endpoint.startswith("images") else []
    urls = [member(image, "url") for image in images] if answered(observation) else []
    return [url for url in urls if isinstance(url, str) and url]


def _all_secure(observation: Observation) -> bool:
    urls = _urls(observation)
    return bool(urls) and all(url.startswith("https://") for url in urls)


def _fault(observation: Observation) -> _Fault | None:
    return next((fault for url in _urls(observation) if (fault := _judged(url))), None)


def _judged(url: str) -> _Fault | None:
    if url.startswith("data:"):
        # browsers show it, HTTP libraries have no adapter for it
        return "is a data URL: the image itself", Severity.RISKY, url
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname or ""
    except ValueError:
        scheme, host = "", ""
    if scheme not in _SCHEMES or not host:
        return "is none: no scheme and host to fetch it from", Severity.BREAKING, url
    return ("is of the server's own network", Severity.RISKY, url) if _is_local(host) else None


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        # a name without a dot is one of a container or of this machine
        return "." not in host or host.endswith(_LOCAL)
    return not address.is_global


RULE = Rule(
    id="image-address-broken",
    area="schema",
    # S71: requests and fetch raise on what has no scheme or host; a private address works for some
    severity=Severity.BREAKING,
    summary="the address of an image can't be fetched",
    who_breaks="clients that download the image: MissingSchema, Invalid URL; pages show a broken picture",
    hint="tell the server the address that its clients know it by, or ask for b64_json",
    check=check,
    where=is_images,
)
