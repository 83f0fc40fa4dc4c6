"""Facts of a route and figures of a run on one line. Safe to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gate.model import Json
from gate.text.safe import line

# Larger integers are no figure of ours; Python refuses to print one of more than 4,300 digits.
_HUGE = 2.0**64
_FACTS = ("route", "routes", "base_url", "host", "model", "models", "date")  # first, in this order
# Lists of packages and prices, for which only the HTML page has room.
_LONG = frozenset({"versions", "gate", "run", "prices", "variables"})  # not in the line


def facts_line(facts: Mapping[str, Json]) -> str:
    """`route candidate  model gpt-4o-mini  date 2026-11-22`; `-` without facts."""
    texts = (_fact(name, facts[name]) for name in named(facts) if name not in _LONG)
    return "  ".join(f"{line(name)} {line(text)}" for name, text in texts if text) or "-"


def named(facts: Mapping[str, Json]) -> list[str]:
    """The names of all facts, the most important ones first."""
    return [name for name in _FACTS if name in facts] + sorted(set(facts).difference(_FACTS))


def models_line(models: Json, answered: str = " (answered {})") -> str:
    """The requested models, and the answered ones where they differ: `gpt-4o-mini (answered gpt-5-mini)`. `answered` is
    the format of the latter. Empty where the fact has another form."""
    asked, came = (_texts(models.get(name)) if isinstance(models, Mapping) else [] for name in ("asked", "answered"))
    others = [name for name in came if name not in asked]
    if not (asked and others):  # a route without a model name in gate.yaml answers with its own
        return ", ".join(asked or others)
    unlike = [name for name in asked if name not in came]
    if not unlike:  # the requested name was answered as well
        unlike, others = asked, came
    return ", ".join([", ".join(unlike) + answered.format(", ".join(others)), *(n for n in asked if n not in unlike)])


def routes_of(facts: Mapping[str, Json]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """(name, facts) of the routes of a merged report."""
    routes = facts.get("routes")
    for name, known in routes.items() if isinstance(routes, Mapping) else ():
        yield name, known if isinstance(known, Mapping) else {}


def latency_line(latency: Mapping[str, float]) -> str:
    """The medians; other percentiles of one or two calls mean nothing."""
    known = sorted((name, ms) for name, ms in latency.items() if name.endswith("_p50") and name != "connect_p50")
    medians = [(line(name).removesuffix("_p50"), ms) for name, ms in known]
    # Three figures of an answer are ours (ttft, gap, total); a report of a stranger may have any number.
    return ", ".join(f"{name} {_duration(ms)}" for name, ms in medians[:4])


def _duration(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 10_000 else f"{ms / 1000:.1f} s"


# -- values -------------------------------------------------------------------------------------


def _fact(name: str, value: Json) -> tuple[str, str]:
    if name == "models" and (models := models_line(value)):
        return "model", models
    if name == "routes" and isinstance(value, Mapping):
        return name, ", ".join(_route(*route) for route in routes_of({name: value}))
    return name, _plain(value)


def _route(name: str, facts: Mapping[str, Json]) -> str:
    """`azure (azure.example.com, gpt-4o-mini)`."""
    known = [scalar(facts.get("host")), models_line(facts.get("models")) or scalar(facts.get("model"))]
    inside = ", ".join(filter(None, known))
    return f"{name} ({inside})" if inside else name


def _texts(value: Json) -> list[str]:
    """Names in a list, or by role: each once."""
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return list(dict.fromkeys(part for part in parts if isinstance(part, str) and part))


def _plain(value: Json) -> str:
    """Text, numbers and one level of names; deeper values are only in the json report."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {scalar(part)}" for name, part in sorted(value.items()) if scalar(part))
    return scalar(value)


def scalar(value: Json) -> str:
    """A text, or a number in digits; empty for anything else."""
    if isinstance(value, str):
        return value
    # Python raises where an integer has thousands of digits
    return str(value) if isinstance(value, int | float) and abs(value) < _HUGE else ""
