"""Rate-limit headers: gone, under other names, or in another form (ER15, ER17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import numbered
from gate.rules.errors._headers import Form, form, keeps_headers, rate_limits


def check(comparison: Comparison) -> Iterator[Drift]:
    """Names that all golden samples share, and the forms of their values; the values themselves are noise (B30)."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        # proxies refuse with headers of their own: a failure is compared with failures
        limits = [rate_limits(g) for g in golden if g.ok == found.ok]
        names = sorted(set.intersection(*map(set, limits))) if limits else []
        mine = rate_limits(found)
        if not names:
            continue
        below = [n for n in sorted(mine) if form(n, mine[n]) == "sentinel" and n not in names]
        if below:
            message = f"{below[0][:60]} is a sentinel, no limit"
            yield Drift(
                path=f"headers.{below[0][:60]}",
                message=message,
                golden="a limit",
                candidate=mine[below[0]][:60],
                sample=sample,
            )
        if not mine.keys() & set(names):
            severity = _weight(golden, found)
            yield from _gone(names, limits[0], mine, severity, sample)
            continue
        odd = [n for n in names if n in mine and _differs({form(n, one[n]) for one in limits}, form(n, mine[n]))]
        if odd:
            path, message = f"headers.{odd[0]}", f"{odd[0]} is written in another form"
            yield Drift(
                path=path, message=message, golden=limits[0][odd[0]][:60], candidate=mine[odd[0]][:60], sample=sample
            )


def _gone(
    names: list[str], gold: Mapping[str, str], mine: Mapping[str, str], absent: Severity | None, sample: int
) -> Iterator[Drift]:
    path, evidence = "headers.x-ratelimit-*", f"{names[0]}: {gold[names[0]][:60]}"
    if mine:
        other = min(mine)
        message = "the rate-limit headers have other names"
        yield Drift(
            path=path, message=message, golden=evidence, candidate=f"{other[:60]}: {mine[other][:60]}", sample=sample
        )
    elif absent:
        yield Drift(
            path=path,
            message="there are no rate-limit headers",
            golden=evidence,
            candidate="absent",
            sample=sample,
            severity=absent,
        )


def _weight(golden: Samples, found: Observation) -> Severity | None:
    if not keeps_headers(golden, found):
        return None
    return Severity.RISKY if found.status == 429 else Severity.INFO


def _differs(usual: set[Form], now: Form) -> bool:
    return now not in usual and "other" not in usual


RULE = Rule(
    id="rate-limit-headers",
    area="errors",
    severity=Severity.RISKY,
    summary="the rate-limit headers are gone or speak another dialect",
    who_breaks="limiters that read x-ratelimit-reset-requests see None, or raise on a number where 6m0s was",
    hint="let the gateway translate the provider's rate-limit headers into the golden's",
    check=check,
)
