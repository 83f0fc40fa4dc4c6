"""The same body under another label: JSON as text/plain, an event stream as application/json (T14, S36)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import numbered

_RIGHT = {"json": "application/json", "stream": "text/event-stream"}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Media types of successes in the same form; parameters such as charset don't count (B31)."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        known = {g.media_type for g in golden if g.ok and g.form == found.form} - {""}
        label = found.media_type[:80] or "absent"
        if _replaced(golden, found):
            message = "JSON comes in place of text: the response format is ignored"
            yield Drift(
                path="headers.content-type",
                message=message,
                golden=golden[0].media_type or "text",
                candidate=label,
                sample=sample,
            )
        if not found.ok or not known or found.media_type in known or not _evident(found):
            continue
        message = f"content-type is {label}{_content(found)}"
        yield Drift(
            path="headers.content-type",
            message=message,
            golden=" or ".join(sorted(known)),
            candidate=label,
            sample=sample,
            severity=_severity(found, known),
        )


def _replaced(golden: Samples, found: Observation) -> bool:
    """JSON, and labelled so, where the golden sends subtitles or words (S36): a bare text may read like JSON."""
    json = found.ok and found.form == "json" and found.media_type.endswith("json")
    return json and all(g.ok and g.form == "text" for g in golden)


def _evident(found: Observation) -> bool:
    # recorders drop headers: that one is missing is told only of exchanges that we timed ourselves
    return bool(found.media_type) or found.timing.total is not None


def _content(found: Observation) -> str:
    return {"json": " on a JSON body", "stream": " on an event stream"}.get(found.form, "")


def _severity(found: Observation, known: set[str]) -> Severity:
    if found.media_type == _RIGHT.get(found.form):
        return Severity.INFO
    if found.form != "json" or not known & {_RIGHT["json"]}:
        return Severity.RISKY
    return Severity.INFO if found.media_type.endswith("json") else Severity.BREAKING


RULE = Rule(
    id="content-type-changed",
    area="transport",
    severity=Severity.RISKY,
    summary="content-type names another media type for the same kind of body",
    who_breaks="openai-python returns a plain string for a body not labelled JSON; EventSource refuses other labels",
    hint="let the gateway pass content-type on as the upstream sent it",
    check=check,
)
