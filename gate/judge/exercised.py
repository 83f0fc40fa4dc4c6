"""Which areas the golden's exchanges exercise: in others the absence of findings means nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import Area, Observation, Rule
from gate.model.words import AREAS
from gate.observe.request import offers_tools, output_format

# Only these have parameters that shape the output; a list of models or a moderation has none to be ignored.
_GENERATING = ("chat.completions", "completions", "responses", "embeddings")


def exercised(golden: Iterable[Observation], candidate: Iterable[Observation] = ()) -> tuple[Area, ...]:
    """The areas of these exchanges, in the order of fixing; `request` where the candidate's passed a gateway."""
    seen = {area for observation in golden for area in _areas(observation)}
    if any(observation.passage for observation in candidate):
        seen.add("request")
    return tuple(area for area in AREAS if area in seen)


def judged_by(rules: Iterable[Rule]) -> tuple[Area, ...]:
    """The areas of some rules, where no others are asked: all else is not judged, whatever the golden shows."""
    known = {rule.area for rule in rules}
    return tuple(area for area in AREAS if area in known)


def _areas(observation: Observation) -> Iterator[Area]:
    yield from ("transport", "schema", "errors")
    if not observation.ok:  # an error response calls no tool and streams no text
        return
    if observation.answer and observation.answer.usage:
        yield "usage"
    if observation.endpoint in _GENERATING:
        yield "params"
    if observation.endpoint == "responses":
        yield "responses"
    if observation.endpoint == "embeddings":
        yield "embeddings"
    if offers_tools(observation):
        yield "tools"
    if output_format(observation):
        yield "structured"
    if observation.form == "stream":  # every rule of area `latency` compares streams
        yield from ("stream", "latency")
