"""The body of one plain answer, such as a test suite's `text.json`.

Read: https://github.com/vercel/ai/blob/main/packages/openai-compatible/src/chat/__fixtures__/xai-text.json
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters.exchanges import answer, operation
from gate.adapters.form import Form
from gate.adapters.source import Source
from gate.model import Exchange


def _recognise(source: Source) -> bool:
    return bool(operation(source.document))


def _read(source: Source) -> Iterator[Exchange]:
    yield answer(source.root, source.raw, operation(source.document), "application/json")


FORM = Form("a bare JSON body", _recognise, _read, ("times",))
