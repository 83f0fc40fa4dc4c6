"""Where the files lie that a wheel ships beside the code: rule pages, the project's own goldens, examples."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_WHEEL = _PACKAGE / "_shipped"


def rule_pages() -> Path:
    """The folder of `docs/rules/<id>.md`."""
    return _either(_WHEEL / "rules", _PACKAGE.parent / "docs" / "rules")


def goldens() -> Path:
    """The folder of the goldens that `gate demo` replays."""
    return _either(_WHEEL / "golden", _PACKAGE.parent / "golden")


def example(name: str) -> str:
    """The text of a file of `examples/`, such as `minimal/workflow.yml`."""
    return (_either(_WHEEL / "examples", _PACKAGE.parent / "examples") / name).read_text("utf-8")


def _either(installed: Path, checkout: Path) -> Path:
    return installed if installed.is_dir() else checkout
