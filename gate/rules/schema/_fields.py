"""Which fields of the candidate's bodies differ from the golden's: learned from samples, settled by the schema.

Presence is relative to the parent: a whole object that is gone is one difference, not one for each of its fields.
Plain bodies are compared with plain bodies and chunks with chunks; that a form changed is told by other rules.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gate.endpoints.schemas import Known, knowledge
from gate.model import MISSING, Event, Field, Json, Observation, Samples, Severity, Shape, Violation
from gate.observe.answer import comparable, grammar, is_tool_path
from gate.rules.schema._strays import strays
from gate.wire.paths import by_type, cause, name, of_type, parent, places, untyped
from gate.wire.shape import indexless, shape, show, type_of

MAX_NAMES = 12
Kind = Literal["missing", "null", "type", "added"]


@dataclass(frozen=True, slots=True)
class Learned:
    """What the golden samples together show at one path."""

    types: frozenset[str]
    always: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One path of one candidate sample that differs. `types` are the new ones, for kind `type`."""

    kind: Kind
    path: str
    sample: int
    severity: Severity
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in an answer: its concrete path, its value and the event that brought it."""

    path: str
    value: Json
    event: Event | None

    @property
    def frame(self) -> int | None:
        return self.event.frame.number if self.event else None

    @property
    def byte(self) -> int | None:
        return self.event.frame.start if self.event else None


def owned_elsewhere(path: str) -> bool:
    """Paths that rules of other areas judge, so that one cause has one headline."""
    path = indexless(path)
    # calls by tools, their end by stream, vectors by embeddings, events' numbers by responses
    return is_tool_path(path) or path.endswith(_ELSEWHERE) or "logprobs." in path or "logprobs[" in path


_ELSEWHERE = (".finish_reason", "data[].embedding", "data[].embedding[]", "data[].index", "sequence_number")


@functools.lru_cache(1)  # the rules of one cell run one after the other
def differences(golden: Samples, candidate: Samples) -> tuple[Difference, ...]:
    """All differing fields of all candidate samples, in the order of the golden's fields.

    The same object comes in several events of a response (added, done, completed): its first place speaks for all.
    """
    found: dict[tuple[int, Kind, str], Difference] = {}
    for sample, observation in enumerate(candidate):
        for difference in _of_sample(golden, sample, observation):
            found.setdefault((sample, difference.kind, cause(difference.path)), difference)
    return tuple(found.values())


def _of_sample(golden: Samples, sample: int, found: Observation) -> Iterator[Difference]:
    like = comparable(golden, found)
    if not like or foreign(golden, found):
        return
    known = knowledge(_schema(found) or "") if _schema(found) else {}
    shapes, mine = [compared_shape(g) for g in like], compared_shape(found, strays(like, found))
    learned = learn(shapes)
    for path, gold in learned.items():
        difference = _at(path, gold, mine, known, sample)
        if difference and not owned_elsewhere(path):
            yield difference
    yield from _added(learned, mine, known, sample)


def foreign(golden: Samples, found: Observation) -> bool:
    """Whether the body shares no field with the golden's: something else came in place of an answer."""
    like, mine = [_roots(g) for g in comparable(golden, found)], _roots(found)
    # a stream without any chunk is told as one that never finished
    return bool(like) and bool(mine or found.form == "json") and all(roots and roots.isdisjoint(mine) for roots in like)


def _roots(found: Observation) -> set[str]:
    return {path for path in found.shape if "." not in path and "[" not in path}


def _schema(found: Observation) -> str | None:
    endpoint = grammar(found)
    return endpoint.chunk_schema if found.form == "stream" else endpoint.schema


def compared_shape(found: Observation, apart: Sequence[Event] = ()) -> Shape:
    """The shape of a body or of all chunks; with types in its paths where the endpoint's objects go by type."""
    typed = grammar(found).typed
    if not typed and not apart:
        return found.shape
    if found.form == "stream":
        gone = {event.frame.number for event in apart}
        docs = (e.doc for e in found.events if isinstance(e.doc, dict) and e.frame.number not in gone)
        return shape(map(by_type, docs) if typed else docs)
    body = found.body if isinstance(found.body, dict) else {}
    return shape(({key: by_type(child) for key, child in body.items()},))


def learn(shapes: Sequence[Shape]) -> Mapping[str, Learned]:
    """Each path that any golden sample shows; `always` where every object that could hold it does, in all samples."""
    if len(shapes) == 1:
        return {path: Learned(field.types, field.always) for path, field in shapes[0].items()}
    paths = dict.fromkeys(path for one in shapes for path in one)
    return {path: _joined(path, shapes) for path in paths}


def _joined(path: str, shapes: Sequence[Shape]) -> Learned:
    types = frozenset[str]().union(*(one[path].types for one in shapes if path in one))
    return Learned(types, all(one[path].always if path in one else not could_hold(one, path) for one in shapes))


def could_hold(one: Shape, path: str) -> bool:
    """Whether some object of the shape could have this path."""
    above = parent(path)
    return not above or (above in one and "object" in one[above].types)


def grouped(found: Iterable[Difference]) -> Iterator[tuple[str, list[Difference]]]:
    """(parent as schemas write it, differences below it): one finding for what one parent lost or gained."""
    by_parent: dict[str, list[Difference]] = {}
    for difference in found:
        by_parent.setdefault(parent(untyped(difference.path)), []).append(difference)
    yield from by_parent.items()


def listed(found: Iterable[Difference]) -> str:
    """The last keys of some differences, sorted; the remote decides how many there are."""
    names = sorted({name(d.path) for d in found})
    return ", ".join(names[:MAX_NAMES]) + (f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else "")


def _at(path: str, gold: Learned, mine: Shape, known: Mapping[str, Known], sample: int) -> Difference | None:
    field = mine.get(path)
    if gold.always and (could_hold(mine, path) if field is None else not field.always):
        if _chosen(path):
            return None
        severity = weight("missing", path, known)
        return Difference("missing", path, sample, severity) if severity else None
    if field is None:
        return None
    return _changed(path, gold, field, known, sample)


def _chosen(path: str) -> bool:
    """An empty list, or no item of some type, is the model's choice and no missing field."""
    return name(path).startswith(("[", "<"))


def _changed(path: str, gold: Learned, field: Field, known: Mapping[str, Known], sample: int) -> Difference | None:
    new = field.types - gold.types
    # 3 and 3.5 are both numbers: where only integers are right the schema says so
    new -= {"integer", "number"} if gold.types & {"integer", "number"} else set()
    if not new - {"nan"}:
        return None
    kind: Kind = "null" if "null" in new else "type"
    # null before says nothing of the type to come
    if kind == "type" and not gold.types - {"null"}:
        return None
    severity = weight(kind, path, known)
    return Difference(kind, path, sample, severity, new) if severity else None


def _added(
    learned: Mapping[str, Learned], mine: Shape, known: Mapping[str, Known], sample: int
) -> Iterator[Difference]:
    for path, field in mine.items():
        if _chosen(path) or field.types == {"null"}:
            continue
        severity = weight("added", path, known)
        before = learned.get(path)
        # null before is no value: an object there is new if the schema says what its coming means (S29)
        if before and not (before.types == {"null"} and severity and severity > Severity.INFO):
            continue
        above = learned.get(parent(path))
        if parent(path) and (above is None or "object" not in above.types):
            continue
        if severity and not owned_elsewhere(path):
            yield Difference("added", path, sample, severity)


def weight(kind: Kind, path: str, known: Mapping[str, Known]) -> Severity | None:
    """How much a difference at a path weighs; None for noise that the API itself shows between two answers."""
    plain = untyped(path)
    fact = known.get(plain)
    if kind == "missing":  # which keys an object must have depends on its type
        fact = known.get(of_type(path), fact)
    if fact is None:
        return None if _echoed(plain, known) else _UNKNOWN[kind]
    missing = fact.severity("x-missing", None if fact.noise else Severity.BREAKING if fact.required else Severity.INFO)
    if kind == "missing":
        return missing
    if kind == "null":
        # null is no worse than nothing; but in a list it stands where an item should
        worst = Severity.BREAKING if plain.endswith("[]") else missing
        return fact.severity("x-null", None if fact.noise or "null" in fact.types else worst)
    # types of known fields are checked against the schema, whatever the golden showed
    return fact.severity("x-added", None) if kind == "added" else None


_UNKNOWN = {"missing": Severity.INFO, "null": Severity.INFO, "type": Severity.RISKY, "added": Severity.INFO}


def _echoed(path: str, known: Mapping[str, Known]) -> bool:
    """Below a field that repeats the request or is metadata as a whole."""
    while path:
        path = parent(path)
        if path in known:
            return known[path].noise and not known[path].types
    return False


# -- what the schema forbids --------------------------------------------------------------------


def violations(golden: Samples, found: Observation, keywords: frozenset[str]) -> Iterator[Violation]:
    """The candidate's violations by these keywords that no golden sample of the same form shows."""
    mine = [v for v in found.violations if v.keyword in keywords and not owned_elsewhere(v.path)]
    if not mine:
        return
    like = comparable(golden, found)
    excused = {_mark(g, v) for g in like for v in g.violations}
    apart = {event.frame.number for event in strays(like, found)}
    for v in mine:
        path, keyword, value, bare = _mark(found, v)
        known = {(path, keyword, value, False), (path, keyword, value, bare)} & excused
        if like and not known and v.frame not in apart:
            yield v


def _mark(found: Observation, v: Violation) -> tuple[str, str, str, bool]:
    """What one violation excuses: the same word at the same path. Azure's first frame, which has no choice and no
    names, excuses nothing of the frames that answer."""
    event = event_of(found, v.frame)
    value = show(v.value, 40) if v.keyword in ("enum", "const") else type_of(v.value)
    return indexless(v.path), v.keyword, value, event is not None and ("choiceless", None) in event.kinds


def event_of(found: Observation, frame: int | None) -> Event | None:
    """The event of a frame number."""
    return next((e for e in found.events if e.frame.number == frame), None) if frame is not None else None


def shows(samples: Iterable[Observation], path: str) -> bool:
    """Whether any of the samples has the path, null or not."""
    return any(path in sample.shape for sample in samples)


# -- places -------------------------------------------------------------------------------------


def first(found: Observation, path: str, types: frozenset[str] = frozenset({"missing"})) -> Place:
    """The first place of a path whose value has one of the types; by default the first where it is missing."""
    for event, doc in _documents(found):
        for where, value in places(doc, path):
            if type_of(value) in types:
                return Place(where, value, event)
    return Place(untyped(path).replace("[]", "[0]"), MISSING, None)


def _documents(found: Observation) -> Iterator[tuple[Event | None, Json]]:
    if found.form == "stream":
        yield from ((event, event.doc) for event in found.events if event.doc is not MISSING)
    else:
        yield None, found.body


def says(found: Observation, path: str) -> bool:
    """Whether any value at the path is a text that is not empty."""
    texts = (value for _, doc in _documents(found) for _, value in places(doc, path))
    return any(isinstance(value, str) and value for value in texts)


def sight(golden: Samples, found: Observation, path: str) -> Json:
    """A value that the golden shows at a path, as evidence; MISSING where it shows none."""
    seen = (first(g, path, ANY) for g in comparable(golden, found))
    return next((place.value for place in seen if place.event or place.value is not MISSING), MISSING)


ANY = frozenset({"null", "boolean", "integer", "number", "nan", "string", "object", "array"})
