"""How exchanges end, for the rules about connections: what no golden sample went through."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Ending, Observation, Samples
from gate.observe.answer import numbered


def unseen(golden: Samples, candidate: Samples, *endings: Ending) -> Iterator[tuple[int, Observation]]:
    """Candidate samples that ended in one of these ways, where no golden did."""
    if any(g.ending in endings for g in golden):
        return
    yield from ((sample, found) for sample, found in numbered(candidate) if found.ending in endings)


def said(found: Observation) -> str:
    """The ending in words, and how much had come."""
    came = f"{found.size} bytes" if found.form != "none" else "no response"
    events = f", {len(found.events)} frames" if found.events else ""
    return f"{found.ending.value} after {came}{events}" + (f" ({found.detail[:120]})" if found.detail else "")
