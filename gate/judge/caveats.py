"""Why a drift may not come from the route alone: several changes at once, or old goldens. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from gate.model import Json, Observation
from gate.wire.shape import show

# `model` has a sentence of its own (`_models`); `stream` is the scenario's and equal on both sides.
_NOT_SETTINGS = ("model", "stream")
_VERSIONS = 4  # packages that the sentence names


def several_changes(golden: Mapping[str, Json], candidate: Mapping[str, Json], settings: Iterable[str] = ()) -> str:
    """A sentence when more than one of base_url, models, SDK versions and request settings differs; else empty.

    `golden` and `candidate` are the facts of both sides as cassettes carry them; `settings` are those that differ.
    """
    parts = [*_host(golden, candidate), *_models(golden, candidate), *_versions(golden, candidate)]
    parts += [f"request settings ({', '.join(settings)})"] if settings else []
    # One change is what a check is for: then the cause is known.
    if len(parts) < 2:
        return ""
    return (
        f"{len(parts)} things changed at once: {'; '.join(parts)}. The cause of a drift can't be told: "
        "change one thing, check, then change the next"
    )


def _host(golden: Mapping[str, Json], candidate: Mapping[str, Json]) -> Iterator[str]:
    before, now = golden.get("host"), candidate.get("host")
    if before and now and before != now:
        yield f"base_url ({before} → {now})"


def _models(golden: Mapping[str, Json], candidate: Mapping[str, Json]) -> Iterator[str]:
    before, now = _asked(golden), _asked(candidate)
    changed = [
        f"{role} {before[role]} → {now[role]}" for role in sorted({*before} & {*now}) if before[role] != now[role]
    ]
    if changed:
        yield f"model ({', '.join(changed)})"


def _asked(facts: Mapping[str, Json]) -> Mapping[str, Json]:
    models = facts.get("models")
    asked = models.get("asked") if isinstance(models, dict) else None
    return asked if isinstance(asked, dict) else {}


def _versions(golden: Mapping[str, Json], candidate: Mapping[str, Json]) -> Iterator[str]:
    before, now = golden.get("versions"), candidate.get("versions")
    if not isinstance(before, dict) or not isinstance(now, dict):
        return
    names = [name for name in sorted({*before, *now}) if before.get(name) != now.get(name)]
    changed = [f"{name} {before.get(name, 'none')} → {now.get(name, 'none')}" for name in names[:_VERSIONS]]
    if changed:
        yield f"SDK ({', '.join(changed)}{' …' if len(names) > _VERSIONS else ''})"


def changed_settings(pairs: Iterable[tuple[Observation, Observation]]) -> tuple[str, ...]:
    """Names of scalar request parameters whose values differ in some (golden, candidate) pair, sorted."""
    changed: set[str] = set()
    for pair in pairs:
        if pair[0].request == pair[1].request:  # as nearly always
            continue
        golden, candidate = map(_settings, pair)
        differing = {name for name in {*golden, *candidate} if golden.get(name) != candidate.get(name)}
        both = golden | candidate
        # a route's map sends the same value under another name
        renamed = {golden[n] for n in differing - {*candidate}} & {candidate[n] for n in differing - {*golden}}
        changed.update(n for n in differing if (n in golden and n in candidate) or both[n] not in renamed)
    return tuple(sorted(changed))


def _settings(observation: Observation) -> dict[str, str]:
    body = observation.request if isinstance(observation.request, dict) else {}
    scalars = (str, int, float, bool)
    # Messages, tools and schemas are the scenario's; they differ only where replies are echoed, which is no setting.
    return {k: show(v) for k, v in body.items() if k not in _NOT_SETTINGS and (v is None or isinstance(v, scalars))}


def stale(golden: Mapping[str, Json], today: date, days: int) -> Iterator[str]:
    """A note where the goldens are older than the policy's limit."""
    try:
        # Cassettes of other recorders have no date, and then no age.
        recorded = date.fromisoformat(str(golden.get("date", "")))
    except ValueError:
        return
    age = (today - recorded).days
    if age > days:
        yield f"the goldens are {age} days old (recorded {recorded}); providers change: `gate refresh` shows how"
