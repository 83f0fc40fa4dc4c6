"""event-type-missing: events under other names, or none at all."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import Row, stream

IMAGES, SPEECH, TRANSCRIPT = "/v1/images/generations", "/v1/audio/speech", "/v1/audio/transcriptions"
DELTA, DONE = "transcript.text.delta", "transcript.text.done"


def flow(*kinds: str, url: str = TRANSCRIPT, **members: Any) -> Exchange:
    """Events of these types."""
    return stream(*({"type": kind, **members} for kind in kinds), done=False, url=url)


HELLO = stream({"type": DELTA, "delta": "Hello"}, {"type": DONE, "text": "Hello"}, done=False, url=TRANSCRIPT)
CHUNKS = stream({"choices": [{"delta": {"content": "Hello"}}]}, url=TRANSCRIPT)

CASES = (
    Row(
        "vllm-project/vllm 49119: transcription.chunk of chat's form",
        HELLO,
        CHUNKS,
        ("breaking events",),
        ("breaking field-missing body", "breaking stream-unfinished events.transcript.text.done"),
    ),
    Row(
        "images under another name",
        flow("image_generation.partial_image", "image_generation.completed", url=IMAGES),
        flow("image.partial", "image.done", url=IMAGES),
        ("breaking events",),
        ("breaking stream-unfinished events.image_generation.completed",),
    ),
    Row(
        "no deltas, but the whole at the end",
        HELLO,
        stream({"type": DONE, "text": "Hello"}, done=False, url=TRANSCRIPT),
        ("risky events",),
    ),
    Row(
        "an endpoint that nobody knows",
        flow("start", "data", "stop", url="/v1/x"),
        flow("start", "data", url="/v1/x"),
        ("breaking events",),
    ),
    Row(
        "the end alone is stream-unfinished's",
        flow("speech.audio.delta", "speech.audio.done", url=SPEECH),
        flow("speech.audio.delta", url=SPEECH),
        (),
        ("breaking stream-unfinished events.speech.audio.done",),
    ),
    Row("a ping less", flow("start", "ping", "stop", url="/v1/x"), flow("start", "stop", url="/v1/x")),
    Row("other words", HELLO, HELLO),
    Row(
        "one golden sample has no deltas",
        [HELLO, stream({"type": DONE, "text": "Hi"}, done=False, url=TRANSCRIPT)],
        stream({"type": DONE, "text": "Hello"}, done=False, url=TRANSCRIPT),
    ),
)
