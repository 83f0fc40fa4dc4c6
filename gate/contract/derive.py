"""Golden samples → contract.yaml.

A contract is derived, never edited: `gate verify` derives it again from the cassette and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gate.contract.text import Flow, FlowList, write
from gate.errors import CassetteError
from gate.model import MISSING, Exchange, Field, Json, Observation
from gate.observe import parameters
from gate.observe.answer import carries_error, grammar, tool_calls
from gate.observe.stream_summary import event_order
from gate.observe.usage import usage
from gate.observe.vectors import width
from gate.wire.headers import READ_BY_CLIENTS
from gate.wire.shape import indexless, show
from gate.wire.timing import percentile

# chosen: OpenAI's own lists have up to five words (finish_reason); more distinct values are free text.
_VOCABULARY = 6  # most distinct words at a path that are listed as its vocabulary
# Keys whose values SDKs type as enumerations, and whose words clients compare.
_CLOSED = ("finish_reason", "object", "role", "type", "status", "service_tier")


def derive(scenario: str, samples: Sequence[Observation], group: str = "") -> str:
    """The contract's YAML text. `samples` are all observations of the scenario, of one step or of several.

    In the group `params` it also lists which parameters the route honoured, ignored or rejected.
    """
    steps: dict[int, list[Observation]] = {}
    for observation in samples:
        steps.setdefault(observation.step, []).append(observation)
    parts = [_step(of_step, probing=group == "params") for _, of_step in sorted(steps.items())]
    count = max((len(group) for group in steps.values()), default=0)
    body = parts[0] if len(parts) == 1 else {"steps": parts}
    return write({"scenario": scenario, "samples": count, **body})


def derived_from(scenario: str, exchanges: Iterable[Exchange], observed: Sequence[Observation], group: str = "") -> str:
    """The contract of a cassette. Raises CassetteError where no exchange has a response."""
    answered = [observation for observation in observed if observation.form != "none"]
    if not answered:
        file = next((e.location.file for e in exchanges if e.location.file), scenario)
        raise CassetteError("no exchange has a response", where=str(file), fix="record the scenario again")
    return derive(scenario, answered, group)


# -- one step -----------------------------------------------------------------------------------


def _step(samples: Sequence[Observation], probing: bool) -> dict[str, Json]:
    """What the samples agree on; facts that none of them shows are left out."""
    facts: dict[str, Json] = {
        "endpoint": samples[0].endpoint,
        "status": _agreed(observation.status for observation in samples),
        "media_type": _agreed(observation.media_type or "none" for observation in samples),
        "events": _agreed(event_order(observation) for observation in samples if observation.form == "stream"),
        "error": _errors(samples),
        "params": parameters.lines(samples) if probing else None,
        "tools": _tools(samples),
        "vectors": _vectors(samples),
        "fields": _fields(samples),
        "usage": _agreed(
            _usage(observation) for observation in samples if observation.ok and not carries_error(observation)
        ),
        "headers": FlowList(
            sorted({name for observation in samples for name in observation.headers if name in READ_BY_CLIENTS})
        ),
        "timing": _timing(samples),
        "varies": FlowList(_varies(samples)),
    }
    return {name: value for name, value in facts.items() if value not in (None, [], {}, "", "none")}


def _agreed(values: Iterable[Json]) -> Json:
    """The value that all samples share, else the sorted list of values; None without any."""
    agreed = sorted(set(values), key=str)
    return agreed[0] if len(agreed) == 1 else agreed or None


def _errors(samples: Sequence[Observation]) -> Json:
    """`error.type`, `code` and `param` as JSON text, which tells null from absent."""
    bodies = [observation.body for observation in samples if not observation.ok and isinstance(observation.body, dict)]
    objects = [body["error"] for body in bodies if isinstance(body.get("error"), dict)]
    if not objects:
        return _agreed(f"body of {observation.form}" for observation in samples if not observation.ok)
    keys = ("type", "code", "param")
    return Flow({key: _agreed(show(error[key]) if key in error else "absent" for error in objects) for key in keys})


def _tools(samples: Sequence[Observation]) -> Json:
    calls = [tool_calls(observation) for observation in samples if observation.ok]
    names = sorted({str(call.name) for group in calls for call in group})
    if not names:
        return None
    sizes = sorted({len(group) for group in calls})
    many = str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]}..{sizes[-1]}"
    kinds = sorted({type(call.arguments).__name__ for group in calls for call in group})
    arguments = "JSON text" if kinds == ["str"] else " or ".join(kinds)
    return Flow({"calls": many, "names": names, "arguments": arguments})


def _vectors(samples: Sequence[Observation]) -> Json:
    vectors = [v for observation in samples if observation.answer for v in observation.answer.vectors]
    if not vectors:
        return None
    forms = sorted({"base64" if isinstance(v, str) else "numbers" for v in vectors})
    lengths = sorted({width(v) or 0 for v in vectors})
    counts = sorted({len(observation.answer.vectors) for observation in samples if observation.answer})
    return Flow({"count": _one(counts), "length": _one(lengths), "form": _one(forms)})


def _one(values: Sequence[Json]) -> Json:
    return values[0] if len(values) == 1 else list(values)


def _usage(observation: Observation) -> str:
    """Where a client finds the usage of an answer."""
    if observation.form != "stream":
        return "in the body" if usage(observation) else "none"
    bearing = [event for event in observation.events if "usage" in dict(event.kinds)]
    if not bearing:
        final = observation.answer.usage if observation.answer else None
        return "in the terminal event" if isinstance(final, dict) else "none"
    if len(bearing) > 1:
        return "in every chunk" if len(bearing) >= len(observation.events) - 1 else "in more than one chunk"
    if [kind for kind, _ in bearing[0].kinds] != ["usage"]:
        return "beside the last choices"
    ends = [event.frame.number for event in observation.events if grammar(observation).ends & dict(event.kinds).keys()]
    late = bool(ends) and bearing[0].frame.number > max(ends)
    return "own chunk after finish" if late else "own chunk before finish"


# -- fields -------------------------------------------------------------------------------------


def _fields(samples: Sequence[Observation]) -> dict[str, str]:
    shapes = [observation.shape for observation in samples]
    words = _words(samples)
    paths = sorted({path for shape in shapes for path in shape})
    return {path: _field([shape.get(path) for shape in shapes], words.get(path, ())) for path in paths}


def _field(seen: Sequence[Field | None], words: Iterable[str]) -> str:
    """`string {stop}, always`: types, closed vocabulary, presence over samples (or within them)."""
    fields = [field for field in seen if field]
    types = "|".join(sorted({kind for field in fields for kind in field.types}))
    vocabulary = f" {{{', '.join(sorted(words))}}}" if words else ""
    if len(fields) < len(seen):
        presence = f"{len(fields)}/{len(seen)}"
    else:
        presence = "always" if all(field.always for field in fields) else "sometimes"
    return f"{types}{vocabulary}, {presence}"


def _words(samples: Sequence[Observation]) -> dict[str, set[str]]:
    """The values seen at paths with a closed vocabulary, unless there are too many for one."""
    vocabulary: dict[str, set[str]] = {}
    for sample in samples:
        documents = [event.doc for event in sample.events] if sample.form == "stream" else [sample.body]
        for document in documents:
            for path, value in _leaves(document, ""):
                if path.rpartition(".")[2] in _CLOSED and isinstance(value, str):
                    # chosen: no word of a vocabulary is as long; a text under such a key must not fill the contract.
                    vocabulary.setdefault(indexless(path), set()).add(value[:40])
    return {path: words for path, words in vocabulary.items() if len(words) <= _VOCABULARY}


def _leaves(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _leaves(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        # A vector has thousands of numbers that all have the same path without its index.
        for place, child in enumerate(value[:32]):
            yield from _leaves(child, f"{path}[{place}]")
    else:
        yield path, value


# -- what differs from sample to sample ---------------------------------------------------------


def _varies(samples: Sequence[Observation]) -> list[str]:
    """Paths of the final answer whose values differ between samples, and `chunk boundaries` where those do."""
    if len(samples) < 2:
        return []
    finals = [dict(_leaves(_final(observation), "")) for observation in samples]
    paths = {path for final in finals for path in final}
    varying = {indexless(p) for p in paths if len({show(final.get(p, MISSING)) for final in finals}) > 1}
    # Only their number: where tokens are parted differs from call to call (B06).
    streams = [len(observation.events) for observation in samples if observation.form == "stream"]
    return [*sorted(varying), *(["chunk boundaries"] if len(set(streams)) > 1 else [])]


def _final(observation: Observation) -> Json:
    return observation.answer.final if observation.answer else observation.body


def _timing(samples: Sequence[Observation]) -> Json:
    timings = [observation.timing for observation in samples if observation.ok]
    figures = {
        "first_token_ms": [t.first_token for t in timings if t.first_token is not None],
        "gap_ms": [gap for t in timings for gap in t.gaps],
        "total_ms": [t.total for t in timings if t.total is not None],
    }
    words: dict[str, Json] = {
        name: Flow({f"p{q}": round(percentile(values, q)) for q in (50, 95)})
        for name, values in figures.items()
        if values
    }
    counts = sorted(len(sample.events) for sample in samples if sample.form == "stream")
    if counts:
        words["chunks"] = counts[0] if counts[0] == counts[-1] else f"{counts[0]}..{counts[-1]}"
    return Flow(words)
