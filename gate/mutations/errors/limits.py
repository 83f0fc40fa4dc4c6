"""Headers that say when to come back: Retry-After and the rate limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gate.model import Exchange, Headers, Severity
from gate.mutations import Row
from gate.mutations.facts import seen, timed
from gate.mutations.replies import labelled


def limit_headers_renamed(exchange: Exchange) -> Exchange | None:
    """Rate limits in another dialect of headers: limiters read nothing, or raise on the format."""

    def foreign(name: str, _: str) -> tuple[str, str] | None:
        # ER17's own value: OpenRouter's epoch in milliseconds, where "6m0s" was
        return ("X-RateLimit-Reset", "1741305600000") if "reset" in name else None

    names = [name.lower() for name, _ in exchange.response.headers] if exchange.response else []
    resets = any(name.startswith("x-ratelimit-") and "reset" in name for name in names) and timed(exchange)
    return _with_limits(exchange, foreign) if resets else None


def other_remaining(exchange: Exchange) -> Exchange | None:
    """Other numbers (B30)."""

    def change(name: str, value: str) -> tuple[str, str]:
        # any other number; chosen
        return name, "7" if "remaining" in name and value.isdigit() else value

    return _with_limits(exchange, change)


def _with_limits(exchange: Exchange, change: Callable[[str, str], tuple[str, str] | None]) -> Exchange | None:
    """The headers of rate limits replaced; `change` gets the name in lower case and the value."""
    headers = exchange.response.headers if exchange.response else ()
    new = [change(n.lower(), v) if n.lower().startswith("x-ratelimit-") else (n, v) for n, v in headers]
    return _with_headers(exchange, tuple(header for header in new if header is not None))


def _with_headers(exchange: Exchange, headers: Headers) -> Exchange | None:
    response = exchange.response
    if response is None or headers == response.headers:
        return None
    return replace(exchange, response=replace(response, headers=headers))


def retry_after_missing(exchange: Exchange) -> Exchange | None:
    """A 429 that does not say how long to wait: clients guess, or hammer."""
    response = exchange.response
    # ER15 speaks of 429; a cassette of another recorder may lack headers by its filter
    if response is None or response.status != 429 or not timed(exchange):
        return None
    limits = ("retry-after", "x-ratelimit-")
    return _with_headers(exchange, tuple((n, v) for n, v in response.headers if not n.lower().startswith(limits)))


def other_wait(exchange: Exchange) -> Exchange | None:
    """Another number of seconds (B34)."""
    has = exchange.response and any(name.lower() == "retry-after" for name, _ in exchange.response.headers)
    return labelled(exchange, retry_after="3") if has else None


def retry_after_duration(exchange: Exchange) -> Exchange | None:
    """A duration in place of seconds: parsers of numbers wait two seconds for three minutes."""
    return labelled(exchange, retry_after="2m59.56s") if _limited(exchange) else None


def retry_after_huge(exchange: Exchange) -> Exchange | None:
    """A 429 for a month's quota looks like one for a busy second: SDKs sleep for days."""
    # 16 days, the value of ER16's report (earendil-works/pi 4991)
    return labelled(exchange, retry_after="1382400") if _limited(exchange) else None


def retry_forbidden(exchange: Exchange) -> Exchange | None:
    """A gateway's own x-should-retry: SDKs give up at the first 429."""
    return labelled(exchange, x_should_retry="false") if _limited(exchange) and not _advised(exchange) else None


def retry_confirmed(exchange: Exchange) -> Exchange | None:
    """The header says what SDKs do without it."""
    return labelled(exchange, x_should_retry="true") if _limited(exchange) and not _advised(exchange) else None


def _advised(exchange: Exchange) -> bool:
    return "x-should-retry" in seen(exchange).headers


def longer_wait(exchange: Exchange) -> Exchange | None:
    """A few seconds more (B34)."""
    return labelled(exchange, retry_after="4") if _limited(exchange) else None


def _limited(exchange: Exchange) -> bool:
    """A 429 that asks for less than an hour."""
    observation = seen(exchange)
    wait = observation.headers.get("retry-after", "")
    # three digits: below 1,000 s, so that the golden is no quota by itself
    return observation.status == 429 and wait.isascii() and wait.isdigit() and len(wait) < 4


MUTATIONS = (
    Row(
        drifts=("ER17",),
        severity=Severity.RISKY,
        summary="rate-limit headers of another dialect",
        caught_by=("rate-limit-headers",),
        apply=limit_headers_renamed,
        twin=other_remaining,
        exercised_by=("burst",),
    ),
    Row(
        drifts=("ER15",),
        severity=Severity.RISKY,
        summary="a 429 without Retry-After and limits",
        caught_by=("retry-after-absent",),
        apply=retry_after_missing,
        twin=other_wait,
        exercised_by=("burst",),
    ),
    Row(
        drifts=("ER16",),
        severity=Severity.RISKY,
        summary="Retry-After asks for days",
        caught_by=("retry-after-hours",),
        apply=retry_after_huge,
        twin=longer_wait,
        exercised_by=("burst",),
    ),
    Row(
        drifts=("ER30",),
        severity=Severity.RISKY,
        summary="Retry-After is a duration",
        caught_by=("retry-after-form",),
        apply=retry_after_duration,
        twin=longer_wait,
        exercised_by=("burst",),
    ),
    Row(
        drifts=("ER34",),
        severity=Severity.RISKY,
        summary="x-should-retry forbids the retry of a 429",
        caught_by=("retry-advice-changed",),
        apply=retry_forbidden,
        twin=retry_confirmed,
        exercised_by=("burst",),
    ),
)
