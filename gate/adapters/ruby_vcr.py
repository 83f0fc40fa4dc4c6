"""Cassettes of Ruby's VCR: `http_interactions`, with bodies as text or base64.

Read: https://github.com/crmne/ruby_llm/tree/main/spec/fixtures/vcr_cassettes,
https://github.com/vcr/vcr (`preserve_exact_body_bytes`)
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.endpoints import member
from gate.model import Exchange, Request


def _recognise(source: Source) -> bool:
    return isinstance(member(source.document, "http_interactions"), list)


def _read(source: Source) -> Iterator[Exchange]:
    for entry in source.root.items("http_interactions"):
        asked, answered = entry.mapping("request"), entry.mapping("response")
        status = answered.mapping("status")
        yield made.exchange(
            entry,
            Request(
                asked.text("method").upper(), asked.text("uri"), made.pairs(asked.at("headers")), _body(asked) or None
            ),
            status.status("code"),
            made.pairs(answered.at("headers")),
            _body(answered),
            reason=status.text("message", ""),
        )


def _body(message: Item) -> bytes:
    body = message.at("body")
    if not isinstance(body.value, dict):
        return made.sent(body.value) or b""
    if "base64_string" in body:
        return made.unpacked(body, body.text("base64_string"))
    return made.sent(body.at("string").value) or b""


FORM = Form("a cassette of Ruby's VCR", _recognise, _read, ("times",))
