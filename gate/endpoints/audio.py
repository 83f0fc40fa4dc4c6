"""Speech, transcription and translation: https://platform.openai.com/docs/api-reference/audio"""

from __future__ import annotations

from gate.endpoints import member
from gate.model import Answer, Endpoint, Json


def read(body: Json) -> Answer:
    """The body itself; that of speech is not JSON."""
    return Answer(body, usage=member(body, "usage"))


ENDPOINT = (
    Endpoint(name="audio.speech", path="audio/speech", schema=None, read=read, free=True),
    Endpoint(
        name="audio.transcriptions", path="audio/transcriptions", schema="audio.transcription", read=read, free=True
    ),
    Endpoint(name="audio.translations", path="audio/translations", schema="audio.transcription", read=read, free=True),
)
