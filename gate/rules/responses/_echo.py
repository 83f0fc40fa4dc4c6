"""Parameters of a request that a response repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gate.endpoints import member
from gate.model import MISSING, Comparison, Drift, Json, Observation
from gate.observe.answer import grammar
from gate.observe.request import asked
from gate.wire.shape import show


def ignored(comparison: Comparison, keys: Sequence[str]) -> Iterator[Drift]:
    """A drift for each key whose value every golden response repeats from the request, and the candidate's does not."""
    for pair in comparison.answers if grammar(comparison.golden[0]).answer_at else ():
        for key in keys:
            value = asked(pair.candidate, key)
            # what is null or empty asks for nothing; store is true by default, so that false is what is asked for
            kept = value in (None, "", {}, []) or not all(_repeats(golden, key) for golden in pair.golden)
            if not kept and not _repeats(pair.candidate, key):
                yield pair.drift(
                    path=key,
                    message=f"the request sets {key}, and the response does not repeat it",
                    golden=show(value, 80),
                    candidate=show(_said(pair.candidate, key), 80),
                )


def _said(observation: Observation, key: str) -> Json:
    return member(observation.answer.final, key) if observation.answer else MISSING


def _repeats(observation: Observation, key: str) -> bool:
    said, value = _said(observation, key), asked(observation, key)
    # a conversation is named by its id, and comes back as an object with it
    return _holds(said, value) or (said is not None and member(said, "id") == value)


def _holds(said: Json, value: Json) -> bool:
    """Whether what is said has all of a value; an object comes back with its defaults (`text.verbosity`)."""
    if isinstance(said, dict) and isinstance(value, dict):
        return all(key in said and _holds(said[key], inner) for key, inner in value.items())
    return bool(said == value)
