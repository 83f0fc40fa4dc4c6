"""What `GET /` shows to a person in a browser: what is served, and the faults. No network, no script."""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, StrictUndefined

from gate.endpoints import for_url
from gate.mutations import of_answers
from gate.replay.faults import kinds
from gate.replay.recordings import Recording
from gate.replay.scripts import Rule
from gate.text.safe import line

_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One recording as the page shows it."""

    scenario: str
    step: int
    endpoint: str
    operation: str
    stream: bool
    samples: int
    status: str
    says: str


def html(base_url: str, recordings: Iterable[Recording], rules: Sequence[Rule] = ()) -> str:
    """The page as one document."""
    text: str = _template().render(
        base_url=base_url,
        rows=[_row(recording) for recording in recordings],
        rules=[(rule.scenario or rule.endpoint or "all", rule.script.text) for rule in rules],
        faults=list(kinds().values()),
        mutations=[(row.id, row.summary) for row in of_answers().values()],
    )
    return text


def _row(recording: Recording) -> Row:
    exchange = recording.samples[0][1]
    return Row(
        scenario=recording.scenario,
        step=recording.step,
        endpoint=for_url(exchange.request.url, exchange.request.method).name,
        operation=recording.ask.operation,
        stream=recording.ask.stream,
        samples=len(recording.samples),
        status=str(exchange.response.status) if exchange.response else str(exchange.ending),
        says=recording.ask.shown[-1] if recording.ask.shown else "",
    )


@functools.cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=_harmless, trim_blocks=True, lstrip_blocks=True
    )
    text = importlib.resources.files("gate.replay").joinpath("page.html").read_text("utf-8")
    return environment.from_string(text)


def _harmless(value: Any) -> Any:
    return line(value, _LONGEST) if type(value) is str else value
