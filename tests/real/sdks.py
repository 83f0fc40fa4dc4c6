"""Real SDK versions over our own goldens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from gate.model import Exchange, Json, Policy, Report, Request
from gate.model.sides import Side
from gate.sdk.judge import compared
from gate.sdk.versions import version_of
from gate.store.sides import load_side
from tests.mutation_goldens import OTHERS, SPEECH
from tests.rules_table import ASK, ROLE, chunk, plain, stream

GOLDEN = Path(__file__).parent.parent.parent / "golden"
DAY = date(2026, 11, 29)


@cache
def goldens() -> Side:
    """Our own, and a stream with reasoning, which the engine behind them does not give."""
    side = load_side(GOLDEN)
    parts = ({"reasoning_content": "2 and 2 "}, {"reasoning_content": "is 4."}, {"content": "4"})
    made = stream(ROLE, *map(chunk, parts), chunk({}, "stop"), request={**ASK, "stream": True})
    request = replace(made.request, headers=KEY)
    thinking = replace(made, scenario="thinking-stream", request=request)
    return replace(side, exchanges={**side.exchanges, "thinking-stream": [thinking], **others()})


def others() -> dict[str, list[Exchange]]:
    """One of each operation that the engine behind our own has not got."""
    files = {"object": "list", "data": [{"id": "file-1", "object": "file", "filename": "a.txt"}], "has_more": False}
    made = {
        "files": plain(files, {}, url="/v1/files"),
        "parsed-response": plain(_SAID, _TYPED, url="/v1/responses"),
        "speech": SPEECH,
        "transcription": transcription({"text": "Hello.", "usage": {"type": "duration", "seconds": 1}}),
        **OTHERS,
    }
    lists = replace(made["files"], request=Request("GET", "https://host.test/v1/files"))
    made["files"] = lists
    return {
        name: [replace(one, scenario=name, request=replace(one.request, headers=(*one.request.headers, *KEY)))]
        for name, one in made.items()
    }


def transcription(body: Json) -> Exchange:
    """The answer to a file that was sent as a form."""
    fields = (b'name="model"\r\n\r\nw', b'name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\nRIFF\x00')
    form = b"".join(b"--b\r\nContent-Disposition: form-data; " + field + b"\r\n" for field in fields) + b"--b--\r\n"
    answered = plain(body, {}, url="/v1/audio/transcriptions")
    headers = (("content-type", "multipart/form-data; boundary=b"),)
    return replace(answered, request=replace(answered.request, headers=headers, body=form))


KEY = (("authorization", "Bearer ****"),)
_FORM = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
_TYPED = {
    "model": "m",
    "input": "Name a city.",
    "text": {"format": {"type": "json_schema", "name": "city", "schema": _FORM, "strict": True}},
}
_PART = {"type": "output_text", "text": '{"city": "Paris"}', "annotations": []}
_SAID = {
    "id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "m", "error": None,
    "output": [{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [_PART]}],
    "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
    "usage": {"input_tokens": 9, "output_tokens": 6, "total_tokens": 15},
}  # fmt: skip


def judged(
    before: str, after: str, scenarios: Sequence[str] = (), faults: bool = True, node: str | None = None
) -> Report:
    """The report of an upgrade over these goldens, or all."""
    side = goldens()
    chosen = {name: side.exchanges[name] for name in scenarios or side.exchanges}
    side = replace(side, exchanges=chosen)
    return compared(version_of(before), version_of(after), side, Policy(), DAY, faults=faults, node=node)


def told(report: Report) -> Mapping[str, set[str]]:
    """Risky and breaking findings by rule: `scenario path`."""
    found: dict[str, set[str]] = {}
    for finding in report.findings:
        if finding.severity.word != "info":
            found.setdefault(finding.rule, set()).add(f"{finding.scenario} {finding.path}")
    return found
