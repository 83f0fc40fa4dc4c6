"""What else changed beside the route: several things at once can't be told apart, and old goldens mislead. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from gate.model import Json, Observation
from gate.wire.shape import show

_NOT_SETTINGS = ("model", "stream")


def several_changes(golden: Mapping[str, Json], candidate: Mapping[str, Json], settings: Iterable[str] = ()) -> str:
    """A sentence when more than one of base_url, models, SDK versions and request settings differs; else empty.

    `golden` and `candidate` are the facts of both sides as cassettes carry them; `settings` are those that differ.
    """
    parts = [*_host(golden, candidate), *_models(golden, candidate), *_versions(golden, candidate)]
    parts += [f"request settings ({', '.join(settings)})"] if settings else []
    if len(parts) < 2:
        return ""
    return (
        f"{len(parts)} things changed at once: {'; '.join(parts)}. What drifts can't be told apart by its cause: "
        "change one, check, then the next"
    )


def _host(golden: Mapping[str, Json], candidate: Mapping[str, Json]) -> Iterator[str]:
    ours, theirs = golden.get("host"), candidate.get("host")
    if ours and theirs and ours != theirs:
        yield f"base_url ({ours} → {theirs})"


def _models(golden: Mapping[str, Json], candidate: Mapping[str, Json]) -> Iterator[str]:
    ours, theirs = _asked(golden), _asked(candidate)
    changed = [
        f"{role} {ours[role]} → {theirs[role]}" for role in sorted({*ours} & {*theirs}) if ours[role] != theirs[role]
    ]
    if changed:
        yield f"model ({', '.join(changed)})"


def _asked(facts: Mapping[str, Json]) -> Mapping[str, Json]:
    models = facts.get("models")
    asked = models.get("asked") if isinstance(models, dict) else None
    return asked if isinstance(asked, dict) else {}


def _versions(golden: Mapping[str, Json], candidate: Mapping[str, Json]) -> Iterator[str]:
    ours, theirs = golden.get("versions"), candidate.get("versions")
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return
    changed = [
        f"{name} {ours.get(name, 'none')} → {theirs.get(name, 'none')}"
        for name in sorted({*ours, *theirs})
        if ours.get(name) != theirs.get(name)
    ]
    if changed:
        yield f"SDK ({', '.join(changed[:4])}{' …' if len(changed) > 4 else ''})"


def changed_settings(pairs: Iterable[tuple[Observation, Observation]]) -> tuple[str, ...]:
    """Names of request parameters that golden and candidate were not sent alike; echoed messages do not count."""
    found: set[str] = set()
    for golden, candidate in pairs:
        ours, theirs = _settings(golden), _settings(candidate)
        changed = {name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name)}
        # a route's map writes the same value under another name
        moved = {ours[a] for a in changed - {*theirs}} & {theirs[b] for b in changed - {*ours}}
        found.update(n for n in changed if (n in ours and n in theirs) or (ours | theirs)[n] not in moved)
    return tuple(sorted(found))


def _settings(found: Observation) -> dict[str, str]:
    body = found.request if isinstance(found.request, dict) else {}
    scalars = (str, int, float, bool)
    return {k: show(v) for k, v in body.items() if k not in _NOT_SETTINGS and (v is None or isinstance(v, scalars))}


def stale(golden: Mapping[str, Json], today: date, days: int) -> Iterator[str]:
    """A note where the goldens are older than the policy's limit."""
    try:
        recorded = date.fromisoformat(str(golden.get("date", "")))
    except ValueError:
        return
    age = (today - recorded).days
    if age > days:
        yield f"the goldens are {age} days old (recorded {recorded}); providers change: `gate refresh` shows how"
