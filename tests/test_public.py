"""What others recorded is judged as it is and shown without secrets: in findings, exhibits, explanations, errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from gate.cli import group
from gate.explain.exhibits import exhibits
from gate.judge.public import masked, retold
from gate.judge.report import judge
from gate.model import Crash, Ending, Exchange, Policy, Report, Severity
from gate.model.sides import Side
from gate.redact.scrub import Scrubber, without_secrets
from tests.planted import draw
from tests.rules_table import ASK, HELLO, chunk, completion, embedding, plain, refusal, stream

KEY = "sk-" + "proj-" + draw("abcdefghkqwx0123456789ABC", 40)
MAIL = "jane.doe" + "@" + "customer-mail.org"
SECRETS = (KEY, MAIL)
# What looks like a card's number and is none.
CALL = "call_4111111111111111abcdef"


def of(*exchanges: Exchange) -> Side:
    return Side({"a": exchanges})


def judged(golden: Exchange, candidate: Exchange, **more: Any) -> Report:
    return judge(of(golden), of(candidate), Policy(), date(2026, 1, 1), exhibit=exhibits, **more)


def error(**members: Any) -> Exchange:
    usual = {"message": "No.", "type": "invalid_request_error", "param": None, "code": "invalid_value"}
    return refusal(400, body={"error": {**usual, **members}})


def seen(report: Report) -> str:
    return repr(report)


CASES: Mapping[str, tuple[Exchange, Exchange]] = {
    "a code": (error(), error(code=KEY)),
    "a parameter": (error(param="messages"), error(param=MAIL)),
    "the golden's own": (error(code=KEY), error(code="other")),
    "a message, in a status that differs": (plain(completion()), refusal(500, message=f"no account for {MAIL}")),
    "a page in place of JSON": (
        error(),
        replace(error(), response=None, detail=f"reset by {MAIL}", ending=Ending.RESET),
    ),
    "a name of a field": (plain(completion()), plain({**completion(), KEY: 1})),
    "a finish": (plain(completion()), plain(completion(finish=KEY))),
    "a delta": (stream(*HELLO), stream(*HELLO[:-1], chunk({"content": MAIL}), chunk({}, KEY))),
    "a header": (plain(completion()), plain(completion(), headers={"content-type": f"text/{KEY}"})),
}


@pytest.mark.parametrize("case", CASES)
def test_no_report_shows_a_secret_that_a_foreign_cassette_holds(case: str) -> None:
    golden, candidate = CASES[case]
    report = judged(golden, candidate)
    assert report.findings
    assert [secret for secret in SECRETS if secret in seen(report)] == []


def test_the_verdict_is_that_over_the_very_bytes() -> None:
    """Two keys that differ have one mask: the drift is told all the same, with its own fingerprint."""
    other = KEY.swapcase()
    assert KEY.swapcase() != KEY
    report = judged(error(code=KEY), error(code=other))
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("error-code-changed", Severity.RISKY)
    assert KEY not in seen(report)


def test_evidence_keeps_its_length_and_its_place() -> None:
    (finding,) = judged(error(), error(code=KEY)).findings
    assert len(finding.candidate) == len(json.dumps(KEY))
    assert finding.path == "error.code"


def test_ids_and_vectors_stay() -> None:
    """The masked judgement knows what they are; a search of the text would not."""
    said = {"id": CALL, "type": "function", "function": {"name": "f", "arguments": json.dumps({"mail": MAIL})}}
    golden = plain(
        completion({"content": None, "tool_calls": [{**said, "id": "x"}]}, "tool_calls"), {**ASK, "logprobs": True}
    )
    body = completion({"content": None, "tool_calls": [said, said]}, "tool_calls")
    report = judged(golden, plain(body, {**ASK, "logprobs": True}))
    assert CALL in seen(report)
    assert MAIL not in seen(report)
    numbers = plain(embedding([0.4111111111111111, 0.8]), url="/v1/embeddings")
    assert "0.4111111111111111" in seen(
        judged(numbers, plain(embedding([0.4111111111111111, 0.8, MAIL]), url="/v1/embeddings"))
    )


def test_a_pattern_of_the_team_is_masked() -> None:
    report = judged(error(), error(code="case-7781"), scrubber=Scrubber((), (r"case-\d+",)))
    assert "7781" not in seen(report)
    assert "case-7781" in seen(judged(error(), error(code="case-7781")))


def test_what_our_recorder_wrote_is_not_searched_again() -> None:
    side = of(replace(error(code=KEY), scenario="a"))
    assert masked(side, ["a", "not there"], Scrubber()) is side


def test_a_finding_that_masks_hide_is_masked_in_its_words() -> None:
    report = judged(error(), error(code="other"))
    crash = Crash("any-rule", "a", 0, f"ValueError: {MAIL}")
    results = tuple(replace(result, reason=f"lost: {MAIL}", status="incomplete") for result in report.scenarios)
    findings = tuple(replace(finding, message=f"it says {MAIL}") for finding in report.findings)
    loud = replace(report, findings=findings, crashes=(crash,), scenarios=results, notes=(KEY,))
    shown = retold(loud, replace(report, findings=(), scenarios=()), Scrubber())
    assert [secret for secret in SECRETS if secret in seen(shown)] == []
    assert len(shown.findings) == len(findings)


def foreign(path: Path, exchange: Exchange) -> Path:
    """A cassette as vcrpy writes it, without a `gate` key."""
    assert exchange.response is not None
    request = {
        "method": "POST",
        "uri": exchange.request.url,
        "body": (exchange.request.body or b"").decode(),
        "headers": {},
    }
    headers = {name: [value] for name, value in exchange.response.headers}
    response = {
        "status": {"code": exchange.response.status, "message": ""},
        "headers": headers,
        "body": {"string": exchange.response.body.decode()},
    }
    path.write_text(
        yaml.safe_dump({"version": 1, "interactions": [{"request": request, "response": response}]}), "utf-8"
    )
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    foreign(tmp_path / "a.yaml", error())
    foreign(tmp_path / "b.yaml", error(code=KEY, message=f"ask {MAIL}"))
    return tmp_path


FORMATS = ("json", "html", "markdown", "junit", "sarif", "github", "comment", "gitlab")


def test_diff_prints_and_writes_no_secret(here: Path) -> None:
    reports = [argument for name in FORMATS for argument in ("--report", f"{name}:out.{name}")]
    result = CliRunner().invoke(group, ["diff", "a.yaml", "b.yaml", *reports], standalone_mode=False)
    written = {path.name: path.read_text("utf-8") for path in here.glob("out.*")}
    assert len(written) == len(FORMATS)
    found = [name for name, text in {"terminal": result.output, **written}.items() for s in SECRETS if s in text]
    assert found == []
    assert "error-code-changed" in result.output


def test_explain_shows_no_secret(here: Path) -> None:
    CliRunner().invoke(group, ["diff", "a.yaml", "b.yaml", "--report", "json:out.json"], standalone_mode=False)
    fingerprint = json.loads((here / "out.json").read_text("utf-8"))["findings"][0]["fingerprint"]
    result = CliRunner().invoke(group, ["explain", fingerprint, "--from", "out.json"], standalone_mode=False)
    assert "HTTP 400" in result.output
    assert [secret for secret in SECRETS if secret in result.output] == []


def test_an_error_s_words_keep_addresses_and_numbers() -> None:
    text = f"http://10.0.0.7:8080/v1 answered 401 to {KEY}"
    assert without_secrets(text) == text.replace(KEY, without_secrets(KEY))
    assert KEY not in without_secrets(text)
