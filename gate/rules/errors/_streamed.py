"""Errors inside of streams, whose status is 200: what they say, wherever in the stream's end it stands."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Event, Json, Observation, Pair
from gate.observe.answer import carries_error, errors_within
from gate.wire.shape import show


def streamed_errors(comparison: Comparison) -> Iterator[tuple[Pair, list[Observation]]]:
    """The candidate's streams with an error, where golden streams have one too."""
    golden = [sample for sample in comparison.golden if fails(sample)]
    for pair in comparison.pairs if golden else ():
        if fails(pair.candidate):
            yield pair, golden


def fails(observation: Observation) -> bool:
    """Whether it is a stream with an error in it."""
    return observation.ok and observation.form == "stream" and carries_error(observation)


def changed(comparison: Comparison, key: str) -> Iterator[Drift]:
    """A word of the errors, `code` or `type`, that all golden errors have and that is gone or another one. That the
    error says nothing at all is stream-error-reason-lost's."""
    for pair, golden in streamed_errors(comparison):
        usual, (value, event) = [said(sample, key)[0] for sample in golden], said(pair.candidate, key)
        if all(usual) and value not in usual and explains(pair.candidate):
            yield pair.drift(
                path=f"error.{key}",
                message=f"the {key} of the error in the stream "
                + ("differs from the golden's" if value else "is gone"),
                golden=" or ".join(sorted({show(word, 60) for word in usual})),
                candidate=show(value, 60),
                at=event,
            )


def said(observation: Observation, key: str) -> tuple[Json, Event | None]:
    """What the first event with a value says under a key of its error, and that event."""
    for event in observation.events:
        for error in errors_within(event.doc):
            value = error.get(key)
            # the `type` of an error that is the event itself is that of the event
            if value and not (key == "type" and error is event.doc):
                return value, event
    return None, None


def explains(observation: Observation) -> bool:
    """Whether any event says why: a code, a type or a message."""
    # the members of an error: https://platform.openai.com/docs/guides/error-codes
    return any(said(observation, key)[0] for key in ("code", "type", "message"))
