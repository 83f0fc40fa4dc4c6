"""Tokens arrive in clumps where the golden's come one by one, or in much smaller clumps (LA08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.scopes import has_streams
from gate.rules.latency.first_token_slower import slower
from gate.rules.latency.stream_buffered import LEAST_MS, is_buffered
from gate.wire.timing import percentile

# Gaps below this share of the golden's usual gap lie within a clump: haproxy's and nginx's have 0 to 1 ms where the
# upstream sends every 60 ms. Of 122 tokens of golden/json-schema-stream one in fifty is so near to the one before.
WITHIN = 0.1
# Shares of gaps within clumps, golden at most, candidate at least: two events in a read (LA01's twin) have 0.5, three
# 0.66; golden/ has 0.01 to 0.03 in streams of 30 tokens and more, 0.09 to 0.5 in shorter ones. A golden with more of
# them, in pairs or from a busy machine, needs clumps of so many times its own: asked for twice as many, two of ten
# checks of an unbuffered route were told on two cores with a load of 16. nginx's clumps have 17 times as many.
SINGLE, CLUMPED, LARGER = 0.25, 0.6, 4.0
# Tokens that must be there, and how long clumps are apart: in ms, so that somebody sees it, and in the golden's 95th
# percentile, so that a route that is simply fast has no clumps: haproxy's 200 ms at 60 ms is inside. What takes 100 ms
# is instant to a reader: https://www.nngroup.com/articles/response-times-3-important-limits/
EVENTS = 10
APART_MS, APART_TIMES = 100.0, 2.0
# Where the answer nearly fits into a buffer, the wait before its first token is the only one; then it ends when the
# golden does, and a route that is simply fast ends long before. Chosen: nginx's ends at 0.99 to 1.02 of the golden.
AS_LONG = 0.8


def check(comparison: Comparison) -> Iterator[Drift]:
    """By the golden's own spread, in each sample: a pace is no contract, and neither are reads (B35)."""
    found = [drift for pair in comparison.answers if (drift := _clumps(pair))]
    # one sample in clumps may be a busy minute, of the client as well
    if len(found) == len(comparison.answers):
        yield from found


def _enough(observation: Observation) -> bool:
    return observation.form == "stream" and len(observation.timing.gaps) + 1 >= EVENTS


def _clumps(pair: Pair) -> Drift | None:
    golden = [sample for sample in pair.golden if _enough(sample)]
    # what takes no time at all comes in clumps wherever the client's machine is busy
    lasting = golden and min(sample.timing.spread or 0.0 for sample in golden) >= LEAST_MS
    # one burst after everything else is stream-buffered's
    if not lasting or not _enough(pair.candidate) or is_buffered(pair):
        return None
    every, gaps = [gap for sample in golden for gap in sample.timing.gaps], pair.candidate.timing.gaps
    usual, least = _usual(every), max(APART_MS, percentile(every, 95) * APART_TIMES)
    alone = 1 - max(_within(sample.timing.gaps, usual) for sample in golden)
    share = _within(gaps, usual)
    waits = [gap for gap in gaps if gap >= least] or [late for late in _late(pair, golden) if late >= least]
    little = alone < 1 - SINGLE and (1 - share) * LARGER > alone
    if not waits or share < CLUMPED or little:
        return None
    return pair.drift(
        path="timing.gap",
        message=f"{share:.0%} of the tokens arrive together with the one before, "
        f"in clumps {percentile(waits, 50):.0f} ms apart",
        golden=f"{'one by one' if alone >= 1 - SINGLE else 'a few at once'}, every {usual:.0f} ms",
        candidate=f"{len(gaps) + 1} tokens in {sum(gap >= least for gap in gaps) + 1} clumps",
    )


def _usual(gaps: Sequence[float]) -> float:
    """The golden's usual gap between tokens that do not come together; a pause of seconds does not change it."""
    mean = sum(gaps) / len(gaps)
    return percentile([gap for gap in gaps if gap >= mean * WITHIN], 50)


def _within(gaps: Sequence[float], usual: float) -> float:
    """The share of gaps that lie within a clump."""
    return sum(gap <= usual * WITHIN for gap in gaps) / len(gaps)


def _late(pair: Pair, golden: Sequence[Observation]) -> Iterator[float]:
    """How much later the first token comes than in each golden sample, where the stream is as long as the golden's."""
    first, last = _span(pair.candidate)
    spans = [_span(sample) for sample in golden]
    # what is late for another reason is first-token-slower's
    if not slower(pair) and last >= min(end for _, end in spans) * AS_LONG:
        yield first - max(start for start, _ in spans)


def _span(observation: Observation) -> tuple[float, float]:
    """When the first and the last token came, in ms."""
    first = observation.timing.first_token or 0.0
    return first, first + (observation.timing.spread or 0.0)


RULE = Rule(
    id="stream-clumped",
    area="latency",
    # B35: nobody fails on a burst
    severity=Severity.INFO,
    summary="the tokens arrive in clumps, the golden's one by one or in much smaller ones",
    who_breaks="nobody fails; text jumps instead of flowing, and figures such as tokens per second are false",
    hint="look for a proxy that collects reads: proxy_buffering off, TCP_NODELAY (haproxy: option http-no-delay)",
    check=check,
    where=has_streams,
)
