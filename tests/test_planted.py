"""Every kind of secret in every place of an answer: none of it is in a cassette, a contract, a report or a message."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from urllib.parse import quote

import pytest

from gate import cli
from gate.contract.derive import derived_from
from gate.contract.difference import change_lines, differences
from gate.contract.text import parse
from gate.errors import RouteError
from gate.judge.pairing import observed
from gate.model import Exchange, Headers, Hop
from gate.redact.scrub import Scrubber
from gate.replay.server import serve
from gate.reports import formats
from gate.store.cassette import dump
from tests.canaries import delta, exchange, pieces, sse
from tests.planted import NAMED, PERSONAL, PLANTED, PREFIXED
from tests.provider import Provider
from tests.test_canaries import inside
from tests.test_cli import gate, put

SCRUBBER = Scrubber()
CONFIG = """\
version: 1
suite: [standard]
samples: {record: 1, check: 1, confirm: 0}
routes:
  baseline: &route
    base_url: ${BASE}
    api_key_env: LIVE_KEY
    models: {chat: gpt-4o-mini, embedding: text-embedding-3-small}
  candidate: *route
"""
Place = Callable[[str], Exchange]


def _json(document: Any, **headers: str) -> Exchange:
    body = json.dumps(document, ensure_ascii=False).encode()
    return exchange(response=body, headers=tuple((k.replace("_", "-"), v) for k, v in headers.items()))


def _packed(packed: Callable[[bytes], bytes], label: str) -> Place:
    def place(text: str) -> Exchange:
        body = packed(json.dumps({"content": f"Here: {text} and more"}).encode())
        return exchange(response=body, headers=(("content-encoding", label),) if label else ())

    return place


def _head(text: str, headers: Headers) -> Exchange:
    planted = exchange(headers=headers)
    assert planted.response
    return replace(planted, response=replace(planted.response, reason=f"No: {text}"), detail=f"got {text}")


def _one_line(text: str) -> str:
    return text.replace("\n", "\\n")


PLACES: dict[str, Place] = {
    "json string": lambda s: _json({"choices": [{"message": {"content": f"Here: {s} and more"}}]}),
    "whole string": lambda s: _json({"choices": [{"message": {"content": s}}]}),
    "nested": lambda s: _json({"a": [{"b": json.dumps({"c": json.dumps({"d": s})})}]}),
    "key": lambda s: _json({"data": {s: 1}}),
    "enum": lambda s: _json({"choices": [{"finish_reason": s}], "error": {"code": s, "type": s}}),
    "tool arguments": lambda s: _json({"tool_calls": [{"function": {"arguments": json.dumps({"to": s})}}]}),
    "sse in pieces": lambda s: exchange(response=sse(*(delta(p) for p in pieces(f"Here: {s} and more", 5)))),
    "sse by letters": lambda s: exchange(response=sse(*(delta(p) for p in pieces(f"{s} and more", 1)))),
    "sse of arguments": lambda s: exchange(
        response=sse(*(delta(p, "arguments") for p in pieces(json.dumps({"to": s}), 4)))
    ),
    "header": lambda s: _json({}, www_authenticate=f'realm="{_one_line(s)}"', x_custom=_one_line(s)),
    "set-cookie": lambda s: _json({}, set_cookie=f"a={_one_line(s)}; Path=/"),
    "location": lambda s: replace(_json({}, location=f"/v1/x?to={quote(s)}"), hops=(Hop(301, f"/v1/{quote(s, safe='')}"),)),
    "url": lambda s: exchange(url=f"https://h/v1/{quote(s, safe='')}/chat?q={quote(s, safe='')}#{quote(s, safe='')}"),
    "error message": lambda s: _json({"error": {"message": f"Incorrect: {s}. See the docs.", "param": None}}),
    "html": lambda s: exchange(response=f"<html><body><p>{escape(s)}</p></body></html>".encode()),
    "ndjson": lambda s: exchange(response=b"".join(json.dumps({"response": p}).encode() + b"\n" for p in pieces(s, 7))),
    "gzip": _packed(gzip.compress, "gzip"),
    "double gzip": _packed(lambda raw: gzip.compress(gzip.compress(raw, mtime=0), mtime=0), "gzip"),
    "two members": _packed(lambda raw: gzip.compress(raw[:20], mtime=0) + gzip.compress(raw[20:], mtime=0), "gzip"),
    "false encoding": _packed(zlib.compress, "gzip"),
    "wrong label": _packed(gzip.compress, "br"),
    "no label": _packed(gzip.compress, ""),
    "broken gzip": _packed(lambda raw: gzip.compress(raw, 0, mtime=0)[:-9] + b"\0" * 9 + raw, "gzip"),
    "status reason": lambda s: _head(_one_line(s), ()),
    "cut off": lambda s: exchange(response=('{"a": "b", "c": ' + json.dumps(f"Here: {s} and more")[:-1]).encode()),
    "request": lambda s: exchange({"messages": [{"role": "user", "content": f"Here: {s} and more"}]}),
}  # fmt: skip


def forms(secret: str) -> set[str]:
    """A secret as it may be read in a file."""
    return {secret, json.dumps(secret)[1:-1], quote(secret), quote(secret, safe=""), escape(secret), _one_line(secret)}


def texts(body: bytes) -> Iterator[str]:
    """A body as it is, and all that anybody could unpack from it."""
    yield body.decode("utf-8", "replace")
    for window in (47, -15):
        left, unpacked = body, b""
        while left:
            member = zlib.decompressobj(window)
            try:
                unpacked += member.decompress(left)
            except zlib.error:
                break
            left = member.unused_data
        if unpacked:
            yield from texts(unpacked)


_PIECE = re.compile(r'"(?:content|arguments|response)": "((?:[^"\\]|\\.)*)"')


def streamed(text: str) -> str:
    """The pieces of a stream put together, as a client does."""
    return "".join(json.loads(f'"{match[1]}"') for match in _PIECE.finditer(text))


def artefacts(clean: Exchange) -> Iterator[str]:
    """Everything that is written or printed of one exchange."""
    body = clean.response.body if clean.response else b""
    for text in texts(body):
        yield inside(text, clean)
        yield streamed(text)
        yield json.dumps(streamed(text).replace("\\", ""))[1:-1].replace("\\", "")
    cassette = dump({}, [clean])
    yield inside(cassette, clean)
    contract = derived_from("chat", [clean], observed([clean]), "text")
    yield contract
    empty = derived_from("chat", [exchange()], observed([exchange()]), "text")
    yield "\n".join(change_lines({"chat": differences(parse(empty), parse(contract))}))


def plain(name: str, place: str, scrub: Callable[[Exchange], Exchange] = SCRUBBER.scrub) -> bool:
    """Whether the secret can be seen anywhere."""
    text, secret = PLANTED[name]
    seen = "\n".join(artefacts(scrub(PLACES[place](text))))
    return any(form in seen for form in forms(secret))


@pytest.mark.parametrize("place", PLACES)
def test_the_search_sees_what_was_not_scrubbed(place: str) -> None:
    assert plain("huggingface", place, scrub=lambda planted: planted)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_no_kind_of_secret_is_plain_in_any_place(place: str) -> None:
    assert [name for name in PLANTED if plain(name, place)] == []


@pytest.mark.parametrize("place", PLACES)
def test_a_sample_of_the_kinds_in_every_place(place: str) -> None:
    first = list(PLACES).index(place)
    sample = [*list(PREFIXED)[first::26], *list(NAMED)[first % 22 :: 22], list(PERSONAL)[first % len(PERSONAL)]]
    assert [name for name in sample if plain(name, place)] == []


# -- what is stored already, and what errors quote -----------------------------------------------


@pytest.mark.parametrize(
    "name", ["huggingface", "password in json", "iban, lower case", "jwe", "gitlab runner", "azure storage"]
)
@pytest.mark.parametrize("place", ["json string", "key", "double gzip", "location"])
def test_verify_says_where_a_stored_secret_is_and_what_to_do(tmp_path: Path, name: str, place: str) -> None:
    text, secret = PLANTED[name]
    folder = put(tmp_path / "golden", chat=PLACES[place](text))
    result = gate("verify", str(folder))
    assert result.exit_code == 2
    assert "chat/cassette.yaml: " in result.output
    assert ": it is stored\n  fix: take it for known" in result.output
    assert secret not in result.output


def test_verify_reads_the_contract_too(tmp_path: Path) -> None:
    folder = put(tmp_path / "golden", chat=exchange())
    (folder / "chat" / "contract.yaml").write_text(f"scenario: chat\nvaries: [{PLANTED['vault'][0]}]\n")
    result = gate("verify", str(folder))
    assert "chat/contract.yaml: token of a cloud in line 2: it is stored" in result.output
    assert PLANTED["vault"][0] not in result.output


@pytest.mark.parametrize("name", ["openai", "github fine-grained", "password in json", "slack app", "key parameter"])
def test_errors_and_tracebacks_quote_no_secret(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, secret = PLANTED[name]
    for error in (RouteError(f"it answers {text}", fix="look"), ValueError(f"got {text}")):
        monkeypatch.setattr(cli.group, "main", Mock(side_effect=error))
        assert cli.run(["rules"]) in (2, 3)
        printed = capsys.readouterr().err
        assert secret not in printed
        assert "error: " in printed


# -- a whole run --------------------------------------------------------------------------------

SAID = "\n\n".join(f"{number}. {text}" for number, (text, _) in enumerate(PLANTED.values(), 1))


def echo(answered: Exchange) -> Exchange:
    """An answer with every kind in its header, reason, message, arguments, error and, in pieces, in its stream."""
    assert answered.response
    body = answered.response.body
    if body.startswith(b"data:"):
        frames = body.split(b"\n\n")
        first = json.loads(frames[0][6:])
        said = [
            {**first, "choices": [{"index": 0, "delta": {"content": p}, "finish_reason": None}]}
            for p in pieces(SAID, 50)
        ]
        body = b"\n\n".join([frames[0], *(b"data: " + json.dumps(d).encode() for d in said), *frames[1:]])
    else:
        body = json.dumps(_spoken(json.loads(body))).encode()
    headers = (
        *answered.response.headers,
        ("x-custom", quote(SAID[:3000])),
        ("set-cookie", f"s={PLANTED['jsessionid'][1]}"),
    )
    return replace(answered, response=replace(answered.response, headers=headers, body=body), chunks=())


def _spoken(document: Any) -> Any:
    if "error" in document:
        return {
            "error": {**document["error"], "message": SAID, "param": PLANTED["openai"][0], "code": PLANTED["iban"][0]}
        }
    for choice in document.get("choices", []):
        message = choice["message"]
        if message.get("tool_calls"):
            message["tool_calls"][0]["function"]["arguments"] = json.dumps({"city": SAID, "unit": "celsius"})
        elif not str(message["content"]).startswith("{"):
            message["content"] = SAID
    return {**document, PLANTED["email"][0]: 1} if "choices" in document else document


def drifted(answered: Exchange) -> Exchange:
    """The same with other values in what reports quote: enums, keys, types of errors."""
    assert answered.response
    body = answered.response.body.replace(
        b'"finish_reason": "stop"', b'"finish_reason": ' + json.dumps(SAID[:4000]).encode()
    )
    for word, name in ((b'"type": "invalid_request_error"', "github"), (b'"object": "chat.completion"', "vault")):
        body = body.replace(word, word.partition(b":")[0] + b": " + json.dumps(PLANTED[name][0]).encode())
    return echo(replace(answered, response=replace(answered.response, body=body)))


@pytest.mark.slow
def test_no_kind_is_plain_in_what_a_run_writes_and_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gate.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIVE_KEY", "tk-of-the-run-77aa")
    printed = []
    with serve(Provider(mutate=echo, seed=3)) as base:
        monkeypatch.setenv("BASE", base)
        printed += [gate("record")]
    with serve(Provider(mutate=drifted, seed=4)) as base:
        monkeypatch.setenv("BASE", base)
        reports = [part for name in formats() for part in ("--report", f"{name}:out/{name}")]
        printed += [gate("refresh"), gate("check", *reports), gate("check"), gate("verify")]
    assert [result.exit_code for result in printed] == [0, 1, 1, 1, 0], printed[0].output
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) > 50
    seen = {"printed": "\n".join(result.output for result in printed)}
    seen |= {path.name: path.read_bytes().decode("utf-8", "replace") for path in written}
    assert [(name, place) for name, (_, secret) in PLANTED.items() for place, text in seen.items()
            if any(form in text for form in forms(secret))] == []  # fmt: skip
