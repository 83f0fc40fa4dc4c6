"""Cached tokens are reported under a vendor's own key (US07)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import comparable, numbered
from gate.observe.usage import usage
from gate.wire.shape import show

_DETAILS = ("prompt_tokens_details", "input_tokens_details")


def check(comparison: Comparison) -> Iterator[Drift]:
    """The golden has `*_details.cached_tokens`; the candidate has no such field, but another that speaks of a cache."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        mine, counts = usage(found), [usage(g) or {} for g in comparable(golden, found)]
        places = {_cached(c) for c in counts}
        # both names at once hurt nobody
        if not mine or not counts or "" in places or _cached(mine) in places:
            continue
        known = {path for c in counts for path, _ in _leaves(c)}
        # a key that the golden has as well is no new name
        other = sorted(leaf for leaf in _leaves(mine) if leaf[0] not in known)
        for path, value in other[:1]:
            gold = min(places)
            yield Drift(
                path=gold,
                message=f"cached tokens are called {path}",
                golden=gold,
                candidate=show({path: value}, 80),
                sample=sample,
            )


def _leaves(counts: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """(path, value) of each count of what a cache gave, in usage itself or in its details."""
    for key, value in counts.items():
        inside = value.items() if isinstance(value, dict) and key.endswith("details") else ()
        for name, count in ((key, value), *((f"{key}.{name}", count) for name, count in inside)):
            if "cache" in name.lower() and type(count) is int and not _written(name):
                yield name, count


def _written(path: str) -> bool:
    """A count of what was put into a cache, which may be all there is to say of a cold one (B16)."""
    return any(word in path for word in ("creat", "write", "miss"))


def _cached(counts: dict[str, Any]) -> str:
    """The path of the API's own count of cached tokens, empty without one."""
    found = (f"usage.{key}.cached_tokens" for key in _DETAILS if _holds(counts.get(key)))
    return next(found, "")


def _holds(details: object) -> bool:
    return isinstance(details, dict) and details.get("cached_tokens") is not None


RULE = Rule(
    id="usage-cached-renamed",
    area="usage",
    severity=Severity.RISKY,
    summary="cached tokens are reported under another key",
    who_breaks="cost tracking bills cached tokens at the full rate; cache monitors read 0",
    hint="map the provider's key to prompt_tokens_details.cached_tokens in the gateway",
    check=check,
)
