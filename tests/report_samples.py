"""Sample reports that every format is tested with: passing, drifting, incomplete, tolerated, crashed, hostile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gate.judge.fingerprint import fingerprint
from gate.judge.history import since
from gate.judge.verdict import conclude
from gate.model import Area, Crash, Effect, Finding, Location, Report, ScenarioResult, Severity
from gate.reports import formats

GOLDEN = {"route": "baseline", "base_url": "https://api.openai.com/v1", "model": "gpt-4o-mini", "date": "2026-11-20"}
CANDIDATE = {"route": "candidate", "base_url": "https://gateway.test/v1", "model": "gpt-4o-mini", "date": "2026-11-22"}


def finding(
    rule: str = "finish-reason-changed",
    area: Area = "tools",
    severity: Severity = Severity.BREAKING,
    scenario: str = "tool-forced",
    path: str = "choices[0].finish_reason",
    endpoint: str = "chat.completions",
    step: int = 0,
) -> Finding:
    """The finding that DESIGN section 6 draws, or one like it."""
    return Finding(
        rule=rule,
        area=area,
        severity=severity,
        endpoint=endpoint,
        scenario=scenario,
        step=step,
        path=path,
        message="finish_reason has a value that no golden sample shows",
        golden='"tool_calls"',
        candidate='"stop"',
        hits=3,
        samples=3,
        fingerprint=fingerprint(rule, endpoint, scenario, step, path),
        location=Location(frame=7, byte=1834),
        hint="map the provider's own reasons to the API's words in the gateway",
        who_breaks='loops that wait for finish_reason == "tool_calls" never run the tool',
        golden_location=Location(file=f"golden/{scenario}/cassette.yaml", line=41),
    )


AREAS: Mapping[str, tuple[Area, ...]] = {
    "chat-stream": ("transport", "schema", "stream", "usage", "params", "errors", "latency"),
    "tool-forced": ("transport", "schema", "tools", "usage", "params", "errors"),
    "embeddings": ("transport", "schema", "usage", "params", "embeddings", "errors"),
}


def result(scenario: str, endpoint: str = "chat.completions") -> ScenarioResult:
    return ScenarioResult(
        id=scenario,
        endpoint=endpoint,
        status="pass",
        attempts=3,
        latency={"ttft_p50": 310.0, "ttft_p95": 420.0, "total_p50": 1904.5},
        golden_file=f"golden/{scenario}/cassette.yaml",
        areas=AREAS.get(scenario, ("transport", "schema", "usage", "params", "errors")),
    )


STREAM = replace(
    result("chat-stream"),
    streams=("41 chunks, first token 310 ms, role content+ finish usage done, text whole, finish stop",),
)
SCENARIOS = (result("chat"), STREAM, result("tool-forced"), result("embeddings", "embeddings"))
USAGE = replace(
    finding("usage-chunk-missing", "usage", Severity.RISKY, "chat-stream", "usage"),
    message="the golden ends with a usage chunk, the candidate sends none",
    golden='{"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21}',
    candidate="absent",
    location=Location(file=".gate/candidate/chat-stream/cassette.yaml", line=12),
    hint="ask the gateway to pass stream_options.include_usage on",
    who_breaks="billing that adds up usage of streams",
)
OBJECTS = tuple(
    replace(
        finding("field-missing", "schema", Severity.BREAKING, scenario, "object"),
        message="a field that every golden sample has is missing",
        golden='"chat.completion"',
        candidate="absent",
        location=Location(),
        hint="",
        who_breaks="clients that tell answers apart by `object`",
    )
    for scenario in ("chat", "tool-forced")
)


def _report(*findings: Finding, **more: object) -> Report:
    empty = Report("pass", GOLDEN, CANDIDATE, SCENARIOS, findings)
    return conclude(replace(empty, **more))  # type: ignore[arg-type]


PASSING = _report()
DRIFTING = _report(finding(), USAGE, *OBJECTS, notes=("golden recorded 400 days ago",))
TOLERATED = _report(
    replace(USAGE, severity=Severity.BREAKING, outcome="tolerated", policy="tolerated until 2027-03-01: own ledger"),
    replace(finding("system-fingerprint-missing", "schema", Severity.INFO), outcome="off", policy="off for it"),
)
INCOMPLETE = _report(
    scenarios=(
        *SCENARIOS[:2],
        replace(SCENARIOS[2], status="incomplete", reason="connection refused on all 3 attempts", latency={}),
        replace(SCENARIOS[3], status="skipped", reason="the baseline does not serve it", attempts=0, latency={}),
    )
)
CRASHED = _report(
    crashes=(
        Crash("usage-sums", "chat", 0, 'Traceback (most recent call last):\n  File "x.py", line 3\nKeyError: "a"\n'),
    )
)

COMPARED = since(
    DRIFTING,
    _report(
        *OBJECTS[:1],
        replace(USAGE, severity=Severity.INFO),
        finding("error-type-changed", "errors", Severity.BREAKING, "chat", "error.type"),
    ),
    "base.json",
)

NASTY: Mapping[str, str] = {
    "ansi": "\x1b[31mred\x1b[0m\x1b]8;;http://evil.test\x07link\x1b]8;;\x07 \x9b2J",
    "command": "::error file=a.py,line=1::owned\n::set-output name=verdict::pass\r\n  ::stop-commands::x",
    "legacy-command": "text ##[error]owned ##vso[task.complete result=Succeeded] ###[group]",
    "cdata": "]]> <![CDATA[ &amp; &#0; <?xml?>",
    "nul": "a\x00b\x08c\x0b\x0c\x7f\x85\u2028\u2029\ufeff\ufffe\uffff\U0001fffe",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1)",
    "markdown": "```\n~~~~\n@everyone #123 <!-- x --> ![x](http://evil.test/x.png) | a | `b`",
    "bidi": "\u202egnirts\u202c \u2066x\u2069 \u200f\u200b\u061c",
    "surrogate": "\ud800 lone \udfff",
    "huge": "A" * 1_000_000,
    "colons": "::",
    "format": "{0} %s %(x)s ${HOME} $(id)",
}


def _nasty_finding(text: str) -> Finding:
    return replace(
        finding(rule=text, scenario=text, path=text, endpoint=text),
        message=text,
        golden=text,
        candidate=text,
        fingerprint=text,
        hint=text,
        who_breaks=text,
        policy=text,
        location=Location(text, 1, 2, 3),
        golden_location=Location(text, 1),
        clients=(Effect(text, "raises", text, content=True), Effect(text, "reads")),
    )


LATENCIES = {"total_p50": float("nan"), "ttft_p50": float("inf"), "gap_p50": -1e300}
HOSTILE = _report(
    *(_nasty_finding(text) for text in NASTY.values()),
    scenarios=(
        *(
            ScenarioResult(text, text, "incomplete", 1, text, LATENCIES | {text: 1.0}, (text,), text)
            for text in NASTY.values()
        ),
        *(ScenarioResult(f"{name}-only", text, "incomplete", 1, text) for name, text in NASTY.items()),
        ScenarioResult("not-run", "chat.completions", "skipped", reason=NASTY["command"]),
    ),
    crashes=tuple(Crash(text, text, 0, f"Traceback\n{text}\n  {text}") for text in NASTY.values()),
    notes=tuple(NASTY.values()),
    golden=dict(NASTY),
    candidate={"route": NASTY["command"], "deep": {"a": [{"b": NASTY["ansi"]}]}, "huge": 10**6000, "nan": float("nan")},
)

ARTIFACT = replace(
    HOSTILE,
    findings=tuple(replace(one, rule=f"rule-{n}") for n, one in enumerate(HOSTILE.findings)),
    crashes=tuple(replace(one, rule=f"rule-{n}") for n, one in enumerate(HOSTILE.crashes)),
)
"""The worst that can be read back: an id of a rule opens a file, so its form is checked."""

REPORTS: Mapping[str, Report] = {
    "passing": PASSING,
    "drifting": DRIFTING,
    "incomplete": INCOMPLETE,
    "tolerated": TOLERATED,
    "crashed": CRASHED,
    "compared": COMPARED,
}
"""The harmless ones, by the name of their golden output in tests/reports/."""


def many(number: int) -> Report:
    """A report of that many findings in a tenth as many scenarios."""
    names = [f"scenario-{n // 10}" for n in range(number)]
    findings = (replace(finding(scenario=name, path=f"field_{n}"), message=f"no {n}") for n, name in enumerate(names))
    return _report(*findings, scenarios=tuple(result(name) for name in dict.fromkeys(names)))


def write_golden_outputs() -> None:
    """`make pages` writes tests/reports/ anew; read the difference before committing it."""
    for name, report in REPORTS.items():
        for format_name, render in formats().items():
            golden_output(name, format_name).write_text(without_assets(render(report)), "utf-8")


_ASSETS = re.compile(r"(?s)(?<=<style>).*?(?=</style>)|(?<=<script>).*?(?=</script>)|(?<=sha256-)[\w+/=]*")
_PAGES = re.compile(r'("markdown": |"fullDescription": \{\s*"text": )".*"')


def without_assets(text: str) -> str:
    """A rendered page without its style, its script and their hashes, SARIF without pages of rules: they are files that a
    reviewer reads as such."""
    return _ASSETS.sub("…", text) if text.startswith("<!doctype html>") else _PAGES.sub(r'\1"…"', text)


def golden_output(name: str, format_name: str) -> Path:
    return Path(__file__).parent / "reports" / f"{name}.{format_name}.txt"


if __name__ == "__main__":
    write_golden_outputs()
