"""Cassettes of LangChain's standard tests: vcrpy's two lists, `requests` and `responses`, as YAML in gzip.

Read: https://github.com/langchain-ai/langchain/blob/master/libs/standard-tests/langchain_tests/conftest.py
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.adapters import exchanges as made
from gate.adapters.form import Form
from gate.adapters.source import Item, Source
from gate.endpoints import member
from gate.model import Exchange
from gate.wire.encoding import inflated


def _plain(source: Source) -> Source:
    if source.raw[:2] != b"\x1f\x8b":
        return source
    return Source(source.file, inflated(source.raw, "gzip") or b"")


def _recognise(source: Source) -> bool:
    document = _plain(source).document
    return isinstance(member(document, "requests"), list) and isinstance(member(document, "responses"), list)


def _read(source: Source) -> Iterator[Exchange]:
    root = _plain(source).root
    asked, answered = root.items("requests"), root.items("responses")
    if len(asked) != len(answered):
        raise root.error(f"{len(asked)} requests, but {len(answered)} responses")
    for one, other in zip(asked, answered, strict=True):
        yield _exchange(one, other)


def _exchange(asked: Item, answered: Item) -> Exchange:
    status, body = answered.mapping("status"), answered.mapping("body")
    return made.exchange(
        asked,
        made.request(asked, "uri"),
        status.status("code"),
        made.pairs(answered.at("headers")),
        made.sent(body.at("string").value) or b"",
        reason=status.text("message", ""),
    )


FORM = Form("a cassette of LangChain's standard tests", _recognise, _read, ("times",))
