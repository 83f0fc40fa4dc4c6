"""The paths that answers have by the API's own documentation. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from gate.endpoints import endpoint
from gate.endpoints.schemas import Known, knowledge

_OF_STREAMS = {
    "chat.completions": ("chat.completion.chunk",),
    "completions": ("completion.chunk",),
    "responses": ("response.event",),
}
_ENDPOINTS = ("chat.completions", "completions", "responses", "embeddings", "models", "images", "moderations")


@cache
def leaves(name: str) -> frozenset[str]:
    """The paths of what has no members in answers of an endpoint, whole or streamed; of a chat without a name."""
    paths = {untyped(path) for path, _ in _known(name or "chat.completions")}
    holders = {path[:place] for path in paths for place, letter in enumerate(path) if letter == "."}
    return frozenset(path for path in paths if not {path, f"{path}[]"} & holders)


@cache
def promised() -> frozenset[str]:
    """The paths that clients of any route can rely on: goldens also show what only one route sends."""
    known = (item for name in _ENDPOINTS for item in _known(name))
    # in a delta anything may be absent, and comes in others
    return frozenset(untyped(path) for path, one in known if not one.noise or ".delta." in path)


def untyped(path: str) -> str:
    """`output[].<message>.status` → `output[].status`: source does not say of what type an item is."""
    return ".".join(step for step in path.split(".") if not step.startswith("<"))


def by_untyped(paths: Iterable[str]) -> dict[str, list[str]]:
    """The paths as goldens have them, by what source says of them."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        found.setdefault(untyped(path), []).append(path)
    return found


def _known(name: str) -> Iterator[tuple[str, Known]]:
    whole = endpoint(name).schema
    for schema in (*([whole] if whole else []), *_OF_STREAMS.get(name, ())):
        yield from knowledge(schema).items()
