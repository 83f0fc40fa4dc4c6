"""Report formats, one per file: `render(report) -> str`, pure. `junit_github.py` is the format `junit-github`.

Formats take verdict and order of findings from the report. What several formats share is in `words/`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from functools import partial

from gate.model import Report

Render = Callable[[Report], str]


def formats() -> Mapping[str, Render]:
    """Every format of this folder by name; a module is imported when its format is first used."""
    # found by the folder: a new format needs no entry anywhere
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)
    return {module.replace("_", "-"): partial(_render, module) for module in modules}


def _render(module: str, report: Report) -> str:
    text: str = importlib.import_module(f"{__name__}.{module}").render(report)
    return text
