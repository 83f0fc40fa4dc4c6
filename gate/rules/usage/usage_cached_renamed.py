"""Cached tokens are reported under a vendor's own key (US07)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.model import Drift, Rule, Samples, Severity
from gate.questions import comparable, numbered
from gate.rules.usage._usage import usage
from gate.wire.shape import show

_DETAILS = ("prompt_tokens_details", "input_tokens_details")


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """The golden has `*_details.cached_tokens`; the candidate has no such field, but another that speaks of a cache."""
    for sample, found in numbered(candidate):
        mine, counts = usage(found), [usage(g) or {} for g in comparable(golden, found)]
        # both names at once hurt nobody
        if not mine or not counts or _cached(mine) or not all(map(_cached, counts)):
            continue
        known = {key for c in counts for key in c}
        # a key that the golden has as well is no new name
        other = sorted(key for key, value in mine.items() if "cache" in key and key not in known and value is not None)
        if other:
            path = _cached(counts[0])
            yield Drift(
                path, f"cached tokens are called {other[0]}", path, show({other[0]: mine[other[0]]}, 80), sample
            )


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
