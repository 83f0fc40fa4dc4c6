"""What the golden's exchanges exercise: only there has a candidate without a finding shown anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import Area, Observation
from gate.model.words import AREAS
from gate.observe.request import offers_tools, output_format

_GENERATING = ("chat.completions", "completions", "responses", "embeddings")


def exercised(golden: Iterable[Observation]) -> tuple[Area, ...]:
    """The areas of these exchanges, in the order of fixing."""
    seen = {area for found in golden for area in _areas(found)}
    return tuple(area for area in AREAS if area in seen)


def _areas(found: Observation) -> Iterator[Area]:
    yield from ("transport", "schema", "errors")
    if not found.ok:  # what was refused calls no tool and streams no text
        return
    if found.answer and found.answer.usage:
        yield "usage"
    if found.endpoint in _GENERATING:
        yield "params"
    if found.endpoint == "responses":
        yield "responses"
    if found.endpoint == "embeddings":
        yield "embeddings"
    if offers_tools(found):
        yield "tools"
    if output_format(found):
        yield "structured"
    if found.form == "stream":  # every rule about time compares streams
        yield from ("stream", "latency")
