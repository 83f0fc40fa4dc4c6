"""Rate-limit headers: missing, under other names, or in another format (ER15, ER17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gate.model import Comparison, Drift, Observation, Pair, Rule, Samples, Severity
from gate.rules.errors._headers import form, keeps_headers, rate_limits

# characters of a name or a value; for one line of a report
_SHOWN = 60
# https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
_WORDS = ("-limit", "remaining", "reset")
# of the names that are gone, for two lines
_LISTED = 160

Headers = Mapping[str, str]


def check(comparison: Comparison) -> Iterator[Drift]:
    """Names that all golden samples share, and the forms of their values; the values themselves are noise (B30)."""
    for pair in comparison.pairs:
        # proxies refuse with headers of their own: a failure is compared with failures
        golden = [rate_limits(sample) for sample in comparison.golden if sample.ok == pair.candidate.ok]
        names = sorted(set.intersection(*map(set, golden))) if golden else []
        headers = rate_limits(pair.candidate)
        if not names:
            continue
        yield from _sentinel(pair, names, headers)
        if headers.keys().isdisjoint(names):
            yield from _missing(comparison, pair, f"{names[0]}: {golden[0][names[0]][:_SHOWN]}", headers)
            continue
        yield from _lost(pair, names, headers)
        yield from _reformatted(pair, [name for name in names if name in headers], golden, headers)
        if not any(map(_exceeding, golden)):
            yield from _impossible(pair, headers)


def _sentinel(pair: Pair, names: Sequence[str], headers: Headers) -> Iterator[Drift]:
    """The first header of another name whose value is below 0."""
    # names that all golden samples have are compared by their form below
    for name in [name for name in sorted(headers) if form(name, headers[name]) == "sentinel" and name not in names][:1]:
        yield pair.drift(
            path=f"headers.{name[:_SHOWN]}",
            message=f"{name[:_SHOWN]} is a sentinel value, not a limit",
            golden="a limit",
            candidate=headers[name][:_SHOWN],
        )


def _missing(comparison: Comparison, pair: Pair, usual: str, headers: Headers) -> Iterator[Drift]:
    """None of the golden's headers is there."""
    path = "headers.x-ratelimit-*"
    if headers:
        other = min(headers)
        yield pair.drift(
            path=path,
            message="the rate-limit headers have other names",
            golden=usual,
            candidate=f"{other[:_SHOWN]}: {headers[other][:_SHOWN]}",
        )
    elif severity := _weight(comparison.golden, pair.candidate):
        yield pair.drift(
            path=path, message="there are no rate-limit headers", golden=usual, candidate="absent", severity=severity
        )


def _lost(pair: Pair, names: Sequence[str], headers: Headers) -> Iterator[Drift]:
    """Some of the golden's are there, so that no recorder filtered them."""
    lost = [name for name in names if name not in headers]
    gone = any(any(w in name for name in lost) and not any(w in name for name in headers) for w in _WORDS)
    # one more or fewer is noise (B30), unless nothing else says the same
    if len(lost) > 1 or gone:
        yield pair.drift(
            path=f"headers.{lost[0][:_SHOWN]}",
            message=f"some of the rate-limit headers are gone: {', '.join(lost)[:_LISTED]}",
            golden="always there",
            candidate="absent",
            # limits of one kind, of tokens or of requests, are left to plan by
            severity=Severity.INFO,
        )


def _exceeding(headers: Headers) -> str:
    """The name of a count of what remains that is larger than its limit; "" where none is."""
    for name in headers:
        left, most = headers[name], headers.get(name.replace("remaining", "limit"), "")
        if "remaining" in name and left.isdecimal() and most.isdecimal() and int(left[:20]) > int(most[:20]):
            return name
    return ""


def _impossible(pair: Pair, headers: Headers) -> Iterator[Drift]:
    if name := _exceeding(headers):
        yield pair.drift(
            path=f"headers.{name[:_SHOWN]}",
            message=f"{name[:_SHOWN]} is more than its limit",
            golden="at most the limit",
            candidate=headers[name][:_SHOWN],
            severity=Severity.INFO,
        )


def _weight(golden: Samples, observation: Observation) -> Severity | None:
    if not keeps_headers(golden, observation):
        return None
    # on a 429 limiters need them now (ER15); on a success they only plan ahead
    return Severity.RISKY if observation.status == 429 else Severity.INFO


def _reformatted(pair: Pair, names: Sequence[str], golden: Sequence[Headers], headers: Headers) -> Iterator[Drift]:
    """The first of these headers whose value has another form than in any golden sample."""
    for name in names:
        if any(sample[name] == headers[name] for sample in golden):
            continue
        forms = {form(name, sample[name]) for sample in golden}
        # "other" in the golden: a form that we can't name, so that nothing can be said of the candidate's
        if form(name, headers[name]) not in forms and "other" not in forms:
            yield pair.drift(
                path=f"headers.{name}",
                message=f"{name} has another format",
                golden=golden[0][name][:_SHOWN],
                candidate=headers[name][:_SHOWN],
            )
            return


RULE = Rule(
    id="rate-limit-headers",
    area="errors",
    severity=Severity.RISKY,
    summary="the rate-limit headers are missing, or have other names or formats",
    who_breaks="limiters that read x-ratelimit-reset-requests see None, or raise on a number where 6m0s was",
    hint="let the gateway translate the provider's rate-limit headers into the golden's",
    check=check,
)
