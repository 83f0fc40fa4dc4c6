"""The strict reader: YAML 1.2 scalars, positions, and every way in which a file is not one JSON-like document."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.errors import ConfigError
from gate.model import Json
from gate.store.yaml_file import MAX_BYTES, dotted, parse, read

SCALARS: list[tuple[str, Json]] = [
    ("off", "off"),
    ("no", "no"),
    ("2027-03-01", "2027-03-01"),
    ("1:30", "1:30"),
    ("1_000", "1_000"),
    ("0x10", "0x10"),
    (".inf", ".inf"),
    ("Null", "Null"),
    ("=", "="),
    ("<<", "<<"),
    ("true", True),
    ("null", None),
    ("~", None),
    ("", None),
    ("12", 12),
    ("-0.5", -0.5),
    ("1e3", 1000.0),
    ("'12'", "12"),
    ("!!str 12", "12"),
    ("120s", "120s"),
    ("[]", []),
    ("{}", {}),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_scalars_are_those_of_yaml_1_2(text: str, value: Json) -> None:
    found = parse(f"a: {text}\n", "f").value["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_key_and_item_has_its_line() -> None:
    document = parse("# one\na:\n  b: 1\n\n  c:\n    - x\n    - {d: 2,\n       e: 3}\n", "f")
    assert document.value == {"a": {"b": 1, "c": ["x", {"d": 2, "e": 3}]}}
    assert dict(document.lines) == {
        (): 2,
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 5,
        ("a", "c", 0): 6,
        ("a", "c", 1): 7,
        ("a", "c", 1, "d"): 7,
        ("a", "c", 1, "e"): 8,
    }
    assert document.line(("a", "c", 1, "zzz", 4)) == 7
    assert document.line(("zzz",)) == 2


def test_an_alias_stands_for_a_copy() -> None:
    assert parse("a: &x [1]\nb: *x\n", "f").value == {"a": [1], "b": [1]}


BAD = [
    ("", "f:1: the file is empty"),
    ("# nothing\n", "f:1: the file is empty"),
    ("a: 1\nb: 2\na: 3\n", "f:3: duplicate key `a`\n  fix: line 1 has it already"),
    ("a:\n  x: {y: 1,\n  y: 2}\n", "f:3: duplicate key `y`\n  fix: line 2 has it already"),
    ("a: [1\nb: 2\n", "f:2: not valid YAML: did not find expected ',' or ']'"),
    ("a: b: c\n", "f:1: not valid YAML: mapping values are not allowed in this context"),
    ("a: *x\n", "f:1: undefined alias `x`: no complete value before it has this anchor"),
    ("a: 1\n---\nb: 2\n", "f:2: a second YAML document starts here"),
    ("a: 1\n\tb: 2\n", "f:2: not valid YAML: found a tab character that violates indentation"),
    ("a: \x07\n", "f:1: not valid YAML: control characters are not allowed"),
    ("200: x\n", 'f:1: the key 200 is not text\n  fix: quote it: "…"'),
    ("? [a]\n: b\n", "f:1: a mapping key is not text"),
    ("a: !secret x\n", "f:1: the tag `!secret` is not accepted"),
    ("a: !!python/object:os.system x\n", "f:1: the tag `tag:yaml.org,2002:python/object:os.system` is not accepted"),
    ("a: !!set {x}\n", "f:1: the tag `tag:yaml.org,2002:set` is not accepted"),
    ("a: 1e999\n", "f:1: `1e999` is not a valid float"),
    ("a: !!int x\n", "f:1: `x` is not a valid int"),
    ("a: &x [*x]\n", "f:1: undefined alias `x`: no complete value before it has this anchor"),
    ("\n" + "[" * 100 + "]" * 100, "f:2: nested deeper than 60 levels"),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=[m.split(":", 2)[-1][:40] for _, m in BAD])
def test_what_is_not_one_plain_document_is_an_error_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "f")
    assert str(caught.value) == message


def test_aliases_that_multiply_end_early() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(ConfigError, match="aliases expand to more than 6,400,000 characters"):
        parse("\n".join(lines), "f")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting_without_end_does_not_end_the_process(opening: str) -> None:
    with pytest.raises(ConfigError):
        parse(opening * 200_000, "f")


FILES = [
    (b"\xef\xbb\xbfa: 1\n", {"a": 1}),
    (b"a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
    (b"a: 1\nb: \xff\n", "x.yaml:2: this is not UTF-8 text\n  fix: save it as UTF-8"),
    (b"a: 1\n" + b"#" * MAX_BYTES, "x.yaml: the file is larger than 1024 KiB"),
    (None, "x.yaml: can't read it: No such file or directory"),
]


@pytest.mark.parametrize(("content", "result"), FILES)
def test_files(tmp_path: Path, content: bytes | None, result: Json) -> None:
    path = tmp_path / "x.yaml"
    if content is not None:
        path.write_bytes(content)
    if isinstance(result, dict):
        assert read(path).value == result
        return
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert str(caught.value) == result


def test_places_and_texts_are_safe_to_print() -> None:
    assert dotted(("policy", "tolerate", 0, "until")) == "policy.tolerate[0].until"
    assert dotted(("a\x1b[31m\u202eb\n",)) == "a\\x1b[31m\\u202eb\\n"
    assert dotted(("x" * 1000,)) == "x" * 100 + "… (1,000 characters)"
