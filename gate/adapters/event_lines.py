"""The events of one streamed answer as lines of JSON: `chunks.txt` in the AI SDK's tests, without `data:` and [DONE].

Read: https://github.com/vercel/ai/blob/main/packages/openai-compatible/src/chat/__fixtures__/azure-text.chunks.txt
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters.exchanges import answer, operation, parsed
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.endpoints import member
from gate.model import Exchange, Json


def _events(source: Source) -> Iterator[Json]:
    yield from map(parsed, _lines(source))


def _lines(source: Source) -> Iterator[str]:
    # Of bytes: in a text, characters inside of a JSON string would end a line as well.
    yield from (line.decode("utf-8", "surrogateescape").strip() for line in source.raw.splitlines() if line.strip())


def _is_event(event: Json) -> bool:
    kind, named = member(event, "object"), member(event, "type")
    # Azure's first event has an empty `object`; completions name their chunks like whole answers.
    streamed = kind in ("chat.completion.chunk", "text_completion", "") and "choices" in event
    failed = named == "error" or isinstance(member(event, "error"), dict)
    return streamed or failed or (isinstance(named, str) and named.startswith("response."))


def _recognise(source: Source) -> bool:
    if source.raw.lstrip()[:1] != b"{":
        return False
    # Cheap first: a large JSON file has a million lines.
    if not _is_event(next(_events(source))):
        return False
    events = list(_events(source))
    # One line is one plain answer, unless it says that it is a chunk.
    several = len(events) > 1 or member(events[0], "object") == "chat.completion.chunk"
    return several and all(map(_is_event, events)) and any(map(operation, events))


def _read(source: Source) -> Iterator[Exchange]:
    path = next(filter(None, map(operation, _events(source))))
    body = "".join(f"data: {line}\n\n" for line in _lines(source)).encode("utf-8", "surrogateescape")
    yield answer(Item(source, (), None), body, path, "text/event-stream", "framing", "end")


FORM = Form("a list of a stream's events, one a line", _recognise, _read, ("times",))
