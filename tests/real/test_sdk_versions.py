"""`gate sdk` with real versions from the registries: red where an upgrade broke people, green where nothing did."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from gate.model import Policy, Report
from gate.sdk.judge import compared
from gate.sdk.versions import version_of
from gate.store.sides import load_side

pytestmark = pytest.mark.slow
GOLDEN = Path(__file__).parent.parent.parent / "golden"
NODE = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here")


@cache
def judged(before: str, after: str) -> Report:
    """The report of an upgrade over our own goldens."""
    side = load_side(GOLDEN)
    return compared(version_of(before), version_of(after), side, Policy(), date(2026, 11, 29))


def told(report: Report) -> Mapping[str, set[str]]:
    """Findings by rule: `scenario path`."""
    found: dict[str, set[str]] = {}
    for finding in report.findings:
        found.setdefault(finding.rule, set()).add(f"{finding.scenario} {finding.path}")
    return found


@pytest.mark.parametrize("version", ["openai==2.54.0", "openai==3.57.0", pytest.param("npm:openai@6.49.0", marks=NODE)])
def test_a_version_against_itself_is_silent(version: str) -> None:
    report = judged(version, version)
    assert (report.verdict, told(report)) == ("pass", {})
    assert all(result.status == "pass" for result in report.scenarios)


def test_openai_python_3_wraps_what_ends_a_stream() -> None:
    """openai/openai-python#3811: what a cut stream raised was the HTTP client's exception, and is the SDK's own."""
    found = told(judged("openai==2.54.0", "openai==3.57.0"))
    assert found["sdk-exception-changed"] >= {
        "chat-stream!cut-after-3 error.class",
        "chat-stream!reset-after-3 error.class",
        "chat-stream!stall-after-3 error.class",
        "error-bad-key error.code",
    }


@NODE
def test_openai_node_7_sends_again_what_6_waits_for() -> None:
    """openai/openai-node#1840: how a 429 with Retry-After: 70 is treated."""
    found = told(judged("npm:openai@6.49.0", "npm:openai@7.59.0"))
    assert found == {"sdk-retries-changed": {"chat!status-429+retry-after-70 requests"}}


def test_a_version_that_does_not_exist_is_one_finding() -> None:
    report = judged("openai==2.54.0", "openai==99.0.0")
    assert set(told(report)) == {"sdk-unusable"}
    assert {finding.candidate.partition(":")[0] for finding in report.findings} == {"openai==99.0.0 does not install"}
