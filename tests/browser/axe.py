"""axe-core, which finds what keeps people with a screen reader or a keyboard out: https://github.com/dequelabs/axe-core.

It comes out of its npm package when tests ask for it, and is kept in the temporary folder, never in the repository.
"""

from __future__ import annotations

import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

VERSION = "4.14.1"
_CACHE = Path(tempfile.gettempdir()) / f"swapgate-axe-core-{VERSION}" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """`rule: what, the elements`, for everything that axe has a rule for, best practices too."""
    page.evaluate(_script())  # a script tag would be refused by the page's own policy
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((result) => result.violations)")
    return [f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]


def _script() -> str:
    if not _CACHE.exists():
        _CACHE.parent.mkdir(exist_ok=True)
        _CACHE.write_bytes(_fetched())
    return _CACHE.read_text("utf-8")


def _fetched() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        argv = ["npm", "pack", "--silent", f"axe-core@{VERSION}"]
        try:
            subprocess.run(argv, cwd=folder, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"axe-core can't be fetched, so pages were not tested with it: {error}")
        (archive,) = Path(folder).iterdir()
        with tarfile.open(archive) as tar:
            content = tar.extractfile("package/axe.min.js")
            assert content is not None
            return content.read()
