"""Cassettes: what we write reads back equal, here and in vcrpy; writing is atomic; folders give scenarios."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from vcr.serializers import yamlserializer

from gate.errors import CassetteError
from gate.model import Chunk, Exchange, Request, Response
from gate.store.cassette import dump, scan
from gate.store.journal import write, writer
from tests.stored import FULL, NO_ANSWER, answer, placeless, same_as_vcrpy, stored


def test_everything_comes_back(tmp_path: Path) -> None:
    facts = {"route": "baseline", "recorded": "2026-06-08", "models": {"chat": "m"}, "versions": {"openai": "3.54.0"}}
    cassette = stored(tmp_path, dump(facts, [FULL, NO_ANSWER]))
    assert placeless(cassette.exchanges) == [FULL, NO_ANSWER]
    assert cassette.facts == facts
    assert cassette.path == str(tmp_path / "c.yaml")


def test_the_full_exchange_leaves_no_field_out() -> None:
    """So that a field which is written and never read again can't pass `test_everything_comes_back`."""
    beside = {"location", "transcripts", "upstream"}  # where it was read; files of their own
    empty = [f.name for f in fields(FULL) if f.name not in beside and getattr(FULL, f.name) in (None, "", (), 0, False)]
    assert [name for name in empty if name != "connect_ms"] == []  # there zero is a measurement


def test_the_file_as_a_person_reads_it() -> None:
    plain = replace(answer(), scenario="chat", chunks=(Chunk(1.5, 100), Chunk(2.0, 47)), total_ms=3.0)
    assert dump({"route": "baseline", "date": "2026-06-08"}, [plain]) == (
        """\
version: 1
gate:
  route: baseline
  date: "2026-06-08"
interactions:
- request:
    method: POST
    uri: "https://api.example.com/v1/chat/completions?api-version=1"
    headers:
      Content-Type: [application/json]
      Authorization: ["Bearer ***"]
    body: |-
      {"model":"m","messages":[{"role":"user","content":"it's \\"quoted\\""}]}
  response:
    status:
      code: 200
      message: OK
    headers:
      content-type: [text/event-stream]
      Set-Cookie: ["*", "**"]
    body:
      string: |+
        data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

        data: {"choices":[{"index":0,"delta":{"content":"Grüße 😀"}}]}

        data: [DONE]

  gate:
    scenario: chat
    total_ms: 3.0
    chunks: [[1.5, 100], [2.0, 47]]
"""
    )


def test_facts_of_every_shape(tmp_path: Path) -> None:
    facts = {
        "inf": [float("inf"), -float("inf"), 1e-07, 1.5e300],
        "deep": [[{"a b": [1]}], {}],
        "half": "\ud800",
        "k" * 2000: "-",
    }
    (gate, _) = yaml.safe_load(text := dump(facts, [answer()]))["gate"], stored(tmp_path, text)
    assert gate == {**facts, "half": "\ufffd"}
    assert yaml.safe_load(dump({"nan": float("nan")}, []))["gate"]["nan"] != 0


def test_crlf_streams_keep_one_line_per_line() -> None:
    text = dump({}, [answer("data: 1\r\n\r\n data: [DONE]\r\n\r\n")])
    assert (
        '      string: "data: 1\\r\\n\\\n        \\r\\n\\\n        \\ data: [DONE]\\r\\n\\\n        \\r\\n"\n' in text
    )


def test_interactions_stand_in_the_order_in_which_vcrpy_must_answer() -> None:
    """vcrpy matches method and URI only: the steps of a sample must follow each other."""
    mixed = [answer(f"{step}{sample}", step=step, sample=sample) for step in (1, 0) for sample in (1, 0)]
    bodies = [i["response"]["body"]["string"] for i in yaml.safe_load(dump({}, mixed))["interactions"]]
    assert bodies == ["00", "10", "01", "11"]


BODIES = [
    b"", b"\n", b"\n\n", b" ", b"x\n", b"x\n\n\n", b"\n\nx", b"  indented\nx", b"\ttab\n", b"trailing  \nx \n", b"a\rb", b"\r\n",
    b"data: \xc2\x85next", "\u2028\u2029".encode(), "\ufeffdata: x\n\n".encode(), "😀\n".encode(), b"\x00\x01\x7f", b"\xff\xfe\x00",
    b"caf\xe9", b"- a: b", b"--- \n", b"...\n", b"# not a comment\nx", b"null", b"~", b"yes", b"0x1F", b"1e5", b"2026-06-08", b"<<",
    b"=", b"!!binary x", b"*alias", b"&anchor", b"'single'", b'"double"', b"{}", b"[1, 2]", b"a: b\nc: d\n", b"%YAML", b"x" * 5000,
    b"? a\n: b", b"| x", b"> x\ny", base64.b64decode("H4sIAAAAAAAAA0vMyQQA8GQrDgMAAAA="), b"\n" * 50 + b"  x",
    "\ufffe\uffff".encode(), b"\xed\xa0\x80", b"x\n \n", b"x\n \n \n", b" \n", b"\t\n", b"#\n", b"a\n  \n\n",
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES)
def test_bodies_come_back_byte_for_byte(tmp_path: Path, body: bytes) -> None:
    planted = Exchange(Request("POST", "https://h/", (), body), Response(200, "", (), body))
    text = dump({}, [planted])
    assert placeless(stored(tmp_path, text).exchanges) == [planted]
    same_as_vcrpy(tmp_path / "c.yaml")


def test_facts_of_every_kind_come_back(tmp_path: Path) -> None:
    """One example of what the property below tries at random."""
    headers = (("X-City", "Zürich"),)
    planted = Exchange(Request("POST", "https://h/v1", headers, b"{}"), Response(200, "Ünïcode", headers, b"\xff"))
    facts: dict[str, Any] = {"list": ["x", b"\xff", None, 1.5, {"a": [1]}, {}, []], "empty": {}, "bytes": b"\xff"}
    cassette = stored(tmp_path, dump(facts, [planted]))
    assert (placeless(cassette.exchanges), cassette.facts) == ([planted], facts)
    same_as_vcrpy(tmp_path / "c.yaml")


HEADER_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(
    body=st.one_of(st.binary(), st.text().map(str.encode), st.text(" \n\r\tab:#-'\"\\{[|>").map(str.encode)),
    headers=st.lists(st.tuples(HEADER_TEXT, st.text(st.characters(codec="utf-8"), max_size=8)), max_size=3),
    detail=st.text(st.characters(codec="utf-8")),
    times=st.lists(st.floats(0, 1e9), max_size=3),
)
def test_anything_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    headers: list[tuple[str, str]],
    detail: str,
    times: list[float],
) -> None:
    headers = sorted({name.lower(): (name, value) for name, value in headers}.values())
    chunks = tuple(Chunk(round(at, 3), 7) for at in times)
    planted = Exchange(
        Request("POST", "https://h/v1", tuple(headers), body),
        Response(200, "Ünïcode", tuple(headers), body),
        chunks,
        detail=detail,
    )
    folder = tmp_path_factory.mktemp("any")
    text = dump({"detail": detail, "list": [detail, body, {"a": times}], "empty": {}}, [planted])
    assert yaml.load(text, yaml.CSafeLoader) == yaml.load(text, yaml.SafeLoader)
    cassette = stored(folder, text)
    assert placeless(cassette.exchanges) == [planted]
    assert cassette.facts == {"detail": detail, "list": [detail, body, {"a": times}], "empty": {}}
    same_as_vcrpy(folder / "c.yaml")


def test_lines_point_at_interactions(tmp_path: Path) -> None:
    ours = dump({"route": "b"}, [FULL, answer("- request:\n  x: |\n"), NO_ANSWER])
    theirs = yamlserializer.serialize(
        {"version": 1, "interactions": yaml.safe_load(dump({}, [answer(), answer("- request:\n")]))["interactions"]}
    )
    for text in (ours, theirs):
        lines = text.split("\n")
        for exchange in stored(tmp_path, text).exchanges:
            assert exchange.location.line is not None
            assert exchange.location.file == str(tmp_path / "c.yaml")
            assert lines[exchange.location.line - 1].lstrip().startswith("- request:")


# -- writing and finding ------------------------------------------------------------------------


def test_write_makes_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "cassette.yaml"
    write(path, "one")
    write(path, "two é")
    assert path.read_text("utf-8") == "two é"
    assert os.listdir(path.parent) == ["cassette.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_write_honours_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "c.yaml", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "c.yaml").stat().st_mode) == 0o640


def test_write_goes_through_symlinks(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("old")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real.yaml")
    write(tmp_path / "link.yaml", "new")
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == "new"


def test_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("old")
    with pytest.raises(CassetteError, match="more than a cassette may have"):
        write(tmp_path / "c.yaml", "x" * (64 * 1024 * 1024 + 1))
    with pytest.raises(CassetteError, match="can't write"):
        write(tmp_path / "c.yaml" / "d.yaml", "x")
    assert (tmp_path / "c.yaml").read_text() == "old"
    assert os.listdir(tmp_path) == ["c.yaml"]


def test_several_files_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("old")
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.yaml").mkdir()
    for other, text, words in (
        ("b.yaml", "x" * (64 * 1024 * 1024 + 1), "more than a cassette may have"),
        ("file/b.yaml", "x", "can't write"),
        ("folder.yaml", "x", "can't write: Is a directory"),
    ):
        with pytest.raises(CassetteError, match=words), writer(tmp_path) as folder:
            folder.write({"a.yaml": "new", other: text}, ["a.yaml"])
        assert (tmp_path / "a.yaml").read_text() == "old"
        assert sorted(os.listdir(tmp_path)) == ["a.yaml", "file", "folder.yaml"]


def test_a_killed_writer_leaves_the_old_file_whole(tmp_path: Path) -> None:
    """kill -9 at any moment (issue 2): the file is always one of the two texts."""
    path = tmp_path / "c.yaml"
    texts = ["a" * 300_000, "b" * 300_000]
    write(path, texts[0])
    code = (
        "from gate.store.journal import write; import pathlib, itertools\n"
        f"p = pathlib.Path({str(path)!r})\n"
        "print('go', flush=True)\n"
        "for c in itertools.cycle('ab'): write(p, c * 300_000)\n"
    )
    for wait in (0.0, 0.003, 0.007, 0.011, 0.02):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(wait)
            writer.kill()
        assert path.read_text() in texts
    assert list(scan(tmp_path)) == ["c"]


def test_scan_names_scenarios(tmp_path: Path) -> None:
    for name in (
        "chat/cassette.yaml", "chat/contract.yaml", "tools/forced/cassette.yaml", "flat.yaml", "old.yml", "j.JSON", "deep/er.json",
        "not-served.yaml", "readme.md", ".hidden.yaml", ".git/x.yaml", "deep/.x/y.yaml", "cassette.yaml", ".c.yaml.ab.tmp",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = scan(tmp_path)
    assert list(found) == ["cassette", "chat", "deep/er", "flat", "j", "old", "tools/forced"]
    assert found["chat"] == tmp_path / "chat" / "cassette.yaml"
    assert found["j"] == tmp_path / "j.JSON"


def test_scan_of_a_hidden_folder_a_file_and_nothing(tmp_path: Path) -> None:
    hidden = tmp_path / ".gate" / "candidate"
    write(hidden / "chat" / "cassette.yaml", "x")
    write(hidden / "a.b.yaml", "x")
    assert list(scan(hidden)) == ["a.b", "chat"]
    assert scan(hidden / "a.b.yaml") == {"a.b": hidden / "a.b.yaml"}
    assert scan(hidden / "chat" / "cassette.yaml") == {"chat": hidden / "chat" / "cassette.yaml"}
    (tmp_path / "empty").mkdir()
    assert scan(tmp_path / "empty") == {}
    with pytest.raises(CassetteError, match="no such file or folder"):
        scan(tmp_path / "none")


def test_scan_refuses_two_cassettes_of_one_scenario(tmp_path: Path) -> None:
    write(tmp_path / "chat" / "cassette.yaml", "x")
    write(tmp_path / "chat.json", "x")
    with pytest.raises(CassetteError, match="two cassettes for the scenario chat"):
        scan(tmp_path)
