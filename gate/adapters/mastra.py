"""What Mastra's recorder keeps of calls through MSW: JSON bodies parsed, streams as the texts that arrived.

Its `chunkTimings` begin when the answer's head had come, so that no time since the request is known.
Read: https://github.com/mastra-ai/mastra/blob/main/packages/_llm-recorder/src/llm-recorder.ts,
https://github.com/mastra-ai/mastra/blob/main/packages/_llm-recorder/__recordings__/with-recording-test.json
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.endpoints import member
from gate.model import Absent, Exchange, Json, Request


def _list(document: Json) -> Json:
    return document if isinstance(document, list) else member(document, "recordings")


def _recognise(source: Source) -> bool:
    recordings = _list(source.document)
    first = recordings[0] if isinstance(recordings, list) and recordings else None
    asked, answered = member(first, "request"), member(first, "response")
    return isinstance(asked, dict) and isinstance(answered, dict) and "isStreaming" in answered


def _read(source: Source) -> Iterator[Exchange]:
    root = source.root
    yield from map(_exchange, root.items() if isinstance(root.value, list) else root.items("recordings"))


def _exchange(entry: Item) -> Exchange:
    asked, answered = entry.mapping("request"), entry.mapping("response")
    streamed = "chunks" in answered
    absent: tuple[Absent, ...] = () if streamed else ("bytes",)
    return made.exchange(
        entry,
        Request(asked.text("method").upper(), made.url(asked, "url"), (), made.sent(asked.at("body").value)),
        answered.status("status"),
        made.pairs(answered.at("headers")),
        _streamed(answered) if streamed else made.sent(answered.at("body").value) or b"",
        reason=answered.text("statusText", ""),
        absent=absent,
    )


def _streamed(answered: Item) -> bytes:
    return b"".join(made.data(part.checked(str).value) for part in answered.items("chunks"))


FORM = Form("a recording of Mastra", _recognise, _read, ("times",))
