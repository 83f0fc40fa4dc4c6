"""Speech, transcription and translation: https://platform.openai.com/docs/api-reference/audio

Their streams: https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event and its neighbours
"""

from __future__ import annotations

from gate.endpoints import member
from gate.endpoints._typed import classify, fold_speech, fold_text, grammar
from gate.model import Answer, Endpoint, Json


def read(body: Json) -> Answer:
    """The body itself; that of speech is not JSON."""
    return Answer(body, usage=member(body, "usage"))


_SOUND, _SOUND_DONE = "speech.audio.delta", "speech.audio.done"
_TEXT, _SEGMENT, _TEXT_DONE = "transcript.text.delta", "transcript.text.segment", "transcript.text.done"


def _of_text(name: str) -> Endpoint:
    """Transcription and translation differ by their path alone."""
    return Endpoint(
        name=name,
        path=name.replace(".", "/"),
        schema="audio.transcription",
        chunk_schema="typed.event",
        read=read,
        classify=classify,
        fold=fold_text,
        whole=grammar(_TEXT_DONE, _TEXT, _SEGMENT),
        content=frozenset({_TEXT, _SEGMENT}),
        ends=frozenset({_TEXT_DONE}),
        texts={"text": "transcript", "segments[].text": "transcript", "words[].word": "transcript"},
        free=True,
    )


ENDPOINT = (
    Endpoint(
        name="audio.speech",
        path="audio/speech",
        schema=None,
        chunk_schema="typed.event",
        read=read,
        classify=classify,
        fold=fold_speech,
        whole=grammar(_SOUND_DONE, _SOUND),
        content=frozenset({_SOUND}),
        ends=frozenset({_SOUND_DONE}),
        media_events=("audio",),
        free=True,
    ),
    _of_text("audio.transcriptions"),
    _of_text("audio.translations"),
)
