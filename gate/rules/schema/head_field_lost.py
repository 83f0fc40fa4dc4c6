"""system_fingerprint or service_tier, which every golden answer has, is in none of the candidate's (S38)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.request import asked
from gate.wire.paths import name

# Noise from one answer to the next (B03, B18, B20), so that field-missing leaves them out. `response` is that of the
# events of the Responses API.
_PATHS = ("system_fingerprint", "service_tier", "response.service_tier")
# The tiers that every request has without asking: https://platform.openai.com/docs/api-reference/chat/create
_USUAL = (None, "auto", "default")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Always there and always gone: a field that comes and goes on one side is noise."""
    answers = comparison.answers
    kept = {field for pair in answers for field in _texts(pair.candidate)}
    for pair in answers:
        first, *others = map(_texts, pair.golden)
        for field, path in first.items():
            if field not in kept and all(field in other for other in others):
                yield pair.drift(
                    path=path,
                    message=f"{field} is in no answer",
                    golden="in every answer",
                    candidate="null" if path in pair.candidate.shape else "absent",
                    severity=_weight(field, pair.candidate),
                )


def _texts(observation: Observation) -> Mapping[str, str]:
    """Which of the fields hold a text, and where."""
    shape = observation.shape
    return {name(path): path for path in _PATHS if path in shape and "string" in shape[path].types}


def _weight(field: str, observation: Observation) -> Severity:
    # who asks for a tier pays for it, and reads in the answer whether it was served
    paid = field == "service_tier" and asked(observation, "service_tier") not in _USUAL
    return Severity.RISKY if paid else Severity.INFO


RULE = Rule(
    id="head-field-lost",
    area="schema",
    severity=Severity.INFO,
    summary="system_fingerprint or service_tier is gone from every answer",
    who_breaks="checks of reproducible output compare fingerprints; bills by tier no longer see which one was served",
    hint="let the gateway pass both on as the upstream sent them",
    check=check,
)
