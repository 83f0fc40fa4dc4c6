"""Cassettes that others recorded, in all forms of vcrpy's past, and gate's own facts of an interaction."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml
from vcr.serializers import jsonserializer

from gate.errors import CassetteError
from gate.model import Request, Response
from gate.store.cassette import dump, load
from gate.store.journal import write
from tests.stored import foreign, placeless, same_as_vcrpy, stored

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"

REQUEST_BODIES = [
    ("null", None),
    ("''", b""),
    ('\'{"a": "é"}\'', '{"a": "é"}'.encode()),
    ("!!binary |\n      /wA=", b"\xff\x00"),
    ('!!python/unicode "x"', b"x"),
    ("!!python/object/new:_io.BytesIO\n      state: !!python/tuple\n      - !!binary |\n        YWI=\n      - 0\n      - null", b"ab"),
    ("!!python/object/apply:builtins.iter\n      args:\n      - - a\n        - !!binary Yg==", b"ab"),
    ("{model: m, n: [1, 2.5, null, true]}", b'{"model":"m","n":[1,2.5,null,true]}'),
    ("{string: s, encoding: UTF-8}", b"s"),
    ("{base64_string: YWI=}", b"ab"),
    ("[a, b]", b"ab"),
    ("[1, {a: !!binary YWI=}]", b'[1,{"a":"YWI="}]'),
]  # fmt: skip


@pytest.mark.parametrize(("source", "body"), REQUEST_BODIES)
def test_request_bodies_of_vcrpys_past(tmp_path: Path, source: str, body: bytes | None) -> None:
    (exchange,) = stored(tmp_path, foreign(request=source)).exchanges
    assert exchange.request == Request("POST", "https://h/v1/embeddings", (("Accept", "*/*"), ("Host", "h")), body)


RESPONSE_BODIES = [
    ("body: {string: ok}", b"ok"),
    ("body: {string: !!binary b2s=}", b"ok"),
    ("body: {string: null}", b""),
    ("body: {base64_string: b2s=}", b"ok"),
    ("body: {encoding: UTF-8, string: ok}", b"ok"),
    ("body: ok", b"ok"),
    ("body: null", b""),
    ("url: https://h", b""),
    ("parsed_body: {ok: [1]}", b'{"ok":[1]}'),
]


@pytest.mark.parametrize(("source", "body"), RESPONSE_BODIES)
def test_response_bodies_of_vcrpys_past(tmp_path: Path, source: str, body: bytes) -> None:
    (exchange,) = stored(tmp_path, foreign(response=source)).exchanges
    headers = (("content-length", "2"), ("Content-Type", "text/plain"))
    assert exchange.response == Response(200, "OK", headers, body)
    assert exchange.chunks == ()
    assert exchange.total_ms is None


def test_vcrpy_4_kept_httpx_responses_decoded(tmp_path: Path) -> None:
    text = """\
interactions:
- request: {body: '', headers: {}, method: GET, uri: https://h/v1/models}
  response:
    content: '{"data":[]}'
    headers: {content-encoding: [gzip], x: [y]}
    http_version: HTTP/1.1
    status_code: 200
version: 1
"""
    assert stored(tmp_path, text).exchanges[0].response == Response(200, "", (("x", "y"),), b'{"data":[]}')


def test_shared_objects_of_vcrpys_dumper(tmp_path: Path) -> None:
    """PyYAML writes an object that occurs twice as an anchor and an alias."""
    item = {
        "request": {"method": "GET", "uri": "https://h/", "body": None, "headers": {"a": ["b"]}},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {"a": ["b"]}, "body": {"string": "x"}},
    }
    text = yaml.safe_dump({"version": 1, "interactions": [item, item, {**item}]})
    assert "&id001" in text
    first, second, third = stored(tmp_path, text).exchanges
    assert first.response == second.response == third.response
    same_as_vcrpy(tmp_path / "c.yaml")


def test_json_cassettes(tmp_path: Path) -> None:
    item = {
        "request": {"method": "GET", "uri": "https://h/", "body": "é", "headers": {"a": ["b"]}},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "x\n        {"}},
    }
    data = {"version": 1, "interactions": [item, item]}
    text = jsonserializer.serialize(data)
    cassette = stored(tmp_path, text, "c.json")
    assert [number for number, line in enumerate(text.split("\n"), 1) if line == "        {"] == [
        e.location.line for e in cassette.exchanges
    ]
    assert cassette.exchanges[0].request.body == "é".encode()
    same_as_vcrpy(tmp_path / "c.json")
    for layout in (json.dumps(data), json.dumps(data, indent=2)):
        for name in ("d.json", "d.yaml"):
            again = stored(tmp_path, layout, name)
            assert [e.location.line for e in again.exchanges] == [None, None]
            assert placeless(again.exchanges) == placeless(cassette.exchanges)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of recorded exchanges is not beside this checkout")
def test_recorded_exchanges_of_many_providers(tmp_path: Path) -> None:
    sys.path.insert(0, str(CORPUS))
    try:
        import corpus  # type: ignore[import-not-found, unused-ignore]
    finally:
        sys.path.remove(str(CORPUS))
    exchanges = list(corpus.load_exchanges().values())[::7]
    for number in range(0, len(exchanges), 20):
        group = exchanges[number : number + 20]
        path = tmp_path / f"{number}.yaml"
        path.write_text(corpus.to_cassette(group), "utf-8")
        loaded = load(path)
        bodies = [e.response.body for e in loaded.exchanges if e.response]
        assert bodies == [corpus.response_bytes(e) for e in group]
        same_as_vcrpy(path)
        write(tmp_path / "ours.yaml", dump({}, loaded.exchanges))
        assert placeless(load(tmp_path / "ours.yaml").exchanges) == placeless(loaded.exchanges)
        same_as_vcrpy(tmp_path / "ours.yaml")


GATES = [
    ("[]", "`gate` must be a mapping"),
    ("{step: -1}", "`gate.step` is below zero"),
    ("{step: '1'}", "`step` has the wrong type: str"),
    ("{sample: true}", "`sample` has the wrong type: bool"),
    ("{scenario: null}", "`scenario` has the wrong type: null"),
    ("{outage: 1}", "`outage` has the wrong type: int"),
    ("{ending: finished}", "`gate.ending` must be one of complete, cut, "),
    ("{ending: [cut]}", "`gate.ending` must be one of"),
    ("{chunks: 7}", "`gate.chunks` must be a list"),
    ("{chunks: [[1, 2, 3]]}", "`gate.chunks` must be a list"),
    ("{chunks: [[1, x]]}", "`gate.chunks` must be a list"),
    ("{chunks: [[1, -2]]}", "`gate.chunks` must be a list"),
    ("{chunks: [[.nan, 2]]}", "not a number of milliseconds"),
    ("{total_ms: .inf}", "`gate.total_ms` must be milliseconds"),
    ("{total_ms: slow}", "`gate.total_ms` must be milliseconds"),
    ("{redirects: {}}", "`gate.redirects` must be a list"),
    ("{redirects: [{status: 301}]}", "`location` is missing"),
    ("{endng: cut}", "unknown key `endng`"),
]


@pytest.mark.parametrize(("gate", "message"), GATES)
def test_wrong_facts_of_an_interaction(tmp_path: Path, gate: str, message: str) -> None:
    text = foreign().replace("  response:", f"  gate: {gate}\n  response:")
    with pytest.raises(CassetteError) as caught:
        stored(tmp_path, text)
    assert message in str(caught.value)
    assert caught.value.where == f"{tmp_path / 'c.yaml'}:2"
