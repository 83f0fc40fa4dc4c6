"""Cached tokens are reported under a vendor's own key (US07)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.endpoints import member
from gate.model import MISSING, Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_usage
from gate.observe.usage import usage
from gate.rules.usage._usage import DETAILS, golden_counts
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The golden has `*_details.cached_tokens`; the candidate has no such field, but another one for cached tokens."""
    for pair in comparison.answers:
        counts, golden = usage(pair.candidate), golden_counts(pair)
        paths = {_cached(sample) for sample in golden}
        # both names at once break no client
        if not counts or "" in paths or _cached(counts) in paths:
            continue
        # a name that the golden has as well is not a new one
        known = {path for sample in golden for path, _ in _reads(sample)}
        renamed = sorted((path, count) for path, count in _reads(counts) if path not in known)
        for path, count in renamed[:1]:
            yield pair.drift(
                path=min(paths),
                message=f"cached tokens are reported as {path}",
                golden=min(paths),
                candidate=show({path: count}, 80),
            )


def _reads(counts: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """(path, count) of each count of tokens read from a cache, in usage itself or in its details."""
    for key, value in counts.items():
        inside = value.items() if isinstance(value, dict) and key.endswith("details") else ()
        for path, count in ((key, value), *((f"{key}.{name}", count) for name, count in inside)):
            if "cache" in path.lower() and type(count) is int and not _written(path):
                yield path, count


def _written(path: str) -> bool:
    """A count of tokens written to a cache, which may be the only count of a cold one (B16)."""
    # Anthropic's cache_creation_input_tokens, DeepSeek's prompt_cache_miss_tokens, cache_write_tokens of B16
    return any(word in path for word in ("creat", "write", "miss"))


def _cached(counts: dict[str, Any]) -> str:
    """The path of the API's own count of cached tokens, empty without one."""
    held = (key for key in DETAILS if member(counts.get(key), "cached_tokens") not in (None, MISSING))
    return next((f"usage.{key}.cached_tokens" for key in held), "")


RULE = Rule(
    id="usage-cached-renamed",
    area="usage",
    # US07: the bill is wrong, nothing raises
    severity=Severity.RISKY,
    summary="cached tokens are reported under another key",
    who_breaks="cost tracking bills cached tokens at the full rate; cache monitors read 0",
    hint="map the provider's key to prompt_tokens_details.cached_tokens in the gateway",
    check=check,
    where=has_usage,
)
