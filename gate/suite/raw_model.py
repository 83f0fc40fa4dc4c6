"""Where a JSON text names its model: what a scenario sends as `raw` stays as it is but for that one name. Pure."""

from __future__ import annotations

import json
import re
from itertools import islice

_NAMED = re.compile(r'"model"\s*:\s*("(?:[^"\\]|\\.)*")')
# chosen: SDKs name the model before or right after the messages; each try reads the whole text.
_TRIED = 50
_OTHER = "another model, which no route has"


def model_span(text: str) -> tuple[int, int] | None:
    """Start and end of the value of the top-level `model`, with its quotes; None where there is no such text."""
    document = _object(text)
    if document is None or not isinstance(document.get("model"), str):
        return None
    for match in islice(_NAMED.finditer(text), _TRIED):
        start, end = match.span(1)
        # the same words may stand in a message or in a nested object: only the right place changes this and no more
        if _object(text[:start] + json.dumps(_OTHER) + text[end:]) == {**document, "model": _OTHER}:
            return start, end
    return None


def with_model(text: str, model: str) -> str:
    """The text with that model in place of its own."""
    span = model_span(text)
    return text if span is None else text[: span[0]] + json.dumps(model, ensure_ascii=False) + text[span[1] :]


def _object(text: str) -> dict[str, object] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
