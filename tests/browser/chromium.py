"""A real headless Chromium for tests: the system's, installed from Debian where we may, otherwise a clear skip."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_INSTALL = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
)


def executable() -> str:
    """The path of a Chromium. In CI on Debian as root it is installed when there is none; elsewhere tests skip."""
    found = _found()
    if not found and os.environ.get("CI") and shutil.which("apt-get") and os.geteuid() == 0:
        for command in _INSTALL:
            subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, timeout=600)
        found = _found()
    return found or pytest.skip("no Chromium: install it, as with `apt-get install chromium`")


def _found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; `--no-sandbox` because containers seldom let it make its own."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visit:
    """An open page, and everything that should not have happened on it."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return wide

    def seen(self, selector: str) -> int:
        """How many elements of it a person could see."""
        return self.page.locator(f"{selector}:visible").count()


def visit(browser: Browser, file: Path, fragment: str = "", **options: Any) -> Visit:
    """Open a file. Console errors, exceptions, and requests for anything but the file itself are complaints."""
    page = browser.new_context(**options).new_page()
    found = Visit(page)
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("dialog", lambda dialog: found.complaints.append(dialog.message))
    page.on("request", lambda request: _noted(found, request.url, file))
    page.goto(f"{file.as_uri()}{fragment}")
    return found


def _noted(found: Visit, url: str, file: Path) -> None:
    if url.partition("#")[0] != file.as_uri():
        found.complaints.append(f"request: {url}")
