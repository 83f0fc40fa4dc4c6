"""What a use of the action came to: the report of the engine, read without the engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

REPORTS: Mapping[str, str] = {
    "json": "gate.json",
    "junit": "junit.xml",
    "junit-github": "junit-github.xml",
    "sarif": "gate.sarif",
    "html": "gate.html",
    "markdown": "summary.md",
}
"""Format → file in the report's folder."""

_PATHS = {"junit-path": "junit.xml", "sarif-path": "gate.sarif", "html-path": "gate.html", "json-path": "gate.json"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` is the gate's (0 pass, 1 drift, 2 usage, 3 incomplete); `notes` are (level, sentence) for the run's page.

    `lead` is the one of them that stands under the heading of the summary, because its report can't know it.

    The verdict is `incomplete` wherever no candidate was judged, so that only a pass reads as one.
    """

    mode: str = ""
    code: int = 2
    verdict: str = "incomplete"
    breaking: int = 0
    risky: int = 0
    scenarios: int = 0
    goldens_changed: int = 0
    markdown: str = ""
    lead: str = ""
    notes: tuple[tuple[str, str], ...] = ()

    def noted(self, level: str, sentence: str) -> Outcome:
        """With one more note; `level` is `error`, `warning` or `notice`."""
        return replace(self, notes=(*self.notes, (level, sentence)))

    def led(self, level: str, sentence: str) -> Outcome:
        """With one more note, which is the lead as well."""
        return replace(self.noted(level, sentence), lead=sentence)


def judged(mode: str, code: int, report: Path) -> Outcome:
    """The outcome of `check` or `merge`: verdict and counts of the JSON report, where the engine finished."""
    try:
        document: Any = json.loads((report / REPORTS["json"]).read_text("utf-8"))
        markdown = (report / REPORTS["markdown"]).read_text("utf-8")
    except (OSError, ValueError):
        # Without a report even exit code 0 or 1 proves nothing.
        return Outcome(mode, code if code == 3 else 2)
    # A signal or a crash of Python gives other codes.
    code = code if code in (0, 1, 3) else 2
    enforced = [finding["severity"] for finding in document["findings"] if finding["outcome"] == "enforced"]
    return Outcome(
        mode,
        code,
        # exit code 2 outranks: a rule crashed, or what was asked for is not what was judged
        verdict=document["verdict"] if code != 2 else "incomplete",
        breaking=enforced.count("breaking"),
        risky=enforced.count("risky"),
        scenarios=sum(scenario["status"] in ("pass", "drift") for scenario in document["scenarios"]),
        markdown=markdown,
    )


def settled(outcome: Outcome, on_incomplete: str, min_scenarios: int) -> Outcome:
    """The outcome after `on-incomplete` and `min-scenarios`."""
    # A check of nothing must not pass: a suite that shrank to zero by a slip would be green for ever.
    if outcome.mode in ("check", "merge") and outcome.code in (0, 1) and outcome.scenarios < min_scenarios:
        words = f"{outcome.scenarios} scenarios were judged, fewer than `min-scenarios: {min_scenarios}`"
        outcome = replace(outcome, code=2, verdict="incomplete").led("error", words)
    if outcome.code == 3 and on_incomplete == "pass":
        words = "not everything could be judged; `on-incomplete: pass` lets it by"
        return replace(outcome, code=0).led("warning", words)
    return outcome


def outputs(outcome: Outcome, report: Path | None, artifact: str) -> dict[str, str | int]:
    """What action.yml hands out: counts, words of a list and paths, never text of a remote."""
    paths = {name: report / file for name, file in _PATHS.items()} if report else {}
    return {
        "verdict": outcome.verdict,
        "mode": outcome.mode,
        "breaking": outcome.breaking,
        "risky": outcome.risky,
        "scenarios": outcome.scenarios,
        "goldens-changed": outcome.goldens_changed,
        **{name: str(paths[name]) if name in paths and paths[name].is_file() else "" for name in _PATHS},
        "report-dir": str(report) if report and any(report.iterdir()) else "",
        "artifact-name": artifact,
    }
