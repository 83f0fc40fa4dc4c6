"""Which areas the golden's exchanges exercise: in others the absence of findings means nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gate.model import MISSING, Area, Observation, Rule
from gate.model.words import AREAS
from gate.observe.answer import choices, tool_calls
from gate.observe.breaches import read
from gate.observe.request import asked, called_before, offers_tools, output, output_format, tools

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


def idle(samples: Sequence[Observation]) -> str:
    """Why the recordings of a scenario show nothing of what its requests are for; "" where they do."""
    answers = [sample for sample in samples if sample.ok]
    calling = [sample for sample in answers if _may_call(sample)]
    if calling and not any(map(tool_calls, answers)):
        return "it offers tools, and no answer calls one"
    asking = [sample for sample in answers if output(sample)]
    if asking and not any(read(choice.text).value is not MISSING for sample in asking for choice in choices(sample)):
        return "it asks for JSON, and no answer is JSON"
    streams = [sample for sample in answers if asked(sample, "stream") is True]
    if streams and not any(sample.form == "stream" for sample in streams):
        return "it asks for a stream, and every answer comes in one piece"
    return ""


def _may_call(sample: Observation) -> bool:
    """Whether a call of one of our own functions is what the request is for."""
    # after a call that is sent back, prose is the answer
    return bool(tools(sample)) and asked(sample, "tool_choice") != "none" and not any(called_before(sample))


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
