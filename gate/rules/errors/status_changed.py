"""Another HTTP status for the same request (ER12, ER13, ER18, T28, T30, T35, EM08)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import carries_error, choices, numbered
from gate.rules.errors._failures import described, members_of

_REFUSALS = frozenset({400, 413, 422})  # of what the golden serves: request-rejected names the parameter
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_OVERLOAD = frozenset({429, 503, 529})  # which of them comes is chance (ER12's benign twin)
_NEIGHBOURS = (frozenset({400, 422}), frozenset({404, 405}))


def check(comparison: Comparison) -> Iterator[Drift]:
    """A status that no golden sample has, weighed by what clients do with either."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = {g.status for g in golden if g.status}
    for sample, found in numbered(candidate):
        # no response at all, and redirects, are transport's to tell
        if not usual or found.status in usual or not (found.ok or found.status >= 400):
            continue
        served = any(g.ok for g in golden)
        severity, message = _failing(golden, candidate, found) if served else _failure(golden[0], candidate, found)
        if severity:
            gold = described(golden[0]) if not golden[0].ok else str(golden[0].status)
            mine = str(found.status) if found.ok else described(found)
            yield Drift(path="status", message=message, golden=gold, candidate=mine, sample=sample, severity=severity)


def _failing(golden: Samples, candidate: Samples, found: Observation) -> tuple[Severity | None, str]:
    """The golden serves the request."""
    if found.ok:
        return Severity.RISKY, f"a success with status {found.status}"
    if found.status in _REFUSALS and all(g.ok for g in golden):
        return None, ""
    if found.status in _TRANSIENT and any(other.ok for other in candidate):
        return Severity.INFO, f"status {found.status} at times; other samples are served"
    return Severity.BREAKING, f"the golden is served; the candidate fails with status {found.status}"


def _failure(gold: Observation, candidate: Samples, found: Observation) -> tuple[Severity | None, str]:
    """The golden fails: so should the candidate, in the same class."""
    if found.ok:
        return _served(gold, found)
    before, now = gold.status, found.status
    message = f"status {now} where the golden has {before}"
    if {before, now} <= _OVERLOAD:
        return None, ""
    if now in _TRANSIENT and any(other.status == before for other in candidate):
        return Severity.INFO, f"status {now} at times; other samples get the golden's {before}"
    if before >= 500:
        return (Severity.INFO if now >= 500 else Severity.RISKY), message
    if now >= 500:
        return Severity.BREAKING, f"{message}: an error of the request becomes one of the server"
    return (Severity.RISKY if {before, now} in _NEIGHBOURS else Severity.BREAKING), message


def _served(gold: Observation, found: Observation) -> tuple[Severity | None, str]:
    if carries_error(found):
        # in a JSON body error-in-200 tells it
        return (Severity.BREAKING, "the error comes inside a stream with status 200") if found.events else (None, "")
    if gold.status in (401, 403):
        return Severity.BREAKING, "the candidate serves a request whose key the golden refuses"
    if gold.status in _TRANSIENT:
        return None, ""
    if "content_filter" in members_of([gold], "code"):
        filtered = any(c.finish == "content_filter" for c in choices(found))
        where = "moves into finish_reason" if filtered else "is gone"
        return Severity.RISKY, f"the content filter's status {gold.status} {where}"
    if gold.status == 501:
        return Severity.INFO, "the candidate serves what the golden does not implement"
    return Severity.RISKY, f"the candidate accepts what the golden refuses with status {gold.status}"


RULE = Rule(
    id="status-changed",
    area="errors",
    severity=Severity.BREAKING,
    summary="the HTTP status is another one than the golden's",
    who_breaks="each status is an exception class of its own; SDKs send what fails with 429 or 5xx again",
    hint="let the gateway pass the upstream's status on; check base path, key and deployed models of the route",
    check=check,
)
