"""include-ignored: what `include` asks for."""

from __future__ import annotations

from typing import Any

from gate.model import Exchange
from tests.rules import _responses as r
from tests.rules_table import Row

FOUND = {"type": "file_search_call", "id": "fs_1", "status": "completed", "queries": ["refunds"]}
RESULT = {"file_id": "file-1", "filename": "a.pdf", "score": 0.9, "text": "Within 30 days."}
SEARCH = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
SOURCES = {"type": "search", "query": "q", "sources": [{"type": "url", "url": "https://example.org/a"}]}


def asked(wanted: str, *items: Any) -> Exchange:
    return r.whole(r.response(*items), {**r.ASK, "include": [wanted]})


def files(results: Any, wanted: str = "file_search_call.results") -> Exchange:
    return asked(wanted, {**FOUND, "results": results}, r.message())


def web(action: Any) -> Exchange:
    return asked("web_search_call.action.sources", {**SEARCH, "action": action}, r.message())


def sealed(content: str | None) -> Exchange:
    reasoning: dict[str, Any] = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": content}
    return asked("reasoning.encrypted_content", reasoning, r.message())


CASES = (
    Row("RS28: the results of a search are null", files([RESULT]), files(None), ("risky output[].results",)),
    Row("RS28: they are empty", files([RESULT]), files([]), ("risky output[].results",)),
    Row(
        "RS28: no sources",
        web(SOURCES),
        web({"type": "search", "query": "q"}),
        ("risky output[].action.sources",),
    ),
    Row(
        "a page was opened, and none searched for",
        web(SOURCES),
        web({"type": "open_page", "url": "https://example.org"}),
    ),
    *(
        Row(f"it was read with {step}", web(SOURCES), web({"type": step, "url": "https://example.org", "pattern": "a"}))
        for step in ("find", "find_in_page")
    ),
    Row(
        "reasoning is reasoning-not-encrypted's",
        sealed("gAAAAAB"),
        sealed(None),
        also=("breaking reasoning-not-encrypted output[].encrypted_content",),
    ),
    Row("RS28, benign twin: other results", files([RESULT]), files([{**RESULT, "score": 0.4}])),
    Row("a golden sample finds nothing", [files([RESULT]), files([])], files([])),
    Row("it was not asked for", files([RESULT], "other"), files(None, "other")),
    Row(
        "the tool did not run at all",
        files([RESULT]),
        asked("file_search_call.results", r.message()),
        also=("risky hosted-call-missing output",),
    ),
)
