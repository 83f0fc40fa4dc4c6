"""`depends_on`: the paths that a team's own code reads, checked against the goldens and inferred from them. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

from gate.bodyschema import knowledge
from gate.endpoints import endpoint
from gate.errors import ConfigError
from gate.model import Observation
from gate.questions import answered
from gate.wire.shape import indexless


def check_depends_on(paths: Collection[str], goldens: Iterable[Observation]) -> None:
    """ConfigError for a path that no golden shows: it would never protect anything."""
    if not paths:
        return
    shown = {path for found in goldens for path in _shown(found)}
    for path in paths:
        if indexless(path) not in shown:
            near = difflib.get_close_matches(indexless(path), shown, 1, 0.5)
            fix = f"did you mean {near[0]}?" if near else "contract.yaml lists the paths of a scenario"
            raise ConfigError(f"no golden shows the path {path}", where="gate.yaml: depends_on", fix=fix)


def _shown(found: Observation) -> Iterator[str]:
    """Body and delta paths, `headers.<name>`, and `events` (the order of a stream)."""
    yield from found.shape
    yield from found.final_shape
    yield from (f"headers.{name}" for name in found.headers)
    if found.form == "stream":
        yield "events"
        yield from (f"events.{kind}" for kind in found.kinds)


def inferred(goldens: Iterable[Observation]) -> list[str]:
    """Paths that every good answer of an endpoint has, and that its API documents: candidates for `depends_on`."""
    by_form: dict[tuple[str, str], set[str]] = {}
    for found in goldens:
        if not answered(found):
            continue
        always = {path for path, field in found.final_shape.items() if field.always}
        key = (found.endpoint, found.form)
        by_form[key] = by_form[key] & always if key in by_form else always
    return sorted({path for (name, _), paths in by_form.items() for path in paths if _documented(name, path)})


def _documented(name: str, path: str) -> bool:
    schema = endpoint(name).schema
    known = knowledge(schema).get(path) if schema else None
    return known is not None and not known.noise
