"""base64-broken: images and sound that no decoder reads."""

from __future__ import annotations

import base64
from typing import Any

from gate.model import Exchange
from tests.rules._responses import events, message, renumbered, response, told, whole
from tests.rules_table import ASK, Row, completion, plain, stream

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(16)).decode()
WAV = base64.b64encode(b"RIFF\x00\x00\x00\x00WAVE" + bytes(12)).decode()
URL = "/v1/images/generations"
KEY = ("breaking data[0].b64_json",)


def image(value: Any) -> Exchange:
    return plain({"created": 1, "data": [{"b64_json": value}]}, {"model": "m", "prompt": "x"}, url=URL)


def flowing(**completed: Any) -> Exchange:
    partial = {"type": "image_generation.partial_image", "b64_json": PNG}
    return stream(partial, {"type": "image_generation.completed", **completed}, done=False, url=URL)


def speaking(*audio: str) -> Exchange:
    parts = ({"type": "speech.audio.delta", "audio": piece} for piece in audio)
    return stream(*parts, {"type": "speech.audio.done"}, done=False, url="/v1/audio/speech")


def spoken(data: Any) -> Exchange:
    return plain(
        completion({"content": None, "audio": {"id": "a", "data": data, "transcript": "Hi", "expires_at": 1}}), ASK
    )


def drawn(result: Any) -> Exchange:
    return whole(
        response({"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": result}, message())
    )


def sketched(value: Any) -> Exchange:
    """An image of the Responses API, with what comes of it on the way."""
    item = {"type": "image_generation_call", "id": "ig_1", "status": "completed", "result": PNG}
    place = {"item_id": "ig_1", "output_index": 0, "partial_image_index": 0}
    sketch = {"type": "response.image_generation_call.partial_image", **place}
    first, *_, last = events(output=[item])
    added = {"type": "response.output_item.added", "output_index": 0, "item": {**item, "result": None}}
    done = {"type": "response.output_item.done", "output_index": 0, "item": item}
    shown = sketch if value is ... else {**sketch, "partial_image_b64": value}
    return told(renumbered([first, added, shown, done, last]))


CASES = (
    Row("a data URL, as many image servers keep them", image(PNG), image(f"data:image/png;base64,{PNG}"), KEY),
    Row("an address in its place", image(PNG), image("https://cdn.test/a.png"), KEY),
    Row("nothing", image(PNG), image(""), KEY),
    Row("no base64", image(PNG), image("not base64!"), KEY),
    Row("a list of bytes", image(PNG), image([137, 80]), KEY, ("breaking field-type-changed data[0].b64_json",)),
    Row(
        "stdapi.ai 84: the last event of a stream without its image",
        flowing(b64_json=PNG),
        flowing(),
        ("breaking b64_json",),
    ),
    Row("sound in a chat", spoken(WAV), spoken("x"), ("breaking choices[0].message.audio.data",)),
    Row("the second piece of speech", speaking(PNG, "AAAA"), speaking(PNG, "???"), ("breaking audio",)),
    Row("an image of a built-in tool", drawn(PNG), drawn("oops!"), ("breaking output[0].result",)),
    Row("another image", image(PNG), image(PNG[:28] + "AAAA" + PNG[28:])),
    Row("the golden has data URLs too", image(f"data:image/png;base64,{PNG}"), image(f"data:image/png;base64,{PNG}")),
    Row(
        "no partial image this time",
        flowing(b64_json=PNG),
        stream({"type": "image_generation.completed", "b64_json": PNG}, done=False, url=URL),
        (),
        ("risky event-type-missing events",),
    ),
    Row(
        "an address, as field-missing says",
        image(PNG),
        plain({"created": 1, "data": [{"url": "https://cdn.test/a.png"}]}, {"model": "m", "prompt": "x"}, url=URL),
        (),
        ("breaking field-missing data[0].b64_json",),
    ),
    Row("an address without TLS", image(PNG), image("http://cdn.test/a.png"), KEY),
    Row(
        "a data URL on the way to an image of a response",
        sketched(PNG),
        sketched(f"data:image/png;base64,{PNG}"),
        ("breaking partial_image_b64",),
    ),
    Row("the event is empty", sketched(PNG), sketched(...), ("breaking partial_image_b64",)),
    Row("another sketch", sketched(PNG), sketched(PNG[:20])),
)
