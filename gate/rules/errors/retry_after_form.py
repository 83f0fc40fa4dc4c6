"""Retry-After in another form: a date or a duration in place of seconds (ER30)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import shown
from gate.observe.scopes import has_failures
from gate.rules.errors._failures import failures, golden_failures
from gate.rules.errors._headers import form, seconds
from gate.wire.shape import show

_NAME, _MS = "retry-after", "retry-after-ms"
# Seconds. Retry-After has whole ones, rounded up or down.
_ROUNDED = 1
# A date is right by https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3; a duration is not
_JUDGED = {"date": Severity.INFO, "duration": Severity.RISKY}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where the golden's failures say seconds; what is neither of the three is retry-after-unreadable's."""
    golden = golden_failures(comparison)
    usual = shown(
        golden, lambda sample: [form(_NAME, value)] if (value := sample.headers.get(_NAME, "").strip()) else []
    )
    # urllib3 takes whole numbers alone, and raises InvalidHeader:
    # https://github.com/urllib3/urllib3/blob/main/src/urllib3/util/retry.py
    fractions = any("." in sample.headers.get(_NAME, "") for sample in golden)
    for pair in failures(comparison) if usual == {"number"} else ():
        value = pair.candidate.headers.get(_NAME, "").strip()
        found = form(_NAME, value)
        if found == "number" and "." in value and not fractions:
            yield pair.drift(
                path="headers.retry-after",
                message="Retry-After is a fraction of seconds, where the golden has whole ones",
                golden="a whole number",
                candidate=show(value, 60),
                severity=Severity.INFO,
            )
        if found in _JUDGED:
            yield pair.drift(
                path="headers.retry-after",
                message=f"Retry-After is a {found}, where the golden has seconds",
                golden="seconds",
                candidate=show(value, 60),
                severity=_JUDGED[found],
            )
    yield from _milliseconds(comparison)


def _milliseconds(comparison: Comparison) -> Iterator[Drift]:
    """retry-after-ms, which openai-python and openai-node read first: no number, or another wait than Retry-After."""
    golden = golden_failures(comparison)
    standard = bool(golden) and all(_waits(sample)[1] for sample in golden)
    for pair in failures(comparison) if golden and not any(map(_odd, golden)) else ():
        value, wait = _waits(pair.candidate)
        if standard and value and not wait:
            yield pair.drift(
                path="headers.retry-after",
                message=f"{_MS} alone says how long to wait: Retry-After is gone",
                golden="Retry-After",
                candidate=f"{_MS}: {show(value, 60)}",
                # the SDKs of OpenAI read it first; HTTP libraries, proxies and other SDKs know the standard one alone
                severity=Severity.INFO,
            )
        if odd := _odd(pair.candidate):
            yield pair.drift(
                path=f"headers.{_MS}",
                message=odd,
                golden=show(golden[0].headers.get(_MS, "absent"), 60),
                candidate=show(pair.candidate.headers[_MS], 60),
            )


def _waits(observation: Observation) -> tuple[str, str]:
    """retry-after-ms and Retry-After, as they are written."""
    return observation.headers.get(_MS, "").strip(), observation.headers.get(_NAME, "").strip()


def _odd(observation: Observation) -> str:
    value, wait = _waits(observation)
    number, whole = seconds(value), seconds(wait)
    if not value or (number is not None and number >= 0 and whole is None):
        return ""
    if number is None or number < 0:
        return f"{_MS} is no number of milliseconds"
    # both are the same wait: https://github.com/openai/openai-python/blob/main/src/openai/_base_client.py
    apart = whole is not None and abs(number / 1000 - whole) > _ROUNDED
    return f"{_MS} and Retry-After are different waits" if apart else ""


RULE = Rule(
    id="retry-after-form",
    area="errors",
    # ER30: parsers of numbers read 2 out of 2m59s, or give up and retry at once
    severity=Severity.RISKY,
    summary="Retry-After is written in another form",
    who_breaks="clients that parse a number: they wait two seconds for three minutes, or do not wait at all",
    hint="send a whole number of seconds, as every client reads it",
    check=check,
    where=has_failures,
)
