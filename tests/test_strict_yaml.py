"""Strict loading: whatever is wrong or hostile in a file is refused, with its place and a way out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gate.config import gate_yaml
from gate.errors import CassetteError, ConfigError
from gate.run.contract_file import read as read_contract
from gate.store.cassette import load
from gate.store.not_served import not_served
from gate.suite.scenario import read_scenarios
from gate.wire.strict_yaml import NODE, Dialect, Yaml12, parse
from tests.stored import foreign, stored

ROOT = Path(__file__).parent.parent
GOOD = foreign()
REFUSED = [
    ("empty", "", "c.yaml: the cassette is empty"),
    ("blank", " \n\n", "c.yaml: the cassette is empty"),
    ("comment only", "# nothing\n", "c.yaml: not a cassette: the document is not a mapping"),
    ("half a file", GOOD[: GOOD.index("POST")].replace("null", "'nul"), "not valid YAML"),
    ("no YAML", "interactions: [\n", "c.yaml:2: not valid YAML: "),
    ("not UTF-8", b"version: 1\nx: \xff\xfe\n", "c.yaml:2: not valid YAML: invalid leading UTF-8 octet"),
    ("control character", "version: 1\nx: \x07\n", "c.yaml:2: not valid YAML: control characters are not allowed"),
    ("old list", "- request: {}\n", "before 1.0"),
    ("scalar", "just text\n", "not a mapping"),
    ("no version", "interactions: []\n", "holds no interaction"),
    ("version 2", GOOD.replace("version: 1", "version: 2"), "version is `2`"),
    ("version true", GOOD.replace("version: 1", "version: true"), "version is `True`"),
    ("ruby", "http_interactions: []\nversion: 1\n", "this is a cassette of Ruby's VCR"),
    ("nothing in it", "interactions: []\nversion: 1\n", "holds no interaction"),
    ("interaction a list", "interactions: [[]]\nversion: 1\n", "`interaction` must be a mapping, not list"),
    ("no response", "interactions:\n- request: {method: G, uri: u}\nversion: 1\n", "c.yaml:2: `response` must be a mapping, not null"),
    ("no request", "interactions:\n- response: {status: {code: 200}}\nversion: 1\n", "c.yaml:2: `request` must be"),
    ("method a number", GOOD.replace("POST", "7"), "c.yaml:2: `method` has the wrong type: int"),
    ("no uri", GOOD.replace("uri:", "url:"), "`uri` is missing"),
    ("status a list", GOOD.replace("{code: 200, message: OK}", "[200]"), "`response.status` must be a mapping"),
    ("code a word", GOOD.replace("code: 200", "code: ok"), "from 100 to 999, not `ok`"),
    ("code too large", GOOD.replace("code: 200", "code: 1000"), "from 100 to 999"),
    ("code true", GOOD.replace("code: 200", "code: true"), "from 100 to 999"),
    ("message a list", GOOD.replace("message: OK", "message: []"), "`status.message` must be text"),
    ("headers a list", GOOD.replace("{Accept: ['*/*'], Host: h}", "[a]"), "`headers` must be a mapping"),
    ("header a mapping", GOOD.replace("Host: h", "Host: {a: b}"), "the header `Host` must be text, not dict"),
    ("body a number", foreign(request="7"), "a body must be text"),
    ("body no base64", foreign(response="body: {base64_string: '?'}"), "`base64_string` is not base64"),
    ("binary no base64", foreign(request="!!binary '?'"), "c.yaml:3: this !!binary value is not base64"),
    ("python object", foreign(request="!!python/object/apply:os.system [x]"), "c.yaml:3: the tag `tag:yaml.org,2002:python/obj"),
    ("python name", foreign(request="!!python/name:os.system"), "is not accepted"),
    ("duplicate key", GOOD.replace("    uri:", "    method: GET\n    uri:"), "c.yaml:6: duplicate key `method`"),
    ("merge key", GOOD.replace("    uri:", "    <<: {a: b}\n    uri:"), "merge keys"),
    ("key a list", "? [a]\n: b\n", "a mapping key is not text"),
    ("key an alias", "a: &x b\n*x : c\n", "a mapping key is not text"),
    ("two documents", GOOD + "---\n" + GOOD, "a second YAML document"),
    ("alias to nothing", "a: *x\n", "undefined alias `x`"),
    ("alias to itself", "a: &x [*x]\n", "undefined alias `x`: no complete value before it has this anchor"),
    ("bad number", "a: 0o_\nversion: !!int x\n", "`x` is not a valid int"),
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
    ('{"version": 1,\n "a": 1, "a": 2}', "duplicate key `a`"),
    ('{"version": 1, "a": NaN}', "NaN is not a JSON value"),
    ('{"version": 1, "a": ' + "9" * 5000 + "}", "not valid JSON"),
    ("[" * 100_000, "nested too deeply"),
    ('{"a":' * 200 + "1" + "}" * 200, "nested deeper than 100 levels"),
    ('[{"request": {}}]', "before 1.0"),
    ("7", "not a mapping"),
    ('{\n    "version": 1,\n    "interactions": [\n        7\n    ]\n}', "`interaction` must be a mapping, not int"),
]


@pytest.mark.parametrize(("text", "message"), JSON_REFUSED)
def test_json_is_read_as_strictly(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CassetteError) as caught:
        stored(tmp_path, text, "c.json")
    assert message in str(caught.value)


HOSTILE: dict[str, str | bytes] = {
    "flow": "[" * 200_000,
    "flow mapping": "{a: " * 100_000,
    "block": "- " * 100_000,
    "question marks": "? " * 100_000,
    "laughs": "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40)),
    "long laughs": "a: &a " + "x" * 100_000 + "\nb: [" + "*a, " * 100_000 + "]\n",
    "deep by aliases": "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 5000)),
    "timestamp": "a: !!timestamp x\n",
    "python object": "a: !!python/object/apply:os.system [x]\n",
    "set": "a: !!set {x: null}\n",
    "duplicate key": "a: 1\na: 2\n",
    "merge key": "a: {<<: {b: c}}\n",
    "two documents": "a: 1\n---\na: 2\n",
    "not UTF-8": b"a: \xff\n",
    "control character": "a: \x07\n",
}
READERS: dict[str, Callable[[Path], object]] = {
    "cassette": load,
    "gate.yaml": gate_yaml.load,
    "scenario": lambda path: read_scenarios(path, path.name, path.parent),
    "contract.yaml": read_contract,
    "not-served.yaml": lambda path: not_served(path.parent),
}
"""Every YAML file that the gate reads."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_yaml_is_an_error_of_ours_with_its_line_in_every_file(tmp_path: Path, reader: str, name: str) -> None:
    content = HOSTILE[name]
    path = tmp_path / ("not-served.yaml" if reader == "not-served.yaml" else "c.yaml")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises((CassetteError, ConfigError)) as caught:
        READERS[reader](path)
    assert re.fullmatch(r".*\.yaml:\d+", caught.value.where)


def test_nesting_without_end_does_not_end_the_process(tmp_path: Path) -> None:
    """PyYAML's C composer overflows the stack on these: in a process of its own, to see it."""
    names = ("flow", "flow mapping", "block", "question marks", "laughs")
    script = """if True:
        import pathlib, sys
        from gate.errors import GateError
        from tests.test_strict_yaml import HOSTILE, READERS
        path = pathlib.Path("not-served.yaml")
        for name in sys.argv[1:]:
            path.write_text(HOSTILE[name])
            for read in READERS.values():
                try:
                    read(path)
                except GateError:
                    print("refused")
    """
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script, *names], capture_output=True, timeout=60, cwd=tmp_path, env=environ, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, [b"refused"] * len(names) * len(READERS)), done.stderr


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


def test_limits_of_a_dialect() -> None:
    small = Dialect(Yaml12, ConfigError, "", max_bytes=20, max_depth=2, max_expanded=NODE)
    assert parse("a: &x [1]\nb: 2\n", "f", small) == {"a": [1], "b": 2}
    assert parse("a: &x 1\nb: *x\n", "f", replace(small, max_expanded=2 * NODE)) == {"a": 1, "b": 1}
    for text, message in (
        ("a: " + "x" * 20, "f: the file is larger than 20 bytes"),
        ("a: [[1]]", "f:1: nested deeper than 2 levels"),
        ("a: &x 1\nb: *x\n", "f:2: aliases expand to more than 64 characters"),
        ("a: &x []\nb: [*x]", "f:2: nested deeper than 2 levels"),
    ):
        with pytest.raises(ConfigError) as caught:
            parse(text, "f", small)
        assert str(caught.value) == message
    with pytest.raises(ConfigError, match="aliases are not accepted"):
        parse("a: &x 1\nb: *x\n", "f", replace(small, max_expanded=0))


def test_the_values_of_a_document_are_counted() -> None:
    few = Dialect(Yaml12, ConfigError, "", max_bytes=1000, max_depth=5, max_expanded=0, max_nodes=5)
    assert parse("[1, 2]", "few.yaml", few) == [1, 2]
    with pytest.raises(ConfigError, match=r"few\.yaml:2: more than 5 values"):
        parse("- 1\n- [2, 3, 4]\n", "few.yaml", few)
