"""What the goldens would catch, as every verdict says it."""

from __future__ import annotations

from collections.abc import Mapping

from gate.text.safe import line


def coverage_line(areas: Mapping[str, tuple[int, int]], day: str, *, stale: bool) -> str:
    """`these goldens would catch 183 of 227 known drifts (proven 2026-11-29); they are blind to embeddings`. `areas`:
    (caught, known) by area."""
    caught, known = (sum(numbers) for numbers in zip(*areas.values(), strict=True)) if areas else (0, 0)
    blind = [line(area, 20) for area, (seen, of) in areas.items() if of and not seen]
    words = f"coverage: these goldens would catch {caught} of {known} known drifts (proven {line(day, 10)})"
    words += f"; they are blind to {', '.join(blind)}" if blind else ""
    return f"{words}; they have changed since, or gate has: gate prove --write" if stale else words
