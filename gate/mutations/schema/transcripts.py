"""The times of a transcript: https://platform.openai.com/docs/api-reference/audio/verbose-json-object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gate.endpoints import members, objects
from gate.model import Exchange, Json, Severity
from gate.mutations import Row
from gate.mutations.edit import in_plain
from gate.mutations.values import every, put

_AUDIO = ("audio.transcriptions", "audio.translations")
_LISTS = ("segments", "words")


def transcript_times_gone(exchange: Exchange) -> Exchange | None:
    """verbose_json without segments and words: subtitles are empty."""

    def change(doc: Json) -> bool:
        return bool(doc.get("text")) and every(_LISTS, lambda key: bool(members(doc, key)) and put(doc, key, []))

    return in_plain(exchange, change, *_AUDIO)


def transcript_in_milliseconds(exchange: Exchange) -> Exchange | None:
    """Times in milliseconds: subtitles come an hour late."""
    return _timed(exchange, lambda seconds: 1000 * seconds)


def transcript_somewhat_later(exchange: Exchange) -> Exchange | None:
    """Each time a tenth of a second later."""
    return _timed(exchange, lambda seconds: round(seconds + 0.1, 2))


def _timed(exchange: Exchange, time: Callable[[float], float]) -> Exchange | None:
    def change(entry: dict[str, Any]) -> bool:
        found = [key for key in ("start", "end") if type(entry.get(key)) in (int, float)]
        return every(found, lambda key: put(entry, key, time(entry[key])))

    def changed(doc: Json) -> bool:
        return every([entry for key in _LISTS for _, entry in objects(doc, key)], change)

    return in_plain(exchange, changed, *_AUDIO)


_VERBOSE = ("transcription-verbose",)

MUTATIONS = (
    Row(
        drifts=("S64",),
        severity=Severity.RISKY,
        summary="the times of a transcript are gone",
        caught_by=("transcript-times-broken",),
        apply=transcript_times_gone,
        twin=transcript_somewhat_later,
        exercised_by=_VERBOSE,
    ),
    Row(
        drifts=("S64",),
        severity=Severity.RISKY,
        summary="the times of a transcript are in milliseconds",
        caught_by=("transcript-times-broken",),
        apply=transcript_in_milliseconds,
        twin=transcript_somewhat_later,
        exercised_by=_VERBOSE,
    ),
)
