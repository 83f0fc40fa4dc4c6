"""The times of a transcript are gone, or can't be (S64)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gate.endpoints import member, members, objects
from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import is_number
from gate.observe.scopes import is_audio
from gate.wire.shape import show

# https://platform.openai.com/docs/api-reference/audio/verbose-json-object
_LISTS = ("segments", "words")
# As often as the golden's end. Chosen: the same sound has one length, and milliseconds are a thousand times as many.
_LONGER = 20


def check(comparison: Comparison) -> Iterator[Drift]:
    """An empty list, an end before its start, starts that go back, or times in another unit, where no golden has it."""
    for pair in comparison.answers:
        for key in _LISTS:
            usual = max((_end(golden, key) for golden in pair.golden), default=0)
            fault = _fault(pair.candidate, key, usual)
            if fault and all(_times(golden, key) and not _fault(golden, key, usual) for golden in pair.golden):
                yield pair.drift(
                    path=key,
                    message=f"{key} {fault}",
                    golden=show(members(_final(pair.golden[0]), key)[0], 80),
                    candidate=show(member(_final(pair.candidate), key), 80),
                )


def _fault(observation: Observation, key: str, usual: float) -> str:
    times = _times(observation, key)
    # nothing was heard at all: answer-empty's
    if member(_final(observation), key) == [] and member(_final(observation), "text") != "":
        return "is empty: there are no times at all"
    if any(start < 0 or end < start for start, end in times):
        return "has an end before its start"
    if any(later[0] < earlier[0] for earlier, later in pairwise(times)):
        return "is not in the order of time"
    if usual and times and _end(observation, key) == 0:
        return "has 0 for all times"
    return "has times in another unit" if usual and _end(observation, key) > _LONGER * usual else ""


def _end(observation: Observation, key: str) -> float:
    return max((end for _, end in _times(observation, key)), default=0)


def _times(observation: Observation, key: str) -> Sequence[tuple[float, float]]:
    """(start, end) of each entry that has both."""
    found = [(member(entry, "start"), member(entry, "end")) for _, entry in objects(_final(observation), key)]
    return [(start, end) for start, end in found if is_number(start) and is_number(end)]


def _final(observation: Observation) -> Json:
    return observation.answer.final if observation.answer and observation.endpoint.startswith("audio.") else None


RULE = Rule(
    id="transcript-times-broken",
    area="schema",
    # S64: the words are right, what is cut or shown by their times is not
    severity=Severity.RISKY,
    summary="the times of a transcript are gone or impossible",
    who_breaks="subtitles, players that jump to a word, and tools that cut sound by segments",
    hint="pass timestamp_granularities on, and times in seconds back",
    check=check,
    where=is_audio,
)
