"""No report keeps out who reads with a screen reader or works with a keyboard: axe-core finds nothing on any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser

from gate.judge.merge import merge, part
from gate.model import Effect, Report, Severity
from gate.reports.html import render
from tests.browser.axe import violations
from tests.browser.chromium import chromium, visit
from tests.browser.test_page import GATEWAY
from tests.gallery import DRIFTS, gallery
from tests.report_samples import CRASHED, PASSING, finding

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


def _merged() -> Report:
    failing = gallery(("minimal",), DRIFTS)
    names = ("azure", "proxy")
    return merge([part(name, replace(failing, candidate={**failing.candidate, "route": name})) for name in names])


def _sdk() -> Report:
    effects = (Effect("openai 2.54.0", "raises", "IndexError", content=True), Effect("npm:ai 7.0.173", "reads"))
    findings = (
        replace(finding("sdk-answer-changed", "sdk", scenario="chat!reset*1"), clients=effects),
        replace(finding("sdk-retries-changed", "sdk", Severity.RISKY, scenario="chat-stream!status-429*3")),
    )
    return replace(PASSING, findings=findings, lead="several things changed at once")


FAILING = ("minimal", "tool-forced", "count-stream", "json-schema-stream", "tool-roundtrip")
# made when a test wants them: every run of any test imports this module
REPORTS: Mapping[str, Callable[[], Report]] = {
    "pass": lambda: gallery(("minimal",), {}),
    "fail": lambda: gallery(FAILING, DRIFTS),
    "merged": _merged,
    "sdk": _sdk,
    "gateway": lambda: replace(GATEWAY, rules_url="https://docs.test/rules/{rule}"),
    "crashed": lambda: CRASHED,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", REPORTS)
def test_axe_has_nothing_to_say(browser: Browser, tmp_path: Path, name: str, scheme: str) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(REPORTS[name]()), "utf-8")
    # one width each, so that all four are seen without twice the time
    one = visit(browser, file, viewport=DESKTOP if scheme == "light" else PHONE, color_scheme=scheme)
    one.page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    assert (violations(one.page), one.complaints) == ([], [])
    one.page.context.close()
