"""x-should-retry makes SDKs retry what they did not, or give up what they retried (ER34)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import failures, golden_failures
from gate.wire.shape import show

_NAME = "x-should-retry"
# openai-python and openai-node go by the header, then by these and all from 500 on
# https://github.com/openai/openai-python/blob/main/src/openai/_base_client.py (_should_retry)
_RETRIED = frozenset({408, 409, 429})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Failures of one status, of which the header alone decides; another status is told by the rules about it."""
    golden = golden_failures(comparison)
    for pair in failures(comparison):
        candidate = pair.candidate
        same = [sample for sample in golden if sample.status == candidate.status]
        retried = _is_retried(candidate)
        if same and all(_is_retried(sample) is not retried for sample in same):
            yield pair.drift(
                path=f"headers.{_NAME}",
                message=f"SDKs {'retry' if retried else 'no longer retry'} status {candidate.status}, by {_NAME}",
                golden=_shown(same[0]),
                candidate=_shown(candidate),
            )


def _is_retried(observation: Observation) -> bool:
    """Whether the SDKs send the request again."""
    advice = observation.headers.get(_NAME)
    if advice in ("true", "false"):
        return advice == "true"
    # every 5xx is the server's: https://www.rfc-editor.org/rfc/rfc9110#section-15.6
    return observation.status in _RETRIED or observation.status >= 500


def _shown(observation: Observation) -> str:
    return show(observation.headers.get(_NAME, "absent"), 40)


RULE = Rule(
    id="retry-advice-changed",
    area="errors",
    # ER34: a quota that is used up is asked for again and again, or one busy second ends a job
    severity=Severity.RISKY,
    summary="x-should-retry makes SDKs retry another way",
    who_breaks="jobs that relied on the SDK's retries fail at the first 429; requests that can't succeed are repeated",
    hint="pass x-should-retry on as the upstream sent it, and set none of your own",
    check=check,
    where=has_failures,
)
