"""The body of one streamed answer, as `curl -N … > answer.sse` and test suites keep it.

Read: https://github.com/vercel/ai/blob/main/packages/openai-compatible/src/chat/__fixtures__/anthropic-fallback-tool-call.sse
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters.exchanges import answer, parsed, stream_operation
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.model import Exchange
from gate.wire.sse import looks_like_sse, tokenize


def _recognise(source: Source) -> bool:
    # A YAML file may have a key `data` as well; only a stream has JSON objects one by one there.
    if not looks_like_sse(source.raw):
        return False
    events = [frame.data for frame in tokenize(source.raw)[0] if frame.data]
    return any(isinstance(parsed(event), dict) or event.strip() == "[DONE]" for event in events)


def _read(source: Source) -> Iterator[Exchange]:
    # Editors take the last blank line away, and put one there: the file's end is not the stream's.
    yield answer(Item(source, (), None), source.raw, stream_operation(source.raw), "text/event-stream", "end")


FORM = Form("a bare SSE body", _recognise, _read, ("times",))
