"""JSON that is no answer: a body, or single events of a stream, without any field of the golden's answers."""

from __future__ import annotations

from collections import Counter

from gate.model import Event, Observation, Pair


def foreign(pair: Pair) -> bool:
    """Whether the body shares no top-level key with the golden's: something else came in place of an answer."""
    golden, candidate = [_keys(sample) for sample in pair.golden], _keys(pair.candidate)
    # a stream without any chunk is reported as one that never finished
    empty_stream = not candidate and pair.candidate.form != "json"
    return not empty_stream and all(keys and keys.isdisjoint(candidate) for keys in golden)


def strays(pair: Pair) -> tuple[Event, ...]:
    """The events that share no key with the golden's chunks, such as `{}` sent to keep the connection alive.

    None where some golden sample has such events as well.
    """
    candidate = pair.candidate
    if candidate.form != "stream" or _in_all_chunks(candidate) & _in_all_chunks(pair.golden[0]):
        return ()
    usual = [_usual(golden) for golden in pair.golden]
    if any(_apart(golden, keys) for golden, keys in zip(pair.golden, usual, strict=True)):
        return ()
    apart = _apart(candidate, frozenset[str]().union(*usual))
    # where all of them are apart another dialect is spoken, which is no stray event
    return apart if len(apart) < sum(isinstance(event.doc, dict) for event in candidate.events) else ()


def _keys(observation: Observation) -> frozenset[str]:
    """The top-level keys of a body or of all chunks."""
    return frozenset(path for path in observation.shape if "." not in path and "[" not in path)


def _in_all_chunks(observation: Observation) -> frozenset[str]:
    """The keys that every chunk has: a common key is the usual case, and cheap to find."""
    return frozenset(key for key in _keys(observation) if observation.shape[key].always)


def _usual(golden: Observation) -> frozenset[str]:
    """The keys that most of its chunks have."""
    documents = [event.doc for event in golden.events if isinstance(event.doc, dict)]
    counts = Counter(key for document in documents for key in document)
    # most is more than half: Azure's first frame (ST01) or a usage chunk does not make its keys usual
    return frozenset(key for key, count in counts.items() if 2 * count > len(documents))


def _apart(observation: Observation, keys: frozenset[str]) -> tuple[Event, ...]:
    return tuple(e for e in observation.events if isinstance(e.doc, dict) and keys and keys.isdisjoint(e.doc))
