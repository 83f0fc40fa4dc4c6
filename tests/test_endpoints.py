"""What is found in `gate/endpoints/`: a module declares its endpoint, a schema says what a client feels in known words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gate import endpoints
from gate.endpoints import schemas
from gate.model import Severity

SCHEMAS = sorted(Path(schemas.__file__).parent.glob("*.json"))
OF_FAILURES = "error"  # the one that every endpoint shares
WORDS = {"silent", *(severity.word for severity in Severity)}
SEVERITIES = {"x-missing", "x-null", "x-type", "x-value", "x-added"}


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(inner)


def _strange(document: Any) -> list[str]:
    """The annotations that nobody reads, or whose value nobody knows."""
    found = [(key, value) for node in _objects(document) for key, value in node.items() if key.startswith("x-")]
    return [
        f"{key}: {value!r}"
        for key, value in found
        if not (
            (key in SEVERITIES and value in WORDS)
            or (key == "x-noise" and value is True)
            or (key == "x-as" and isinstance(value, str))
        )
    ]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_one_and_its_annotations_are_read(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(document)
    assert _strange(document) == [], f"the annotations are {sorted(SEVERITIES)} with {sorted(WORDS)}, x-noise and x-as"


def test_an_annotation_that_nobody_reads_is_told() -> None:
    node = {"x-mising": "risky", "x-null": "bad", "x-noise": "true", "x-type": "info"}
    assert _strange({"properties": {"id": node}}) == ["x-mising: 'risky'", "x-null: 'bad'", "x-noise: 'true'"]


def test_every_schema_has_its_endpoint_and_every_endpoint_its_schemas() -> None:
    named = {name for one in endpoints.endpoints().values() for name in (one.schema, one.chunk_schema) if name}
    stored = {path.name.removesuffix(".json") for path in SCHEMAS}
    assert stored == {*named, OF_FAILURES}, "the files of gate/endpoints/schemas/, and the schemas that endpoints name"


def test_a_module_that_declares_nothing_is_told_with_its_file() -> None:
    module = ModuleType("gate.endpoints.other")
    vars(module).update(__file__="endpoints/other.py")
    with pytest.raises(TypeError, match=r"endpoints/other\.py: no ENDPOINT"):
        endpoints.declared(module)


def test_an_event_that_is_no_object_is_none_of_a_transcription() -> None:
    classify = endpoints.endpoint("audio.transcriptions").classify
    assert classify is not None
    assert classify([1], None) == (("invalid", None),)
