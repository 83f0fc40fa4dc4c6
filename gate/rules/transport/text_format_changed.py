"""A text comes in another format than the golden's: subtitles as plain text, VTT as SRT, or nothing (S36)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from gate.model import Comparison, Drift, Ending, Rule, Severity
from gate.observe.breaches import read
from gate.wire.shape import show

Format = Literal["WebVTT", "WebVTT with commas in its times", "SRT", "a text in quotes", "plain text", "empty"]

# https://www.w3.org/TR/webvtt1/#file-structure; SRT numbers its cues, with a comma before the milliseconds, or not
# with hours of one to three digits, and a point for the comma: "SRT with short hours" is a row
_CUE = re.compile(r"\s{0,20}\d{1,9}\s{1,4}\d{1,3}:\d{2}:\d{2}[,.]\d{1,3} --> ")
# Browsers drop a cue whose times have no point: https://www.w3.org/TR/webvtt1/#collect-a-webvtt-timestamp
_COMMA = re.compile(r"^(?:\d{2,9}:)?\d\d:\d\d,\d{3} --> (?:\d{2,9}:)?\d\d:\d\d,\d{3}", re.MULTILINE)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where every golden answer is a text; JSON in its place is content-type-changed's."""
    if not all(golden.ok and golden.form == "text" for golden in comparison.golden):
        return
    formats = {_format(golden.text) for golden in comparison.golden}
    usual = " or ".join(sorted(formats))
    for pair in comparison.pairs:
        answer, format_ = pair.candidate, _format(pair.candidate.text)
        whole = answer.ok and answer.form in ("text", "empty") and answer.ending is Ending.COMPLETE
        if whole and format_ not in formats:
            yield pair.drift(
                path="body",
                message=f"the answer is {format_}, not {usual}",
                golden=usual,
                candidate=show(answer.text, 80),
                # players and pipelines that parse cues find none in another format; from nothing they can't even show
                # the words
                severity=Severity.BREAKING if format_ == "empty" else None,
            )


def _format(text: str) -> Format:
    if not text.strip():
        return "empty"
    text = text.lstrip("\ufeff")
    if text.startswith("WEBVTT"):
        return "WebVTT with commas in its times" if _COMMA.search(text) else "WebVTT"
    # a server that answers any text as JSON, under whatever label
    if text[0] == '"' and isinstance(read(text).value, str):
        return "a text in quotes"
    return "SRT" if _CUE.match(text) else "plain text"


RULE = Rule(
    id="text-format-changed",
    area="transport",
    severity=Severity.RISKY,
    summary="a text answer has another format than the golden's",
    who_breaks="subtitle pipelines and players that parse cues find none",
    hint="let the gateway pass response_format on, or convert on your side",
    check=check,
)
