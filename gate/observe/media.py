"""Sound and images inside of JSON, in base64. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Event, Json, Observation
from gate.observe.answer import grammar
from gate.wire.paths import places
from gate.wire.shape import indexless


def packed(observation: Observation) -> Iterator[tuple[str, Json, Event | None]]:
    """(path without indexes, value, event) of each place where base64 should be; MISSING where nothing is."""
    endpoint, final = grammar(observation), observation.answer.final if observation.answer else None
    # the answer that is folded from a stream of images holds what its events bring
    told = endpoint.media_events if observation.form == "stream" else ()
    for path in (path for path in endpoint.media if not path.endswith(told)):
        yield from ((indexless(where), value, None) for where, value in places(final, path))
    for event in observation.events if endpoint.media_events else ():
        yield from ((key, member(event.doc, key), event) for key in endpoint.media_events)
