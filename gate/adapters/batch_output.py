"""The output file of a batch of the OpenAI API: `{custom_id, response: {status_code, body}}` in JSON Lines.

Read: https://github.com/dongri/openai-api-rs/blob/main/examples/data/batch_result.json,
https://platform.openai.com/docs/api-reference/batch/request-output
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.pairs import lines
from gate.adapters.source import Source
from gate.model import Exchange, Json, Request


def _is_result(value: Json) -> bool:
    return isinstance(value, dict) and "custom_id" in value and isinstance(value.get("response"), dict)


def _recognise(source: Source) -> bool:
    opened = source.raw.lstrip()[:1] == b"{"
    return opened and (_is_result(source.document) or _is_result(next(lines(source)).document))


def _read(source: Source) -> Iterator[Exchange]:
    for each in [source] if _is_result(source.document) else lines(source):
        if each.problem:
            raise each.problem
        result = each.root.mapping("response")
        body = result.at("body").value
        # A request that was never answered has no body, and stands in the file of errors.
        asked = Request("POST", f"https://recorded.invalid/v1/{made.operation(body)}")
        label = (("content-type", "application/json"),)
        yield made.exchange(each.root, asked, result.status("status_code"), label, made.data(body))


FORM = Form("the output of an OpenAI batch", _recognise, _read, ("request", "headers", "bytes", "times"))
