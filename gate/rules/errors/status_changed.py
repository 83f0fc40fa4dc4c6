"""Another HTTP status for the same request (ER12, ER13, ER18, T28, T30, T35, EM08)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import carries_error, choices
from gate.rules.errors._failures import described, failed, members_of

# the client's request is at fault: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.1, 15.5.14, 15.5.21
_REFUSALS = frozenset({400, 413, 422})  # of what the golden serves: request-rejected names the parameter
# SDKs and proxies retry these: https://github.com/openai/openai-python#retries; 529 is Anthropic's word for overload
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_OVERLOAD = frozenset({429, 503, 529})  # which of them is sent is chance (ER12's benign twin)
# a client that handles the one mostly handles the other: both are its own mistake
_NEIGHBOURS = (frozenset({400, 422}), frozenset({404, 405}))

Judgement = tuple[Severity | None, str]
"""Severity and message; None where it is no drift, or another rule's."""


def check(comparison: Comparison) -> Iterator[Drift]:
    """A status that no golden sample has, weighed by what clients do with either."""
    usual, first = {golden.status for golden in comparison.golden if golden.status}, comparison.golden[0]
    served = any(golden.ok for golden in comparison.golden)
    for pair in comparison.pairs:
        observation = pair.candidate
        # redirects, and no response at all, are left to the rules of transport
        if not usual or observation.status in usual or not (observation.ok or failed(observation)):
            continue
        severity, message = (_against_success if served else _against_failure)(comparison, observation)
        if severity:
            yield pair.drift(
                path="status",
                message=message,
                golden=str(first.status) if first.ok else described(first),
                candidate=str(observation.status) if observation.ok else described(observation),
                severity=severity,
            )


def _against_success(comparison: Comparison, observation: Observation) -> Judgement:
    """The golden serves the request."""
    status = observation.status
    if observation.ok:
        if any("status" in sample.absent for sample in (observation, *comparison.golden)):
            return None, ""
        # SDKs take any 2xx; code that compares with 200 does not
        return Severity.RISKY, f"a success with status {status}"
    if status in _REFUSALS and all(golden.ok for golden in comparison.golden):
        return None, ""
    if status in _TRANSIENT and any(sample.ok for sample in comparison.candidate):
        # B34: SDKs retry it twice by default (SD06)
        return Severity.INFO, f"status {status} in some samples; others succeed"
    # T28, T35, T30 and EM08 end here: each call fails, whatever the reason
    return Severity.BREAKING, f"the golden succeeds; the candidate fails with status {status}"


def _against_failure(comparison: Comparison, observation: Observation) -> Judgement:
    """The golden fails: so should the candidate, in the same class."""
    usual, status = comparison.golden[0].status, observation.status
    message = f"status {status} where the golden has {usual}"
    if observation.ok:
        return _against_refusal(comparison.golden[0], observation)
    if {usual, status} <= _OVERLOAD:
        return None, ""
    if status in _TRANSIENT and any(sample.status == usual for sample in comparison.candidate):
        return Severity.INFO, f"status {status} in some samples; others have the golden's {usual}"
    if usual >= 500:
        # SDKs retry every 5xx alike; a 4xx in its place is not retried (ER12, the reverse)
        return (Severity.INFO if status >= 500 else Severity.RISKY), message
    if status >= 500:
        # ER12 and ER13 are risky in the catalogue; breaking here, because callers who catch the 4xx class no longer see
        # it
        return Severity.BREAKING, f"{message}: a client error becomes a server error"
    return (Severity.RISKY if {usual, status} in _NEIGHBOURS else Severity.BREAKING), message


def _against_refusal(golden: Observation, observation: Observation) -> Judgement:
    """The golden fails, and the candidate does not."""
    if carries_error(observation):
        # an error in a JSON body is error-in-200's
        inside = Severity.BREAKING if observation.events else None
        return inside, "the error is inside a stream with status 200"
    # a key that the golden rejects is wrong: whoever has no key can use the candidate
    if golden.status in (401, 403):
        return Severity.BREAKING, "the candidate accepts a request whose key the golden rejects"
    if golden.status in _TRANSIENT:
        return None, ""
    if "content_filter" in members_of([golden], "code"):
        filtered = any(choice.finish == "content_filter" for choice in choices(observation))
        instead = "is replaced by a finish_reason" if filtered else "is missing"
        # ER18: the handler of the 400 never runs, but the answer says `content_filter` or is whole
        return Severity.RISKY, f"the content filter's status {golden.status} {instead}"
    # nothing that a client of the golden could have used
    if golden.status == 501:
        return Severity.INFO, "the candidate serves what the golden does not implement"
    # a check by the client may rely on the refusal; the answer itself is good
    return Severity.RISKY, f"the candidate accepts what the golden rejects with status {golden.status}"


RULE = Rule(
    id="status-changed",
    area="errors",
    severity=Severity.BREAKING,
    summary="the HTTP status differs from the golden's",
    who_breaks="each status is an exception class of its own; SDKs retry what fails with 429 or 5xx",
    hint="let the gateway pass the upstream's status on; check base path, key and deployed models of the route",
    check=check,
)
