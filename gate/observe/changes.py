"""What differs between a request as a client sent it and as it reached the upstream. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from gate.endpoints import text_of
from gate.model import MISSING, Call, Ending, Json, Observation, Passage
from gate.observe.answer import is_number
from gate.observe.delays import delays
from gate.text.plural import count
from gate.text.safe import cut
from gate.wire.timing import percentile

Kind = Literal["dropped", "added", "changed", "retyped", "renamed", "reshaped", "reordered"]
"""`retyped`: another way to write the same value (0 and 0.0). `reshaped`: the same text, as parts or as one."""

_MAX_CHANGES = 500  # of one request; a hostile upstream request differs in any number of places
_MAX_DEPTH = 24  # a bound on recursion; bodies of the suite nest 9 levels
_SHOWN = 6  # calls that fit a line
_LINES = 20  # of one scenario: the suite's loads send 40 requests, and a scenario has three samples as a rule
# What one API calls so and another otherwise, or the same API since a later version.
_ALIASES = (
    ("max_tokens", "max_completion_tokens"), ("max_tokens", "max_output_tokens"), ("user", "safety_identifier"),
    ("functions", "tools"), ("function_call", "tool_choice"), ("input", "messages"), ("prompt", "messages"),
)  # fmt: skip
# Where the texts of a prompt are: in chat, in responses and embeddings, in legacy completions.
_TEXTS = ("messages", "input", "prompt")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference at a path; `renamed` to `to`. `before` is the client's value, `after` the upstream's."""

    kind: Kind
    path: str
    before: Json
    after: Json
    to: str = ""


def forwarded(passage: Passage) -> Call | None:
    """The first call that carries the client's request: of the same operation, and rather one that was recorded than
    what a gateway asks for itself. None where nothing did."""
    same = [call for call in passage.calls if call.sent.endpoint == passage.sent.endpoint]
    return min(same, key=lambda call: bool(call.unmatched), default=None)


def body_changes(passage: Passage) -> tuple[Change, ...]:
    """The differences of both bodies, in the client's order; none where either is no JSON object."""
    call = forwarded(passage)
    before, after = passage.sent.body, call.sent.body if call else MISSING
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return ()
    return tuple(islice(_with_renamed(_texts_first(before, after)), _MAX_CHANGES))


def key_order_changed(passage: Passage) -> bool:
    """Whether the members that both bodies have stand in another order."""
    call = forwarded(passage)
    before, after = passage.sent.body, call.sent.body if call else MISSING
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return False
    return [key for key in before if key in after] != [key for key in after if key in before]


def passage_lines(observations: Sequence[Observation]) -> tuple[str, ...]:
    """A line for each request that passed a gateway; one for all of a load."""
    passed = [sample for sample in observations if sample.passage]
    return tuple(map(passage_line, passed)) if len(passed) <= _LINES else (_load_line(passed),)


def _load_line(samples: Sequence[Observation]) -> str:
    calls = [call for sample in samples for call in (sample.passage.calls if sample.passage else ())]
    outcomes = Counter(map(_outcome, samples))
    got = ", ".join(f"{number} {words}" for words, number in sorted(outcomes.items()))
    last = f", the last at {max(call.at_ms for call in calls):.0f} ms" if calls else ""
    added = _added([delay for sample in samples for delay in delays(sample)])
    return f"{len(samples)} at once: {count(len(calls), 'request')} upstream{last} · clients: {got}{added}"


def passage_line(observation: Observation) -> str:
    """Both hops of a request in a line: what the upstream was asked and answered, and what the client got."""
    calls = observation.passage.calls if observation.passage else ()
    shown = [_call_words(call) for call in calls[:_SHOWN]] or ["nothing reached the upstream"]
    more = [f"{len(calls) - _SHOWN} more"] if len(calls) > _SHOWN else []
    took = f" after {observation.timing.total:.0f} ms" if observation.timing.total is not None else ""
    return f"{', '.join([*shown, *more])} · client: {_outcome(observation)}{took}{_added(delays(observation))}"


def _added(times: Sequence[float]) -> str:
    """The delay of a gateway as a figure."""
    if not times:
        return ""
    return f" · adds {percentile(times, 50):.0f} ms to an event (p95 {percentile(times, 95):.0f} ms)"


def _call_words(call: Call) -> str:
    fault = f" ({cut(call.fault, 40)})" if call.fault else " (not recorded)" if call.unmatched else ""
    return f"{call.sent.method} {call.sent.endpoint} at {call.at_ms:.0f} ms: {_outcome(call.answer)}{fault}"


def _outcome(observation: Observation) -> str:
    """Status and ending of an answer: `200`, `200 cut`, `reset`."""
    ended = "" if observation.ending is Ending.COMPLETE else str(observation.ending)
    return f"{observation.status or ''} {ended}".strip()


# -- values -------------------------------------------------------------------------------------


def _texts_first(before: dict[str, Json], after: dict[str, Json]) -> Iterator[Change]:
    for key in _TEXTS:
        if key in before and key in after:
            yield from _messages(key, before[key], after[key])
    rest = [{key: value for key, value in body.items() if key not in before or key not in after or key not in _TEXTS}
            for body in (before, after)]  # fmt: skip
    yield from _changes("", rest[0], rest[1], 0)


def _changes(path: str, before: Json, after: Json, depth: int) -> Iterator[Change]:
    if depth > _MAX_DEPTH or before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _members(path, before, after, depth)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _items(path, before, after, depth)
    elif is_number(before) and is_number(after) and before == after:
        if type(before) is not type(after):
            yield Change("retyped", path, before, after)
    elif type(before) is not type(after) or before != after:
        yield Change("changed", path, before, after)


def _members(path: str, before: dict[str, Json], after: dict[str, Json], depth: int) -> Iterator[Change]:
    for key in before:
        below = f"{path}.{key}" if path else key
        if key in after:
            yield from _changes(below, before[key], after[key], depth + 1)
        else:
            yield Change("dropped", below, before[key], MISSING)
    for key in after:
        if key not in before:
            yield Change("added", f"{path}.{key}" if path else key, MISSING, after[key])


def _items(path: str, before: list[Json], after: list[Json], depth: int) -> Iterator[Change]:
    if len(before) != len(after):
        yield Change("changed", path, before, after)
        return
    for number, (here, there) in enumerate(zip(before, after, strict=True)):
        yield from _changes(f"{path}[{number}]", here, there, depth + 1)


def _with_renamed(changes: Iterator[Change]) -> Iterator[Change]:
    """The changes, with a pair of one dropped and one added field of the same value as one."""
    every = list(changes)
    gone = {change.path: change for change in every if change.kind == "dropped" and "." not in change.path}
    came = {change.path: change for change in every if change.kind == "added" and "." not in change.path}
    pairs = {old: new for old, new in _ALIASES if old in gone and new in came}
    pairs |= {new: old for old, new in _ALIASES if new in gone and old in came}
    for change in every:
        if change.kind == "dropped" and change.path in pairs:
            to = pairs[change.path]
            yield replace(change, kind="renamed", after=came[to].after, to=to)
        elif not (change.kind == "added" and change.path in pairs.values()):
            yield change


# -- messages -----------------------------------------------------------------------------------


def _messages(key: str, before: Json, after: Json) -> Iterator[Change]:
    """Messages by their place; where their number or order differs, as a whole."""
    if before == after and isinstance(before, str):
        return
    if isinstance(before, str) or isinstance(after, str) or not (isinstance(before, list) and isinstance(after, list)):
        if _outline(before) == _outline(after):
            yield Change("reshaped", key, before, after)
        else:
            yield from _changes(key, before, after, 0)
        return
    if len(before) != len(after):
        yield Change("changed", key, _shown(before), _shown(after))
    elif before != after and _outline(before) != _outline(after) and _counted(before) == _counted(after):
        yield Change("reordered", key, _shown(before), _shown(after))
    else:
        for number, (here, there) in enumerate(zip(before, after, strict=True)):
            yield from _message(f"{key}[{number}]", here, there)


def _message(path: str, before: Json, after: Json) -> Iterator[Change]:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        yield from _changes(path, before, after, 0)
        return
    here, there = dict(before), dict(after)
    content = here.get("content"), there.get("content")
    if content[0] != content[1] and text_of(content[0]) == text_of(content[1]) and _all_text(content):
        yield Change("reshaped", f"{path}.content", here.pop("content"), there.pop("content"))
    yield from _members(path, here, there, 0)


def _all_text(contents: Sequence[Json]) -> bool:
    """Whether all are texts, or lists of texts alone: a picture that was lost leaves the same text."""
    return all(
        isinstance(content, str)
        or (isinstance(content, list) and all(isinstance(part, dict) and "text" in part for part in content))
        for content in contents
    )


def _outline(messages: Json) -> list[tuple[str, str]]:
    """(role, text) of each message; a bare text is the user's."""
    if isinstance(messages, str):
        return [("user", messages)]
    if not isinstance(messages, list):
        return []
    return [
        (str(m.get("role")), text_of(m.get("content"))) if isinstance(m, dict) else ("user", str(m)) for m in messages
    ]


def _counted(messages: Json) -> Counter[tuple[str, str]]:
    return Counter(_outline(messages))


def _shown(messages: Json) -> Json:
    """A list of messages for a person: their roles."""
    return [role for role, _ in _outline(messages)]
