"""Arrival times and latency figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model import Chunk, Exchange, Request, Timing
from gate.wire.timing import arrivals, measure, percentile, summary

CHUNKS = (Chunk(100.0, 10), Chunk(120.0, 0), Chunk(130.0, 25), Chunk(200.0, 5))
SENT = Request("POST", "http://127.0.0.1/v1/chat/completions")


@pytest.mark.parametrize(
    ("ends", "wanted"),
    [
        ([], []),
        ([1, 10], [100.0, 100.0]),
        ([10, 11], [100.0, 130.0]),
        ([35, 36, 40], [130.0, 200.0, 200.0]),
        ([40, 41, 99], [200.0, None, None]),
        ([0], [100.0]),
    ],
)
def test_arrivals(ends: list[int], wanted: list[float | None]) -> None:
    assert arrivals(ends, CHUNKS) == wanted


def test_nobody_took_the_times() -> None:
    assert arrivals([0, 1, 2], ()) == [None, None, None]


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 30)).map(sorted))
def test_arrivals_are_those_of_the_byte_before_the_end(sizes: list[int], ends: list[int]) -> None:
    times = [float(n) for n, size in enumerate(sizes) for _ in range(size)]
    wanted = [times[end - 1] if end <= len(times) else None for end in ends if end]
    assert arrivals([end for end in ends if end], [Chunk(float(n), s) for n, s in enumerate(sizes)]) == wanted


@pytest.mark.parametrize(
    ("exchange", "times", "wanted"),
    [
        (Exchange(SENT, None), [], Timing()),
        (
            Exchange(SENT, None, CHUNKS, first_byte_ms=90.0, total_ms=210.0),
            [100.0, 130.0, 200.0],
            Timing(90.0, 100.0, 210.0, (30.0, 70.0), 100.0),
        ),
        (Exchange(SENT, None, connect_ms=31.0), [], Timing(connect=31.0)),
        (Exchange(SENT, None, CHUNKS), [130.0], Timing(100.0, 130.0, 200.0, (), 0.0)),
        (Exchange(SENT, None, CHUNKS, first_byte_ms=0.0, total_ms=0.0), [], Timing(0.0, None, 0.0)),
    ],
)
def test_measure(exchange: Exchange, times: list[float], wanted: Timing) -> None:
    assert measure(exchange, times) == wanted


@pytest.mark.parametrize(
    ("values", "q", "wanted"),
    [
        ([3.0, 1.0, 2.0], 50, 2.0),
        ([1.0, 2.0], 50, 1.0),
        ([1.0, 2.0], 95, 2.0),
        ([float(n) for n in range(1, 101)], 95, 95.0),
        ([float(n) for n in range(1, 21)], 95, 19.0),
        ([7.0], 0, 7.0),
        ([7.0, 8.0], 100, 8.0),
    ],
)
def test_percentile(values: list[float], q: float, wanted: float) -> None:
    assert percentile(values, q) == wanted


def test_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_summary_pools_the_gaps_of_all_samples() -> None:
    timings = [Timing(1, 10, 100, (1, 2, 3)), Timing(1, 20, 200, (9,)), Timing(1, None, 300)]
    assert summary(timings) == {
        "ttft_p50": 10, "ttft_p95": 20, "gap_p50": 2, "gap_p95": 9, "total_p50": 200, "total_p95": 300,
    }  # fmt: skip


def test_summary_leaves_out_what_nobody_measured() -> None:
    assert summary([Timing(total=5.0)]) == {"total_p50": 5.0, "total_p95": 5.0}
    assert summary([Timing(connect=3.0), Timing()]) == {"connect_p50": 3.0, "connect_p95": 3.0}
    assert summary([]) == {}
