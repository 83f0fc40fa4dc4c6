"""Facts of a route and figures of a run on one line, for the reports that people read."""

from __future__ import annotations

from collections.abc import Mapping

from gate.model import Json
from gate.prose.safetext import line

_HUGE = 2.0**64
_FACTS = ("route", "base_url", "model", "models", "date")  # first, in this order
_LONG = frozenset({"versions", "gate", "run"})  # told where they matter: in the lead of a report


def facts_line(facts: Mapping[str, Json]) -> str:
    """`route candidate  model gpt-4o-mini  date 2026-11-22`, safe to print; `-` where nothing is known."""
    names = [name for name in _FACTS if name in facts] + sorted(set(facts).difference(_FACTS, _LONG))
    return "  ".join(f"{line(name)} {line(_plain(facts[name]))}" for name in names if _plain(facts[name])) or "-"


def latency_line(latency: Mapping[str, float]) -> str:
    """The medians; a percentile of one or two calls would only look precise."""
    medians = [(line(name).removesuffix("_p50"), ms) for name, ms in sorted(latency.items()) if name.endswith("_p50")]
    return ", ".join(f"{name} {_duration(ms)}" for name, ms in medians[:4])


def count(number: int, noun: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _duration(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 10_000 else f"{ms / 1000:.1f} s"


def _plain(value: Json) -> str:
    """Text, figures and one level of names; what lies deeper is for the json report."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_scalar(part)}" for name, part in sorted(value.items()) if _scalar(part))
    return _scalar(value)


def _scalar(value: Json) -> str:
    if isinstance(value, str):
        return value
    # Python refuses to print an integer of thousands of digits.
    return str(value) if isinstance(value, int | float) and abs(value) < _HUGE else ""
