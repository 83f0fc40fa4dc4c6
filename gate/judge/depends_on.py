"""`depends_on`, the paths that a team's own code reads: checking them, judging them, and proposing some. Pure.

A field that the API's schema calls noise (it may be null or absent) still matters to a team whose code reads it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

from gate.endpoints import endpoint
from gate.endpoints.schemas import knowledge
from gate.errors import ConfigError
from gate.judge.compare import Cell
from gate.judge.fingerprint import fingerprint
from gate.model import Finding, Location, Observation, Severity
from gate.observe.answer import answered
from gate.wire.paths import below
from gate.wire.paths import name as last_key
from gate.wire.shape import indexless

DEPENDS_ON = "depends-on"
_NUMBERS = frozenset({"integer", "number"})  # 3 and 3.5 are both numbers


def check_depends_on(paths: Collection[str], goldens: Iterable[Observation]) -> None:
    """Raises ConfigError for a path that no golden has: it would never match anything."""
    if not paths:
        return
    shown = {path for observation in goldens for path in _shown(observation)}
    for path in paths:
        if _plain(path) not in shown:
            fitting = [known for known in shown if last_key(known) == last_key(path)] or sorted(shown)
            # 0.6 is difflib's own default. Paths with the same last key come first, because a wrong parent is the usual
            # slip.
            near = difflib.get_close_matches(_plain(path), fitting, 1, 0.6)
            fix = f"did you mean {near[0]}?" if near else "contract.yaml lists the paths of a scenario"
            raise ConfigError(f"no golden shows the path {path}", where="gate.yaml: depends_on", fix=fix)


def _plain(path: str) -> str:
    """The path without indexes; header names in lower case (RFC 9110, 5.1)."""
    return path.lower() if path.lower().startswith("headers.") else indexless(path)


def spelled(path: str) -> str:
    """The path as a plain answer has it: what a stream has under `delta`, a plain answer has under `message`."""
    return _plain(path).replace(".delta", ".message")


def _shown(observation: Observation) -> Iterator[str]:
    """The paths that `depends_on` may name: of the body or chunks, `headers.<name>`, `events`, `events.<kind>`."""
    yield from observation.shape
    yield from observation.final_shape
    yield from (f"headers.{name}" for name in observation.headers)
    if observation.form == "stream":
        yield "events"
        yield from (f"events.{kind}" for kind in observation.kinds)


# -- judging ------------------------------------------------------------------------------------


def dependency_findings(paths: Collection[str], cells: Iterable[Cell], known: Collection[Finding]) -> list[Finding]:
    """A finding for each path that every golden answer of a cell has, and that is absent, null or of another type in a
    candidate's; none where a finding of a rule (`known`) is about the same place."""
    return [
        finding
        for cell in cells
        for path in paths
        # One cause must not be listed twice: a rule's finding is raised to breaking by the policy instead.
        if not any(f.scenario == cell.scenario and f.step == cell.step and _near(f.path, path) for f in known)
        if (finding := _judged(path, cell))
    ]


def _near(drifted: str, path: str) -> bool:
    at, wanted = spelled(drifted), spelled(path)
    return at == wanted or below(wanted, at)


def _judged(path: str, cell: Cell) -> Finding | None:
    golden = [_at(observation, path) for observation in cell.golden if answered(observation)]
    # Only what every golden answer has can be lost; a path that is absent at times is noise of the route itself.
    if not golden or "missing" in {kind for types in golden for kind in types}:
        return None
    known = frozenset[str]().union(*golden)
    lost = {n: _at(observation, path) - known for n, observation in enumerate(cell.candidate) if answered(observation)}
    # null and absent count as lost as well: `_at` gives them as types of their own.
    hits = [n for n, kinds in lost.items() if kinds - (_NUMBERS if known & _NUMBERS else frozenset())]
    if not hits:
        return None
    first = cell.candidate[hits[0]]
    now = " or ".join(sorted(lost[hits[0]]))
    return Finding(
        rule=DEPENDS_ON,
        area="schema",
        severity=Severity.BREAKING,
        endpoint=cell.endpoint,
        scenario=cell.scenario,
        step=cell.step,
        path=path,
        message=f"{path}, which your code reads, is {now}",
        golden=" or ".join(sorted(known)),
        candidate=now,
        hits=len(hits),
        samples=len(cell.candidate),
        fingerprint=fingerprint(DEPENDS_ON, cell.endpoint, cell.scenario, cell.step, path),
        location=Location(first.location.file, first.location.line),
        hint="let the gateway send it as the golden route does, or change the code that reads it",
        who_breaks="your own code: depends_on in gate.yaml names the path",
        golden_location=cell.golden[0].location,
        request_id=first.request_id,
        remote_id=first.headers.get("x-request-id", ""),
    )


def _at(observation: Observation, path: str) -> frozenset[str]:
    """The JSON types at a path, `missing` where it is absent; `present` for a header or an event."""
    kind, _, rest = _plain(path).partition(".")
    if kind == "headers":
        return frozenset({"present" if rest in observation.headers else "missing"})
    if kind == "events":
        here = observation.form == "stream" and (not rest or rest in observation.kinds)
        return frozenset({"present" if here else "missing"})
    # Either will do: some code reads the chunks, some the answer that an SDK puts together.
    places = [shape[p] for shape in (observation.final_shape, observation.shape) for p in _both(path) if p in shape]
    if not places:
        return frozenset({"missing"})
    types = frozenset[str]().union(*(place.types for place in places))
    return types if any(place.always for place in places) else types | {"missing at times"}


def _both(path: str) -> tuple[str, str]:
    plain = spelled(path)
    return plain.replace(".message", ".delta"), plain


# -- inferring ----------------------------------------------------------------------------------


def inferred(goldens: Iterable[Observation]) -> list[str]:
    """Paths to propose for `depends_on`: every answer of an endpoint and form has them, and its schema lists them."""
    by_form: dict[tuple[str, str], set[str]] = {}
    for observation in goldens:
        if not answered(observation):
            continue
        always = {path for path, field in observation.final_shape.items() if field.always}
        key = (observation.endpoint, observation.form)
        by_form[key] = by_form[key] & always if key in by_form else always
    return sorted({path for (name, _), paths in by_form.items() for path in paths if _documented(name, path)})


def _documented(name: str, path: str) -> bool:
    schema = endpoint(name).schema
    known = knowledge(schema).get(path) if schema else None
    return known is not None and not known.noise
