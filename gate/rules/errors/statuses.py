"""Another HTTP status for the same request (ER12, ER13, ER18, T28, T30, T35, EM08)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import carries_error, choices
from gate.observe.refusal import REFUSALS, REFUSES
from gate.observe.request import mistaken
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import described, failed, members_of
from gate.rules.families import Told, of

# SDKs and proxies retry these: https://github.com/openai/openai-python#retries; 529 is Anthropic's word for overload
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_OVERLOAD = frozenset({429, 503, 529})  # which of them is sent is chance (ER12's benign twin)
# a client that handles the one mostly handles the other: both are its own mistake
_NEIGHBOURS = (REFUSES, frozenset({404, 405}))

# What to look at first where a success is lost, by the status; RULES has the words for all others.
_KEY_HINT = "check the key of this route, and what it may use"
_LIMIT_HINT = "raise the limit of this route, or send less at once (routes.<name>.max_concurrency)"
_SERVER_HINT = "look for this request in the log of the gateway or server: the failure is on its side"
_FIRST = {401: _KEY_HINT, 403: _KEY_HINT, 429: _LIMIT_HINT}

Judgement = tuple[str, Severity, str] | None
"""Rule, severity and message; None where it is no drift, or another rule's."""


def _judged(comparison: Comparison) -> Iterator[Told]:
    """A status that no golden sample has, weighed by what clients do with either."""
    usual, first = {golden.status for golden in comparison.golden if golden.status}, comparison.golden[0]
    served = any(golden.ok for golden in comparison.golden)
    for pair in comparison.pairs:
        observation = pair.candidate
        # redirects, and no response at all, are left to the rules of transport
        if not usual or observation.status in usual or not (observation.ok or failed(observation)):
            continue
        if judgement := (_against_success if served else _against_failure)(comparison, observation):
            rule, severity, message = judgement
            yield (
                rule,
                pair.drift(
                    path="status",
                    message=message,
                    golden=str(first.status) if first.ok else described(first),
                    candidate=str(observation.status) if observation.ok else described(observation),
                    severity=severity,
                    hint=_hint(rule, observation.status),
                ),
            )


def _hint(rule: str, status: int) -> str:
    """What to do first; empty for the rule's own words."""
    if rule != "success-lost":
        return ""
    return _FIRST.get(status, _SERVER_HINT if status >= 500 else "")


def _against_success(comparison: Comparison, observation: Observation) -> Judgement:
    """The golden serves the request."""
    status = observation.status
    if observation.ok:
        if any("status" in sample.absent for sample in (observation, *comparison.golden)):
            return None
        # SDKs take any 2xx; code that compares with 200 does not
        return "success-status-changed", Severity.RISKY, f"a success with status {status}"
    # a refusal of what the golden serves: request-rejected names the parameter
    if status in REFUSALS and all(golden.ok for golden in comparison.golden):
        return None
    if status in _TRANSIENT and any(sample.ok for sample in comparison.candidate):
        # B34: SDKs retry it twice by default (SD06)
        return "status-transient", Severity.INFO, f"status {status} in some samples; others succeed"
    # T28, T35, T30 and EM08 end here: each call fails, whatever the reason
    return "success-lost", Severity.BREAKING, f"the golden succeeds; the candidate fails with status {status}"


def _against_failure(comparison: Comparison, observation: Observation) -> Judgement:
    """The golden fails: so should the candidate, in the same class."""
    usual, status = comparison.golden[0].status, observation.status
    message = f"status {status} where the golden has {usual}"
    if observation.ok:
        return _against_refusal(comparison.golden[0], observation)
    if {usual, status} <= _OVERLOAD:
        return None
    if status in _TRANSIENT and any(sample.status == usual for sample in comparison.candidate):
        return "status-transient", Severity.INFO, f"status {status} in some samples; others have the golden's {usual}"
    # from 500 on it is the server's: https://www.rfc-editor.org/rfc/rfc9110#section-15.6
    if usual >= 500:
        # SDKs retry every 5xx alike; a 4xx in its place is not retried (ER12, the reverse). It never helped to repeat
        # what is wrong by the reference: LiteLLM 1.74 has 500 for a request without messages, 1.108 has 400
        harmless = status >= 500 or (status in REFUSES and bool(mistaken(observation)))
        return "server-error-changed", (Severity.INFO if harmless else Severity.RISKY), message
    if status >= 500:
        # ER12 and ER13 are risky in the catalogue; breaking here, because callers who catch the 4xx class no longer see
        # it
        message = f"{message}: a client error becomes a server error"
        return "client-error-as-server-error", Severity.BREAKING, message
    severity = Severity.RISKY if {usual, status} in _NEIGHBOURS else Severity.BREAKING
    return "client-error-changed", severity, message


def _against_refusal(golden: Observation, observation: Observation) -> Judgement:
    """The golden fails, and the candidate does not."""
    if carries_error(observation):
        # an error in a JSON body is error-in-200's
        inside = "error-moved-into-stream", Severity.BREAKING, "the error is inside a stream with status 200"
        return inside if observation.events else None
    # a key that the golden rejects is wrong: whoever has no key can use the candidate
    if golden.status in (401, 403):
        return "key-not-checked", Severity.BREAKING, "the candidate accepts a request whose key the golden rejects"
    if golden.status in _TRANSIENT:
        return None
    if "content_filter" in members_of([golden], "code"):
        filtered = any(choice.finish == "content_filter" for choice in choices(observation))
        instead = "is replaced by a finish_reason" if filtered else "is missing"
        # ER18: the handler of the 400 never runs, but the answer says `content_filter` or is whole
        return "filter-rejection-lost", Severity.RISKY, f"the content filter's status {golden.status} {instead}"
    # nothing that a client of the golden could have used
    if golden.status == 501:
        return "rejection-lost", Severity.INFO, "the candidate serves what the golden does not implement"
    # a check by the client may rely on the refusal; the answer itself is good
    message = f"the candidate accepts what the golden rejects with status {golden.status}"
    return "rejection-lost", Severity.RISKY, message


def success_lost(comparison: Comparison) -> Iterator[Drift]:
    """What the golden serves fails, whatever the reason (T28, T30, T35, EM08)."""
    return of(comparison, _judged, "success-lost")


def success_status_changed(comparison: Comparison) -> Iterator[Drift]:
    """Another 2xx."""
    return of(comparison, _judged, "success-status-changed")


def status_transient(comparison: Comparison) -> Iterator[Drift]:
    """A status that passes, in some samples only (B34)."""
    return of(comparison, _judged, "status-transient")


def client_error_changed(comparison: Comparison) -> Iterator[Drift]:
    """Another status of the 4xx class (ER12, ER14)."""
    return of(comparison, _judged, "client-error-changed")


def client_error_as_server_error(comparison: Comparison) -> Iterator[Drift]:
    """A client error becomes a server error (ER12, ER13)."""
    return of(comparison, _judged, "client-error-as-server-error")


def server_error_changed(comparison: Comparison) -> Iterator[Drift]:
    """Another status in place of a server error (ER12)."""
    return of(comparison, _judged, "server-error-changed")


def key_not_checked(comparison: Comparison) -> Iterator[Drift]:
    """A key that the golden rejects is accepted."""
    return of(comparison, _judged, "key-not-checked")


def rejection_lost(comparison: Comparison) -> Iterator[Drift]:
    """What the golden rejects is accepted."""
    return of(comparison, _judged, "rejection-lost")


def filter_rejection_lost(comparison: Comparison) -> Iterator[Drift]:
    """The content filter's status is a finish_reason, or gone (ER18)."""
    return of(comparison, _judged, "filter-rejection-lost")


def error_moved_into_stream(comparison: Comparison) -> Iterator[Drift]:
    """The error comes inside a stream with status 200 (T21)."""
    return of(comparison, _judged, "error-moved-into-stream")


RULES = (
    Rule(
        id="success-lost",
        area="errors",
        severity=Severity.BREAKING,
        summary="a request that the golden serves fails",
        who_breaks="everyone who sends this request; SDKs raise, and retry what fails with 429 or 5xx",
        hint="check base path, key and deployed models of the route; let the gateway pass the upstream's status on",
        check=success_lost,
        where=has_failures,
    ),
    Rule(
        id="success-status-changed",
        area="errors",
        severity=Severity.RISKY,
        summary="a success has another status",
        who_breaks="code that compares with 200 takes the answer for a failure; SDKs take any 2xx",
        hint="let the gateway pass the upstream's status on",
        check=success_status_changed,
    ),
    Rule(
        id="status-transient",
        area="errors",
        severity=Severity.INFO,
        summary="some samples fail in a way that passes",
        who_breaks="nobody who retries, as SDKs do; jobs that don't fail now and then",
        hint="compare the rate with the golden's over more samples",
        check=status_transient,
        where=has_failures,
    ),
    Rule(
        id="client-error-changed",
        area="errors",
        # 400 and 422, 404 and 405 are neighbours: risky
        severity=Severity.BREAKING,
        summary="a client error has another status",
        who_breaks="each status is an exception class of its own; SDKs retry what fails with 429 or 5xx",
        hint="let the gateway pass the upstream's status on",
        check=client_error_changed,
        where=has_failures,
    ),
    Rule(
        id="client-error-as-server-error",
        area="errors",
        severity=Severity.BREAKING,
        summary="a client error becomes a server error",
        who_breaks="callers who catch the 4xx class miss it; SDKs repeat for nothing what can't succeed",
        hint="let the gateway pass the upstream's status on",
        check=client_error_as_server_error,
        where=has_failures,
    ),
    Rule(
        id="server-error-changed",
        area="errors",
        # one 5xx for another is info
        severity=Severity.RISKY,
        summary="a server error has another status",
        who_breaks="what is no 5xx is not retried any more",
        hint="let the gateway pass the upstream's status on",
        check=server_error_changed,
        where=has_failures,
    ),
    Rule(
        id="key-not-checked",
        area="errors",
        severity=Severity.BREAKING,
        summary="a wrong key is accepted",
        who_breaks="whoever has no key can use the route; health checks of keys pass",
        hint="let the gateway check keys before it answers",
        check=key_not_checked,
        where=has_failures,
    ),
    Rule(
        id="rejection-lost",
        area="errors",
        # what the golden does not implement (501) is info
        severity=Severity.RISKY,
        summary="a request that the golden rejects is accepted",
        who_breaks="callers whose checks rely on the rejection take what they sent for valid",
        hint="let the gateway pass the upstream's checks on",
        check=rejection_lost,
        where=has_failures,
    ),
    Rule(
        id="filter-rejection-lost",
        area="errors",
        severity=Severity.RISKY,
        summary="the content filter no longer fails the request",
        who_breaks="the handler of the 400 never runs; what it would have hidden is shown",
        hint="let the gateway pass the filter's error on",
        check=filter_rejection_lost,
        where=has_failures,
    ),
    Rule(
        id="error-moved-into-stream",
        area="errors",
        severity=Severity.BREAKING,
        summary="a failure comes as a stream with status 200",
        who_breaks="SDKs raise another exception, or none; retries go by the status and don't happen",
        hint="answer with the error's status before the stream starts",
        check=error_moved_into_stream,
        where=has_failures,
    ),
)
