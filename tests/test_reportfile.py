"""A report survives being written and read back; what is no report is a clear error."""

from __future__ import annotations

import importlib.resources
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from gate.errors import ConfigError
from gate.model import Report, Severity
from gate.reports.json import render
from gate.store.report_file import parse
from tests.report_samples import ARTIFACT, DRIFTING, PASSING, REPORTS

SCHEMA: dict[str, Any] = json.loads(
    importlib.resources.files("gate.store").joinpath("report.schema.json").read_text("utf-8")
)
ALL = {**REPORTS, "hostile": ARTIFACT, "never": replace(DRIFTING, fail_on=None)}


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_what_is_written_is_valid(report: Report) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(render(report)), strict(SCHEMA))


def strict(schema: Any) -> Any:
    """The schema with no member beyond those it names: what we write, it must describe."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(part) for name, part in schema.items()}
    return closed | {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else closed


LEAD = replace(DRIFTING, lead="2 things changed at once: model; base_url")
KEPT = {**REPORTS, "never": replace(DRIFTING, fail_on=None), "lead": LEAD}


@pytest.mark.parametrize("report", KEPT.values(), ids=KEPT)
def test_round_trip(report: Report) -> None:
    assert parse(render(report)) == report


def test_a_hostile_report_can_be_read_and_written_again() -> None:
    once = render(ARTIFACT)
    assert render(parse(once)) == once


def test_members_of_a_later_gate_are_passed_over() -> None:
    document = json.loads(render(DRIFTING))
    for part in (document, document["findings"][0], document["findings"][0]["location"], document["scenarios"][0]):
        part["invented_later"] = 1
    assert parse(json.dumps(document)) == DRIFTING


def test_a_report_of_a_gate_before_leads_has_none() -> None:
    document = json.loads(render(LEAD))
    del document["lead"]
    assert parse(json.dumps(document)) == DRIFTING


@pytest.mark.parametrize("rule", ["../../../../tmp/secret", "a_b", "finish-reason-changed\n", ""])
def test_what_can_be_no_rule_is_refused(rule: str) -> None:
    for document in (json.loads(render(DRIFTING)), json.loads(render(REPORTS["crashed"]))):
        (document["findings"] or document["crashes"])[0]["rule"] = rule
        with pytest.raises(ConfigError, match="rule"):
            parse(json.dumps(document))


def test_severities_keep_their_order() -> None:
    parsed = parse(render(DRIFTING))
    assert parsed.fail_on is Severity.BREAKING
    assert max(found.severity for found in parsed.findings) is Severity.BREAKING


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "not a report: Expecting value"),
        ("[" * 200_000, "not a report: "),
        ("[]", "not a report: $: "),
        ("9" * 5000, "not a report: "),
        (render(PASSING).replace('"schema_version": 1', '"schema_version": 2'), "$.schema_version: 1 was expected"),
        (render(DRIFTING).replace('"severity": "risky"', '"severity": "fatal"'), "$.findings[3].severity: 'fatal'"),
        (render(PASSING).replace('"notes": []', '"notes": {}'), "$.notes: {} is not of type 'array'"),
    ],
)
def test_what_is_no_report_is_an_error_with_its_place(text: str, what: str) -> None:
    with pytest.raises(ConfigError) as raised:
        parse(text, "shard-2.json")
    assert what in str(raised.value)
    assert raised.value.where == "shard-2.json"
    assert raised.value.fix


def test_a_report_beyond_all_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gate.store.report_file.MAX_CHARACTERS", 100)
    with pytest.raises(ConfigError, match="more than 100"):
        parse(render(PASSING))
