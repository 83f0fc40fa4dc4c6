"""Requests and their answers as `{request, response}`: one a line (JSON Lines), or one as a whole file.

Either side is the body itself, as logs for fine-tuning have it, or an HTTP message: method, url, headers, status, body.
Read: https://github.com/NVIDIA-AI-Blueprints/data-flywheel/blob/main/README.md (log schema),
https://github.com/neilberkman/req_llm/blob/main/test/support/fixtures/amazon_bedrock/anthropic_claude_3_haiku_20240307_v1_0/basic.json
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.model import Absent, Exchange, Json, Request


def lines(source: Source) -> Iterator[Source]:
    """Each line with something in it, as a source of its own."""
    for number, line in enumerate(source.raw.splitlines(), source.first):
        if line.strip():
            yield Source(source.file, line, number)


def _is_pair(value: Json) -> bool:
    both = (
        isinstance(value, dict) and isinstance(value.get("request"), dict) and isinstance(value.get("response"), dict)
    )
    return both and "custom_id" not in value


def _recognise(source: Source) -> bool:
    if source.raw.lstrip()[:1] != b"{":
        return False
    first = next(lines(source))
    return _is_pair(first.document) or _is_pair(source.document)


def _read(source: Source) -> Iterator[Exchange]:
    sources = [source] if _is_pair(source.document) else lines(source)
    for each in sources:
        if each.problem:
            raise each.problem
        yield _pair(each.root)


def _pair(item: Item) -> Exchange:
    asked, answered = item.mapping("request"), item.mapping("response")
    absent: tuple[Absent, ...] = ("bytes",)
    key = next((key for key in ("status", "status_code") if key in answered and "body" in answered), None)
    body = answered.at("body").value if key else answered.value
    if key is None:
        # The answer alone is there; an error would need its status.
        if "error" in answered and answered.at("error").value:
            raise made.refused(answered)
        absent = ("status", "headers", *absent)
    return made.exchange(
        item,
        _request(asked, made.operation(body)),
        answered.status(key) if key else 200,
        made.pairs(answered.at("headers")) if key else (("content-type", "application/json"),),
        made.data(body),
        absent=absent if "headers" in answered or key is None else ("headers", *absent),
    )


def _request(item: Item, path: str) -> Request:
    address = next((key for key in ("url", "uri", "path") if key in item), None)
    if address is None or "method" not in item:
        return Request("POST", f"https://recorded.invalid/v1/{path}", (), made.data(item.value))
    body = item.at("body")
    packed = body.value.get("b64") if isinstance(body.value, dict) else None
    raw = made.unpacked(body, packed) if isinstance(packed, str) else made.sent(body.value)
    return Request(item.text("method").upper(), made.url(item, address), made.pairs(item.at("headers")), raw)


FORM = Form("requests and answers as JSON Lines", _recognise, _read, ("times",))
