"""Every report format on 1,000 findings, and the HTML page of a run of the whole suite, beside writing their JSON."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, interleaved
from gate.model import Report
from gate.reports import formats
from tests.gallery import gallery
from tests.report_samples import many

RUNS = 5


def figures(_folder: Path) -> Iterator[Figure]:
    thousand, suite = many(1000), gallery()
    page = len(formats()["html"](suite).encode())
    everything, json, html, small = interleaved(
        RUNS,
        lambda: _rendering(thousand, *formats()),
        lambda: _rendering(thousand, "json"),
        lambda: _rendering(suite, "html"),
        lambda: _rendering(suite, "json"),
    )
    words = f"{everything / json:.0f}×: {everything:.2f} s for all {len(formats())}"
    yield Figure("every report format on 1,000 findings, against JSON alone", words, "40×", everything <= 40 * json)
    what = f"the HTML page of {len(suite.scenarios)} scenarios, against JSON alone"
    words = f"{page / 1e6:.2f} MB, {html / small:.0f}×: {html:.2f} s"
    yield Figure(what, words, "1 MB, 60×", page <= 1e6 and html <= 60 * small)


def _rendering(report: Report, *names: str) -> float:
    start = time.process_time()
    for name in names:
        formats()[name](report)
    return time.process_time() - start
