"""A success whose body is no JSON, where the golden's is."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Ending, Observation, Rule, Severity
from gate.observe.answer import numbered


def check(comparison: Comparison) -> Iterator[Drift]:
    """An HTML page with status 200, plain text, half a JSON, nothing. What was cut is told by body-cut."""
    golden, candidate = comparison.golden, comparison.candidate
    if not all(g.ok and g.form == "json" for g in golden):
        return
    for sample, found in numbered(candidate):
        if found.ok and found.form in ("text", "empty") and found.ending is Ending.COMPLETE:
            severity = Severity.RISKY if _compressed(found) and not _twice(found) else None
            yield Drift(
                path="body",
                message=f"the body is {_form(found)}",
                golden="JSON",
                candidate=_seen(found),
                sample=sample,
                severity=severity,
            )


def _compressed(found: Observation) -> bool:
    return found.form == "text" and bool(found.encoding) and found.encoding_true


def _twice(found: Observation) -> bool:
    """What was unpacked is packed still: it starts with gzip's own two bytes."""
    return _compressed(found) and found.text.startswith("\x1f\ufffd")


def _form(found: Observation) -> str:
    if found.form == "empty":
        return "empty"
    start = found.text.lstrip()[:1]
    if _twice(found):
        return f"compressed twice, and labelled {found.encoding[:20]} once"
    if _compressed(found):
        return f"compressed with {found.encoding[:20]}, which was not asked for"
    return "an HTML page" if start == "<" else "broken JSON" if start in ("{", "[") else "text, not JSON"


def _seen(found: Observation) -> str:
    return f"{found.media_type or 'no content-type'}: {' '.join(found.text[:80].split())}"


RULE = Rule(
    id="body-not-json",
    area="transport",
    severity=Severity.BREAKING,
    summary="the body of a success is not JSON",
    who_breaks="every client: its JSON parser raises although the status says success",
    hint="see what answers on this path: a web app, a login page or a proxy in front of the API",
    check=check,
)
