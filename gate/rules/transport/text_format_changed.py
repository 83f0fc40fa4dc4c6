"""A text comes in another format than the golden's: subtitles as words, VTT as SRT, or nothing (S36)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import numbered
from gate.wire.shape import show

Format = Literal["WebVTT", "SRT", "plain text", "nothing"]

# https://www.w3.org/TR/webvtt1/#file-structure; SRT numbers its cues, with a comma before the milliseconds, or not
_CUE = re.compile(r"\s{0,20}\d{1,9}\s{1,4}\d{1,3}:\d{2}:\d{2}[,.]\d{1,3} --> ")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where every golden answer is a text; JSON in its place is content-type-changed's."""
    golden, candidate = comparison.golden, comparison.candidate
    if not all(g.ok and g.form == "text" for g in golden):
        return
    usual = {_format(g) for g in golden}
    for sample, found in numbered(candidate):
        if found.ok and found.form in ("text", "empty") and found.ending is Ending.COMPLETE:
            now = _format(found)
            if now not in usual:
                right = " or ".join(sorted(usual))
                severity = Severity.BREAKING if now == "nothing" else None
                yield Drift(
                    path="body",
                    message=f"the answer is {now}, not {right}",
                    golden=right,
                    candidate=show(found.text, 80),
                    sample=sample,
                    severity=severity,
                )


def _format(found: Observation) -> Format:
    if not found.text.strip():
        return "nothing"
    if found.text.lstrip("\ufeff").startswith("WEBVTT"):
        return "WebVTT"
    return "SRT" if _CUE.match(found.text.lstrip("\ufeff")) else "plain text"


RULE = Rule(
    id="text-format-changed",
    area="transport",
    severity=Severity.RISKY,
    summary="a text answer has another format than the golden's",
    who_breaks="subtitle pipelines and players that parse cues find none",
    hint="let the gateway pass response_format on, or convert on your side",
    check=check,
)
