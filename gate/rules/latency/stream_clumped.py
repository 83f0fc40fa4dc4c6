"""Tokens arrive in clumps where the golden's come one by one (LA08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.rules.latency.stream_buffered import is_buffered
from gate.wire.timing import percentile

# Gaps below this share of the golden's median gap lie within a clump: haproxy's and nginx's have 0 to 1 ms where the
# upstream sends every 60 ms. Of 122 tokens of golden/json-schema-stream one in fifty is so near to the one before.
WITHIN = 0.1
# Shares of gaps within clumps, golden at most, candidate at least: two events in a read (LA01's twin) have 0.5,
# three 0.66; golden/ has 0.01 to 0.03 in streams of 30 tokens and more, 0.09 to 0.5 in shorter ones.
SINGLE, CLUMPED = 0.25, 0.6
# Tokens that must be there, and how long clumps are apart: in ms, so that somebody sees it, and in the golden's 95th
# percentile, so that a route that is simply fast has no clumps: haproxy's 200 ms at 60 ms is inside. What takes 100 ms
# is instant to a reader: https://www.nngroup.com/articles/response-times-3-important-limits/
EVENTS = 10
APART_MS, APART_TIMES = 100.0, 2.0


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the golden's own spread, in each sample: a pace is no contract, and neither are reads (B35)."""
    found = [drift for pair in comparison.answers if (drift := _clumps(pair))]
    # one sample in clumps may be a busy minute, of the client as well
    if len(found) == len(comparison.answers):
        yield from found


def _enough(observation: Observation) -> bool:
    return observation.form == "stream" and len(observation.timing.gaps) + 1 >= EVENTS


def _clumps(pair: Pair) -> Drift | None:
    golden = [sample.timing.gaps for sample in pair.golden if _enough(sample)]
    # one burst after everything else is stream-buffered's
    if not golden or not _enough(pair.candidate) or is_buffered(pair):
        return None
    every, gaps = [gap for sample in golden for gap in sample], pair.candidate.timing.gaps
    typical, longest = percentile(every, 50), percentile(every, 95)
    waits = [gap for gap in gaps if gap >= max(APART_MS, longest * APART_TIMES)]
    share = _within(gaps, typical)
    if not waits or share < CLUMPED or any(_within(sample, typical) > SINGLE for sample in golden):
        return None
    apart = percentile(waits, 50)
    return pair.drift(
        path="timing.gap",
        message=f"{share:.0%} of the tokens arrive together with the one before, in clumps {apart:.0f} ms apart",
        golden=f"one by one, every {typical:.0f} ms",
        candidate=f"{len(gaps) + 1} tokens in {len(waits) + 1} clumps",
    )


def _within(gaps: Sequence[float], typical: float) -> float:
    """The share of gaps that lie within a clump."""
    return sum(gap <= typical * WITHIN for gap in gaps) / len(gaps)


RULE = Rule(
    id="stream-clumped",
    area="latency",
    # B35: nobody fails on a burst
    severity=Severity.INFO,
    summary="the tokens arrive in clumps, the golden's one by one",
    who_breaks="nobody fails; text jumps instead of flowing, and figures such as tokens per second are false",
    hint="look for a proxy that collects reads: proxy_buffering off, TCP_NODELAY (haproxy: option http-no-delay)",
    check=check,
)
