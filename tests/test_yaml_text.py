"""Strict loading: whatever is wrong or hostile in a cassette is refused, with its place and a way out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gate.errors import CassetteError
from gate.store.cassette import load
from tests.stored import foreign, stored

GOOD = foreign()
REFUSED = [
    ("empty", "", "c.yaml: the cassette is empty"),
    ("blank", " \n\n", "c.yaml: the cassette is empty"),
    ("comment only", "# nothing\n", "c.yaml: not a cassette: the document is no mapping"),
    ("half a file", GOOD[: GOOD.index("POST")].replace("null", "'nul"), "not valid YAML"),
    ("no YAML", "interactions: [\n", "c.yaml:2: not valid YAML: "),
    ("not UTF-8", b"version: 1\nx: \xff\xfe\n", "not valid YAML"),
    ("control character", "version: 1\nx: \x07\n", "not valid YAML"),
    ("old list", "- request: {}\n", "before 1.0"),
    ("scalar", "just text\n", "no mapping"),
    ("no version", "interactions: []\n", "version is 'missing'"),
    ("version 2", GOOD.replace("version: 1", "version: 2"), "version is '2'"),
    ("version true", GOOD.replace("version: 1", "version: true"), "version is 'True'"),
    ("ruby", "http_interactions: []\nversion: 1\n", "`interactions` is no list"),
    ("nothing in it", "interactions: []\nversion: 1\n", "holds no interaction"),
    ("interaction a list", "interactions: [[]]\nversion: 1\n", "`interaction` must be a mapping, not list"),
    ("no response", "interactions:\n- request: {method: G, uri: u}\nversion: 1\n", "c.yaml:2: `response` must be a mapping, not null"),
    ("no request", "interactions:\n- response: {status: {code: 200}}\nversion: 1\n", "c.yaml:2: `request` must be"),
    ("method a number", GOOD.replace("POST", "7"), "c.yaml:2: `method` has the wrong type: int"),
    ("no uri", GOOD.replace("uri:", "url:"), "`uri` is missing"),
    ("status a list", GOOD.replace("{code: 200, message: OK}", "[200]"), "`response.status` must be a mapping"),
    ("code a word", GOOD.replace("code: 200", "code: ok"), "from 100 to 999, not 'ok'"),
    ("code too large", GOOD.replace("code: 200", "code: 1000"), "from 100 to 999"),
    ("code true", GOOD.replace("code: 200", "code: true"), "from 100 to 999"),
    ("message a list", GOOD.replace("message: OK", "message: []"), "`status.message` must be text"),
    ("headers a list", GOOD.replace("{Accept: ['*/*'], Host: h}", "[a]"), "`headers` must be a mapping"),
    ("header a mapping", GOOD.replace("Host: h", "Host: {a: b}"), "the header 'Host' must be text, not dict"),
    ("body a number", foreign(request="7"), "a body must be text"),
    ("body no base64", foreign(response="body: {base64_string: '?'}"), "`base64_string` is no base64"),
    ("binary no base64", foreign(request="!!binary '?'"), "c.yaml:3: this !!binary value is no base64"),
    ("python object", foreign(request="!!python/object/apply:os.system [x]"), "c.yaml:3: the tag 'tag:yaml.org,2002:python/obj"),
    ("python name", foreign(request="!!python/name:os.system"), "is not accepted"),
    ("duplicate key", GOOD.replace("    uri:", "    method: GET\n    uri:"), "c.yaml:6: the key 'method' stands here twice"),
    ("merge key", GOOD.replace("    uri:", "    <<: {a: b}\n    uri:"), "merge keys"),
    ("key a list", "? [a]\n: b\n", "a mapping key is not text"),
    ("key an alias", "a: &x b\n*x : c\n", "a mapping key is not text"),
    ("two documents", GOOD + "---\n" + GOOD, "a second YAML document"),
    ("alias to nothing", "a: *x\n", "not valid YAML|an alias points to nothing"),
    ("alias to itself", "a: &x [*x]\n", "an alias points to nothing, or to what it stands in"),
    ("bad number", "a: 0o_\nversion: !!int x\n", "'x' is no int"),
    ("gate a list", GOOD + "gate: []\n", "`gate` must be a mapping"),
    ("attempts a mapping", GOOD + "gate: {attempts: {}}\n", "`gate.attempts` a list"),
    ("attempt a text", GOOD + "gate: {attempts: [x]}\n", "`attempt` must be a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_with_the_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(CassetteError, match=f"(?s){message.replace('[', chr(92) + '[')}") as caught:
        stored(tmp_path, text)
    assert caught.value.fix
    assert caught.value.where.startswith(str(tmp_path / "c.yaml"))


def test_dates_stay_text_as_json_has_none(tmp_path: Path) -> None:
    cassette = stored(tmp_path, GOOD + "gate: {date: 2026-06-08, yes: no, n: 1_000, tagged: !!str 5}\n")
    assert cassette.facts == {"date": "2026-06-08", "yes": False, "n": 1000, "tagged": "5"}


JSON_REFUSED = [
    ('{"version": 1, "interactions": [', "c.json:1: not valid JSON"),
    ('{"version": 1,\n "a": 1, "a": 2}', "the key 'a' stands in one object twice"),
    ('{"version": 1, "a": NaN}', "NaN is no JSON value"),
    ('{"version": 1, "a": ' + "9" * 5000 + "}", "not valid JSON"),
    ("[" * 100_000, "nested too deeply"),
    ('{"a":' * 200 + "1" + "}" * 200, "nested deeper than 100 levels"),
    ('[{"request": {}}]', "before 1.0"),
    ("7", "no mapping"),
    ('{\n    "version": 1,\n    "interactions": [\n        7\n    ]\n}', "`interaction` must be a mapping, not int"),
]


@pytest.mark.parametrize(("text", "message"), JSON_REFUSED)
def test_json_is_read_as_strictly(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CassetteError) as caught:
        stored(tmp_path, text, "c.json")
    assert message in str(caught.value)


HOSTILE = {
    "flow": "[" * 200_000,
    "flow mapping": "{a: " * 100_000,
    "block": "- " * 100_000,
    "laughs": "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40)),
    "long laughs": "a: &a " + "x" * 1_000_000 + "\nb: [" + "*a, " * 100_000 + "]\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_ends_in_an_error_and_not_in_a_crash(tmp_path: Path, name: str) -> None:
    """PyYAML's C composer overflows the stack on the first three: in a process of its own, to see it."""
    path = tmp_path / "c.yaml"
    path.write_text(HOSTILE[name])
    code = f"from gate.store.cassette import load; import pathlib; load(pathlib.Path({str(path)!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done.returncode
    with pytest.raises(CassetteError):
        load(path)
    assert "CassetteError" in done.stderr


def test_size_limit(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(GOOD)
    assert load(path, max_bytes=len(GOOD)).exchanges
    with pytest.raises(CassetteError, match="larger than"):
        load(path, max_bytes=len(GOOD) - 1)


@pytest.mark.parametrize("missing", ["none.yaml", "."])
def test_what_is_no_file(tmp_path: Path, missing: str) -> None:
    with pytest.raises(CassetteError, match="can't read the cassette"):
        load(tmp_path / missing)
