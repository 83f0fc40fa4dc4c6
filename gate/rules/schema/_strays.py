"""Events of a stream that are JSON, but no chunk of an answer: `{}` and the like, sent to keep the connection alive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gate.model import Event, Observation


def strays(like: Sequence[Observation], found: Observation) -> tuple[Event, ...]:
    """The events that share no key with the golden's chunks; none where a golden has such events as well."""
    if found.form != "stream" or not like or _always(found) & _always(like[0]):
        return ()
    usual = [_usual(g) for g in like]
    if any(_apart(g, keys) for g, keys in zip(like, usual, strict=True)):
        return ()
    apart = _apart(found, frozenset[str]().union(*usual))
    # where all of them are apart another dialect is spoken, which is no stray event
    return apart if len(apart) < sum(isinstance(e.doc, dict) for e in found.events) else ()


def _always(found: Observation) -> frozenset[str]:
    """The keys that every chunk has: one in common is the usual case, and cheap to see."""
    return frozenset(
        path for path, field in found.shape.items() if field.always and "." not in path and "[" not in path
    )


def _usual(golden: Observation) -> frozenset[str]:
    """The keys that most of its chunks have."""
    docs = [event.doc for event in golden.events if isinstance(event.doc, dict)]
    counts = Counter(key for doc in docs for key in doc)
    return frozenset(key for key, count in counts.items() if 2 * count > len(docs))


def _apart(found: Observation, keys: frozenset[str]) -> tuple[Event, ...]:
    return tuple(e for e in found.events if isinstance(e.doc, dict) and keys and keys.isdisjoint(e.doc))
