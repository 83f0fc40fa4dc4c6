"""The frames of a stream → its events, and which of their chunks are alike but for what the model wrote."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from gate.model import MISSING, Endpoint, Event, Frame, Json, Kinds
from gate.wire.parsed import parsed, scan
from gate.wire.shape import signature


@dataclass(slots=True)
class Likes:
    """Chunks with one signature: the first of them, its frame, and how many they are."""

    frame: int
    doc: dict[str, Json]
    times: int = 0


# What differs between the chunks of one answer: texts, padding against eavesdroppers, a running number
# (https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options). Chunks that are the same but
# for it have one signature and do the same: none of these keys has a closed vocabulary, and texts are not empty. A
# text with an escape or a control character is passed over, so that what fits is JSON wherever its like was.
# Every alternative begins behind the same quote, which the search then finds at the speed of C.
_WRITTEN = re.compile(
    r'"(?:((?:content|arguments|delta|text|obfuscation|reasoning|reasoning_content|refusal)": ?)"[^"\\\x00-\x1f]+"'
    r'|(sequence_number": ?)[1-9][0-9]{0,15}(?![0-9.eE]))'
)
# Different shapes of chunks that are told apart by their text, and that are validated: a bound on memory and time. 850
# recorded streams have 16 at most (responses); a hostile one may have as many as chunks.
MAX_SIGNATURES = 64


def read_events(
    frames: Sequence[Frame], times: Sequence[float | None], endpoint: Endpoint
) -> tuple[tuple[Event, ...], Mapping[Hashable, Likes]]:
    """Each frame as an event, and their chunks by signature. `times` are ms, one for each frame."""
    events: list[Event] = []
    found: dict[Hashable, Likes] = {}
    known: dict[Hashable, tuple[Kinds, Likes]] = {}  # by the text without what was written
    for frame, at in zip(frames, times, strict=True):
        data = frame.data or ""
        # the scanner reads what begins with the brace, and nothing before it
        form = (frame.event, *_WRITTEN.split(data)) if data[:1] == "{" else None
        if form in known:
            kinds, likes = known[form]
            likes.times += 1
            events.append(Event(frame, scan(data, 0)[0], kinds, at))
            continue
        event = _event(frame, endpoint, at)
        events.append(event)
        if isinstance(event.doc, dict):
            likes = found.setdefault(signature(event.doc), Likes(frame.number, event.doc))
            likes.times += 1
            if form and len(known) < MAX_SIGNATURES:
                known[form] = event.kinds, likes
    return tuple(events), found


def _event(frame: Frame, endpoint: Endpoint, at: float | None) -> Event:
    if frame.data is None:
        kind = "unknown" if frame.unknown else "comment" if frame.comments else "dataless"
        known = frame.unknown or frame.comments or frame.event or frame.id or frame.retry
        return Event(frame, MISSING, ((kind, None),) if known else (), at)
    # openai-python compares with startswith("[DONE]"): blanks after it are still the sentinel
    if endpoint.sentinel and frame.data.strip() == endpoint.sentinel:
        return Event(frame, MISSING, (("done", None),), at)
    doc = parsed(frame.data)
    if doc is MISSING or endpoint.classify is None:
        # an endpoint without a grammar: the name of an SSE event is all that marks an error there (ER23)
        failed = isinstance(doc, dict) and (doc.get("error") or frame.event == "error")
        kind = "invalid" if doc is MISSING else "error" if failed else "data"
        return Event(frame, doc, (("done" if frame.data.strip() == "[DONE]" else kind, None),), at)
    return Event(frame, doc, endpoint.classify(doc, frame.event), at)
