"""What differs between the services of a repository, or is left open: versions and base_urls. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from gate.inventory.lock_files import NPM, PYPI
from gate.inventory.model import Client, Package, Remark, Service
from gate.inventory.names import names

KINDS: Mapping[str, str] = {
    "base-url-uneven": "a client without base_url beside others that set one",
    "sdk-not-pinned": "an SDK whose version no lock file names",
    "version-differs": "one package at several versions in one repository",
}
_CARRIERS = names(
    "httpx httpcore httpx-sse h11 h2 aiohttp requests urllib3 sseclient-py jiter tiktoken undici node-fetch "
    "cross-fetch axios got ky eventsource-parser eventsource"
)
SDKS = frozenset([f"pypi:{name}" for name in PYPI - _CARRIERS] + [f"npm:{name}" for name in NPM - _CARRIERS])
"""Keys of packages that are SDKs, and no HTTP clients."""


def remarks(services: Sequence[Service]) -> Iterator[Remark]:
    """All remarks, in no particular order."""
    yield from _not_pinned(services)
    yield from _versions(services)
    yield from _base_urls([client for service in services for client in service.clients if not client.in_tests])


def _not_pinned(services: Sequence[Service]) -> Iterator[Remark]:
    for package in (package for service in services for package in service.packages):
        if package.name in SDKS and not package.pinned:
            asked = f"asked for as {package.asked}" if package.asked else "asked for in any version"
            what = f"{package.name} is {asked}, and no lock file names its version: an upgrade can come by itself"
            yield Remark("sdk-not-pinned", package.place, what)


def _versions(services: Sequence[Service]) -> Iterator[Remark]:
    by_name: dict[str, list[tuple[Service, Package]]] = defaultdict(list)
    for service in services:
        for package in service.packages:
            by_name[package.name].append((service, package))
    for name, found in sorted(by_name.items()):
        if len({package.version for _, package in found}) > 1:
            told = ", ".join(f"{package.version} in {service.folder}" for service, package in found)
            yield Remark("version-differs", found[0][1].place, f"{name} is {told}")


def _base_urls(clients: Sequence[Client]) -> Iterator[Remark]:
    by_sdk: dict[str, list[Client]] = defaultdict(list)
    for client in clients:
        by_sdk[client.sdk].append(client)
    for made in by_sdk.values():
        where = next((client for client in made if client.base_url), None)
        for client in made if where else ():
            # Azure's clients have an address of their own kind
            if where and not client.base_url and not client.more and "Azure" not in client.name:
                what = f"no base_url is set here, and one is set at {where.place}: this client stays where it is"
                yield Remark("base-url-uneven", client.place, what)
