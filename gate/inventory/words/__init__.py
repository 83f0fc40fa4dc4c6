"""A scan in words: one format a file, `render(Scan) -> str`. Pure.

What source says reaches no terminal as it came: every text goes through `gate.text.safe`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gate.inventory.model import Scan
from gate.inventory.words import json, sarif, table

FORMATS: Mapping[str, Callable[[Scan], str]] = {"table": table.render, "json": json.render, "sarif": sarif.render}
"""What `gate scan --report` writes."""
