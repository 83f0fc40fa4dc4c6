"""`python -m tests.browser` takes the README's screenshot of the report anew: docs/report.png."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gate.reports.html import render
from tests.browser.chromium import chromium, visit
from tests.gallery import buffered, gallery, mutated

PICTURE = Path(__file__).parent.parent.parent / "docs" / "report.png"
DRIFTS = {
    "chat-stream": buffered,
    "tool-forced": mutated("arguments-object"),
    "chat-stream-usage": mutated("usage-missing"),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        file = Path(folder, "report.html")
        file.write_text(render(gallery(("standard",), DRIFTS)), "utf-8")
        one = visit(browser, file, viewport={"width": 1120, "height": 1830}, device_scale_factor=1.3)
        one.page.evaluate("document.querySelectorAll('.finding').forEach((node) => { node.open = false; })")
        one.page.locator(".finding:has(.timeline) > summary").first.click()
        one.page.evaluate("document.activeElement.blur()")
        one.page.mouse.move(0, 0)
        one.page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
