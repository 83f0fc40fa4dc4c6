"""Which fields of the candidate's bodies differ from the golden's: learned from samples, settled by the schema.

Presence is relative to the parent: a whole object that is gone is one difference, not one for each of its fields.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gate.endpoints.schemas import Known, knowledge
from gate.model import Comparison, Drift, Event, Field, Observation, Pair, Severity, Shape
from gate.observe.answer import grammar
from gate.rules.owners import Kind, owner
from gate.rules.schema._places import Place
from gate.rules.schema._strays import foreign, strays
from gate.wire.paths import by_type, cause, name, of_type, parent, untyped
from gate.wire.shape import shape

# Names in a message: those of one object fit on two lines of a terminal (width of evidence).
MAX_NAMES = 12
_NUMBERS = frozenset({"integer", "number"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One path of one candidate sample that differs. `types` are the new JSON types, for kind `type`."""

    kind: Kind
    path: str
    severity: Severity
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Learned:
    """What the golden samples together show at one path; `always`: every object that could hold it does."""

    types: frozenset[str]
    always: bool


@dataclass(frozen=True, slots=True)
class _Shapes:
    """What both sides of a pair show, and what the schema knows of their paths."""

    golden: Mapping[str, _Learned]
    candidate: Shape
    known: Mapping[str, Known]

    def difference(self, kind: Kind, path: str, types: frozenset[str] = frozenset()) -> Difference | None:
        """A difference with its weight; None where it is noise."""
        severity = _weight(kind, path, self.known)
        return Difference(kind, path, severity, types) if severity else None


def differing(comparison: Comparison, pair: Pair, kind: Kind) -> list[Difference]:
    """The fields of a pair that differ in one way, in the order of the golden's fields."""
    return [d for d in comparison.once(_differences).get(pair.sample, ()) if d.kind == kind]


def _differences(comparison: Comparison) -> Mapping[int, tuple[Difference, ...]]:
    """Position of a candidate sample → its differences of all kinds."""
    return {pair.sample: _of_pair(pair) for pair in comparison.answers if not foreign(pair)}


def _of_pair(pair: Pair) -> tuple[Difference, ...]:
    if all(golden.shape is pair.candidate.shape for golden in pair.golden):
        return ()  # shapes are kept by signature: the same one has the same fields, always there or not
    shapes = _shapes(pair)
    by_cause: dict[tuple[Kind, str], Difference] = {}
    for difference in (*_lost(shapes), *_added(shapes)):
        # for all kinds; rows with one kind are asked by the rule of that kind
        if not owner(difference.path):
            # the same object comes in several events of a response (added, done, completed): its first place counts
            by_cause.setdefault((difference.kind, cause(difference.path)), difference)
    return tuple(by_cause.values())


# -- what a pair shows --------------------------------------------------------------------------


def _shapes(pair: Pair) -> _Shapes:
    endpoint = grammar(pair.candidate)
    schema = endpoint.chunk_schema if pair.candidate.form == "stream" else endpoint.schema
    golden = _learn([_shape(sample) for sample in pair.golden])
    return _Shapes(golden, _shape(pair.candidate, strays(pair)), knowledge(schema) if schema else {})


def _shape(observation: Observation, apart: Sequence[Event] = ()) -> Shape:
    """The shape of a body or of all chunks; with types in its paths where the endpoint's objects go by type."""
    typed = grammar(observation).typed
    if not typed and not apart:
        return observation.shape
    if observation.form == "stream":
        gone = {event.frame.number for event in apart}
        chunks = (e.doc for e in observation.events if isinstance(e.doc, dict) and e.frame.number not in gone)
        return shape(map(by_type, chunks) if typed else chunks)
    body = observation.body if isinstance(observation.body, dict) else {}
    return shape(({key: by_type(child) for key, child in body.items()},))


def _learn(shapes: Sequence[Shape]) -> Mapping[str, _Learned]:
    """Each path that any golden sample shows."""
    if len(shapes) == 1:
        return {path: _Learned(field.types, field.always) for path, field in shapes[0].items()}
    return {path: _joined(path, shapes) for path in dict.fromkeys(itertools.chain(*shapes))}


def _joined(path: str, shapes: Sequence[Shape]) -> _Learned:
    types = frozenset[str]().union(*(sample[path].types for sample in shapes if path in sample))
    return _Learned(types, not any(_lacks(sample, path) for sample in shapes))


def _lacks(sample: Shape, path: str) -> bool:
    """Whether some object of the shape could hold the path and does not."""
    return not sample[path].always if path in sample else _holds_parent(sample, path)


def _holds_parent(paths: Mapping[str, Field | _Learned], path: str) -> bool:
    """Whether some object is there that could hold the path."""
    above = parent(path)
    return not above or (above in paths and "object" in paths[above].types)


# -- what differs -------------------------------------------------------------------------------


def _lost(shapes: _Shapes) -> Iterator[Difference]:
    """What the golden has and the candidate lacks, or has with a new JSON type."""
    for path, golden in shapes.golden.items():
        field = shapes.candidate.get(path)
        if golden.always and _lacks(shapes.candidate, path):
            difference = None if _chosen(path) else shapes.difference("missing", path)
        else:
            difference = _retyped(path, golden, field, shapes) if field else None
        if difference:
            yield difference


def _chosen(path: str) -> bool:
    """No fields: items of a list (an object may have come in its place), and those of a type, the model's choice."""
    return name(path).startswith(("[", "<"))


def _retyped(path: str, golden: _Learned, field: Field, shapes: _Shapes) -> Difference | None:
    # 3 and 3.5 are both numbers: where only integers are right the schema says so
    new = field.types - golden.types - (_NUMBERS if golden.types & _NUMBERS else frozenset())
    # number-not-json reports NaN
    if not new - {"nan"}:
        return None
    if "null" in new:
        return shapes.difference("null", path)
    # a golden that is always null shows no type
    return shapes.difference("type", path, new) if golden.types - {"null"} else None


def _added(shapes: _Shapes) -> Iterator[Difference]:
    for path, field in shapes.candidate.items():
        before = shapes.golden.get(path)
        if field.types == {"null"} or (before and before.types != {"null"}) or _chosen(path):
            continue
        # below a new object all is new
        difference = shapes.difference("added", path) if _holds_parent(shapes.golden, path) else None
        # a value in place of null is new only where the schema gives its appearance a weight (S29)
        if difference and not (before and difference.severity == Severity.INFO):
            yield difference


# -- how much it weighs -------------------------------------------------------------------------

# What no schema knows is a vendor's own: few clients read it (S27, S34), but one that does is typed (S19: a number for
# a text made an orchestrator answer 500).
_UNKNOWN: Mapping[Kind, Severity] = {
    "missing": Severity.INFO,
    "null": Severity.INFO,
    "type": Severity.RISKY,
    "added": Severity.INFO,
}


def _weight(kind: Kind, path: str, known: Mapping[str, Known]) -> Severity | None:
    """How much a difference at a path weighs; None for noise that the API itself shows between two answers."""
    plain = untyped(path)
    # which keys an object must have depends on its type, whether they are gone or null
    of_all, lost = known.get(plain), kind in ("missing", "null")
    fact = known.get(of_type(path), of_all) if lost else of_all
    if fact is None:
        # `metadata`, `text` and `tools` of a response repeat the request: their fields are not the route's
        return None if _in_noise(plain, known) else _UNKNOWN[kind]
    default = None if fact.noise else Severity.BREAKING if fact.required else Severity.INFO
    missing = fact.severity("x-missing", default)
    match kind:
        case "missing":
            return missing
        case "null":
            # null is no worse than nothing; but in a list it takes the place of an item
            # loops over a list read keys of each item: None has none
            worst = Severity.BREAKING if plain.endswith("[]") else missing
            return fact.severity("x-null", None if fact.noise or "null" in fact.types else worst)
        case "added":
            return fact.severity("x-added", None)
        case _:  # types of known fields are checked against the schema, whatever the golden showed
            return None


def _in_noise(path: str, known: Mapping[str, Known]) -> bool:
    """Below a field that repeats the request or is metadata as a whole."""
    while path:
        path = parent(path)
        if path in known:
            return known[path].noise and not known[path].types
    return False


# -- differences in words -----------------------------------------------------------------------


def differs(pair: Pair, difference: Difference, place: Place, *, message: str, golden: str, candidate: str) -> Drift:
    """The drift of one difference, at its place and with its weight; the message goes on after the field's name."""
    return pair.drift(
        path=place.path,
        message=f"{name(difference.path)} {message}",
        golden=golden,
        candidate=candidate,
        severity=difference.severity,
        at=place.event,
    )


def grouped(differences: Iterable[Difference]) -> Mapping[str, list[Difference]]:
    """Parent as schemas write it → the differences below it: one finding for what one parent lost or gained."""
    by_parent: dict[str, list[Difference]] = {}
    for difference in differences:
        by_parent.setdefault(parent(untyped(difference.path)), []).append(difference)
    return by_parent


def listed(differences: Iterable[Difference]) -> str:
    """The last keys of some differences, sorted; at most MAX_NAMES, because the remote decides how many there are."""
    names = sorted({name(difference.path) for difference in differences})
    return ", ".join(names[:MAX_NAMES]) + (f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else "")
