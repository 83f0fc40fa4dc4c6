"""A report survives being written and read back; what is no report is a clear error."""

from __future__ import annotations

import importlib.resources
import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gate.errors import ConfigError
from gate.model import Location, Report, Severity
from gate.reports.json import render
from gate.store.report_file import parse
from gate.text.safe import REPORT
from tests.report_samples import ARTIFACT, DRIFTING, PASSING, REPORTS
from tests.test_cli import gate

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
    monkeypatch.setattr("gate.store.report_file.REPORT", 100)
    with pytest.raises(ConfigError, match="more than 100"):
        parse(render(PASSING))


# -- always readable ----------------------------------------------------------------------------

LONG = "\U0001f600\x1b" * 500_000


def stuffed(value: Any, text: str) -> Any:
    """The report with every free text replaced; words that the schema lists stay."""
    if isinstance(value, tuple):
        return tuple(stuffed(part, text) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = (
            "verdict",
            "status",
            "outcome",
            "severity",
            "area",
            "fail_on",
            "latency",
            "exhibits",
            "areas",
            "rule",
            "fingerprint",
            "about",
        )
        changes = {f.name: stuffed(getattr(value, f.name), text) for f in fields(value) if f.name not in kept}
        return replace(value, **changes)
    if isinstance(value, dict):
        return {key: stuffed(part, text) for key, part in value.items()} | {text: text}
    return text if isinstance(value, str) and value else value


@pytest.mark.untraced
@pytest.mark.parametrize("many", [1, 40])
def test_long_texts_in_every_field_can_be_read(many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound = REPORT if many == 1 else REPORT // 10  # the real bound takes 400, and 2.7 GB
    monkeypatch.setattr("gate.reports.json.REPORT", bound)
    long = stuffed(DRIFTING, LONG if many == 1 else LONG[:9000])
    written = render(replace(long, findings=long.findings * many))
    assert len(written) <= bound
    again = parse(written)
    assert again.verdict == DRIFTING.verdict
    assert len(again.findings) + sum("findings are left out" in note for note in again.notes) >= len(DRIFTING.findings)
    assert again.findings[0].severity == DRIFTING.findings[0].severity
    if many == 1:
        (tmp_path / "gate.json").write_text(written)
        merged = gate("merge", str(tmp_path / "gate.json"))
        assert merged.exit_code == 2
        assert "duplicate scenario" in str(merged.exception)  # so it was read
        start = again.findings[0].fingerprint
        assert gate("explain", start, "--from", str(tmp_path / "gate.json")).exit_code == 0


def test_so_many_findings_that_some_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """By severity: what is left out would never change the verdict of a merge."""
    monkeypatch.setattr("gate.reports.json.REPORT", len(render(DRIFTING)) * 3)
    many = replace(DRIFTING, findings=DRIFTING.findings * 200, notes=("a note",) * 5)
    again = parse(render(many))
    assert 0 < len(again.findings) < len(many.findings)
    assert again.findings == many.findings[: len(again.findings)]
    assert again.notes[-1].startswith(f"{len(many.findings) - len(again.findings):,} findings are left out")
    monkeypatch.setattr("gate.reports.json.REPORT", len(render(DRIFTING)))
    assert parse(render(replace(many, golden={f"{n}": "b" * 500 for n in range(100)}, scenarios=()))).golden == {}


@pytest.mark.parametrize("name", ["n" * 5000, "a/" * 3000, "\0", "x" * 255 + ".yaml"])
def test_names_that_no_disk_has_are_files_that_are_not_there(name: str, tmp_path: Path) -> None:
    place = Location(file=name, line=1)
    first = replace(DRIFTING.findings[0], scenario=name, location=place, golden_location=place)
    (tmp_path / "gate.json").write_text(render(replace(DRIFTING, findings=(first,))))
    result = gate("explain", first.fingerprint, "--from", str(tmp_path / "gate.json"))
    assert (result.exit_code, result.exception) == (0, None)
    assert "the cassettes that the report names are not here" in result.output
