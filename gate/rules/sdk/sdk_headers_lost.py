"""sdk-headers-lost: response headers that the application could read are no longer handed on."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts

# Support cases name a request by its id, and clients plan by the limits.
# https://platform.openai.com/docs/api-reference/debugging-requests
_READ = ("x-request-id", "retry-after", "x-ratelimit-")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Headers that clients read and that are gone."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    if call.candidate.outcome != call.golden.outcome:
        return  # told as that
    for name in call.golden.headers:
        if name not in call.candidate.headers and name.startswith(_READ):
            yield Told(f"headers.{name}", "the header can't be read any more", "present", "absent")


RULE = Rule(
    id="sdk-headers-lost",
    area="sdk",
    severity=Severity.RISKY,
    summary="the SDK no longer hands on a response header that clients read",
    who_breaks="support cases that quote the request id, and clients that pace themselves by the limits",
    hint="read it from the raw response (with_raw_response, withResponse)",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
