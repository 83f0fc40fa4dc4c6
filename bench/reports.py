"""Every report format on 1,000 findings, and the HTML page of a run of the whole suite."""

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
    everything, html = interleaved(RUNS, lambda: _rendering(thousand, *formats()), lambda: _rendering(suite, "html"))
    slow = f"{everything:.2f} s for all {len(formats())}"
    yield Figure("every report format on 1,000 findings", slow, "1 s", everything <= 1)
    size = f"{page / 1e6:.2f} MB, {html:.2f} s"
    yield Figure(f"the HTML page of {len(suite.scenarios)} scenarios", size, "1 MB, 1 s", page <= 1e6 and html <= 1)


def _rendering(report: Report, *names: str) -> float:
    start = time.process_time()
    for name in names:
        formats()[name](report)
    return time.process_time() - start
