"""transcript-times-broken: segments and words."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules_table import Row, completion, plain

ASK = {"model": "m", "response_format": "verbose_json"}


def segment(start: Any, end: Any, text: str = " Hi.") -> dict[str, Any]:
    return {"id": 0, "start": start, "end": end, "text": text}


def heard(*segments: Any, **more: Any) -> Exchange:
    body = {"task": "transcribe", "language": "english", "duration": 3.2, "text": "Hi. Ho.", **more}
    return plain({**body, "segments": list(segments)}, ASK, url="/v1/audio/transcriptions")


def spoken(*words: Any) -> Exchange:
    return heard(segment(0.0, 1.5), words=[{"word": "Hi", "start": start, "end": end} for start, end in words])


GOLDEN = heard(segment(0.0, 1.5), segment(1.5, 3.2))
WORDS = spoken((0.0, 0.4), (0.4, 1.5))

CASES = (
    Row("S64: no segments", GOLDEN, heard(), ("risky segments",)),
    Row("nothing was heard: answer-empty's", GOLDEN, heard(text=""), (), ("breaking answer-empty text",)),
    Row("S64: no words", WORDS, spoken(), ("risky words",)),
    Row("S64: milliseconds", GOLDEN, heard(segment(0, 1500), segment(1500, 3200)), ("risky segments",)),
    Row("S64: an end before its start", GOLDEN, heard(segment(1.5, 0.0), segment(1.5, 3.2)), ("risky segments",)),
    Row("S64: 0 for all times", GOLDEN, heard(segment(0.0, 0.0), segment(0, 0)), ("risky segments",)),
    Row("S64: a time below 0", GOLDEN, heard(segment(-1.0, 1.5), segment(1.5, 3.2)), ("risky segments",)),
    Row("S64: words that go back", WORDS, spoken((0.4, 1.5), (0.0, 0.4)), ("risky words",)),
    Row("S64, benign twin: other times, one segment", GOLDEN, heard(segment(0.0, 3.1))),
    Row("a moment may have no length", GOLDEN, heard(segment(1.0, 1.0))),
    Row("just as long as the same sound may be", GOLDEN, heard(segment(0.0, 64.0))),
    Row("a bit longer", GOLDEN, heard(segment(0.0, 64.1)), ("risky segments",)),
    Row(
        "the golden goes back as well",
        heard(segment(2.0, 3.0), segment(0.0, 1.0)),
        heard(segment(2.0, 3.0), segment(0.0, 1.0)),
    ),
    Row("a golden sample has none", [GOLDEN, heard()], heard()),
    Row("true is no time", GOLDEN, heard(segment(True, 1.5)), also=("risky field-type-changed segments[0].start",)),
    Row("no transcript at all", plain(completion()), plain(completion())),
)
