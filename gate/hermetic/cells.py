"""What a gateway is asked beyond the suite: requests with everything in them, and faults of its upstream.

Each is a cell, a scenario of its own under the id `<scenario>@<what>`: the step of a golden with other fields, or with
a fault in its answer. Its golden is what a client would see of the same upstream without the gateway. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from gate.endpoints import endpoint
from gate.judge.pairing import observed
from gate.model import Chunk, Ending, Exchange, Json, Observation, Scenario
from gate.observe.request import offers_tools
from gate.replay.actions import Leave, transmission
from gate.replay.faults import NO_FAULT, Fault
from gate.replay.reply import Reply
from gate.replay.scripts import Rule, Script, script_of

PLAIN_FAULTS = ("status-400", "status-429+retry-after-1", "status-500", "html-502", "reset")
STREAM_FAULTS = (
    "cut-after-3", "reset-after-3", "no-finish", "first-chunk-after-2s", "heartbeat-comments", "falling-gaps",
)  # fmt: skip
"""What happens to an upstream often enough that a client needs to know how it looks through the gateway."""

SILENCES = ("first-byte-after-65s", "pause-after-1-for-65s")
"""More than a minute of silence, as of a model that thinks, of a plain answer and of a stream: 60 s is what nginx and
others wait for (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout)."""

_HELD = "pause-after-1-for-5s"
"""Under load each stream lasts so long that all of them can be open at once."""

CANCELS = tuple("+".join(f"pause-after-{n}-for-0.5s" for n in range(2, last)) for last in (9, 6, 4))
"""The stream that a client leaves after its first chunk, the longest that fits. Chunks go on to come: a proxy notices a
client that left when it writes to it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A scenario, the one whose golden answers it, and the faults of the upstream (None: as recorded)."""

    scenario: Scenario
    base: str
    script: Script | None = None

    @property
    def many(self) -> bool:
        """Whether it is a load: all are answered by the first sample, so that all clients get the same bytes."""
        return self.scenario.steps[0].repeat > 1


Goldens = Mapping[str, Sequence[Exchange]]


def cells(
    scenarios: Sequence[Scenario],
    goldens: Goldens,
    rules: Sequence[Rule] | None,
    *,
    silent: bool = False,
    load: int = 0,
) -> tuple[Cell, ...]:
    """All cells: one for each request beyond the suite, then for each fault. `rules` are those of a faults.yaml
    (none: no faults), None stands for the usual ones; `silent` adds a minute of silence, `load` so many streams at
    once."""
    kinds = _Kinds(scenarios, goldens)
    asked = [*_asked(kinds)]
    faulty = _usual(kinds) if rules is None else (c for r in rules for c in _by_rule(r, scenarios, goldens))
    quiet = _silent(kinds) if silent else ()
    return (*asked, *faulty, *quiet, *_afterwards(kinds), *_loaded(kinds, load))


def golden_of(cell: Cell, exchange: Exchange, speed: float, now: float) -> Exchange | None:
    """A golden exchange as a client without the gateway would see it; None where the fault does not fit."""
    fault: Fault = cell.script.fault(0) if cell.script else NO_FAULT
    if fault == NO_FAULT and speed:
        return replace(exchange, scenario=cell.scenario.id)
    reply = fault.reply(exchange, speed, now)
    return None if reply is None else replace(_seen(exchange, reply), scenario=cell.scenario.id)


def _seen(exchange: Exchange, reply: Reply) -> Exchange:
    sent = transmission(reply)
    body = b"".join(write.body for write in sent.writes)
    ending = {Leave.RESET: Ending.RESET, Leave.HOLD: Ending.TIMEOUT}.get(sent.leave)
    return replace(
        exchange,
        response=None if sent.response is None else replace(sent.response, body=body),
        chunks=tuple(Chunk(write.at_ms, len(write.body)) for write in sent.writes if write.body),
        ending=ending or (Ending.COMPLETE if sent.whole else Ending.CUT),
        detail="" if sent.whole else "as the fault has it",
        first_byte_ms=None if sent.response is None else reply.head_ms,
        total_ms=sent.leave_ms,
    )


# -- which goldens ------------------------------------------------------------------------------


class _Kinds:
    """The first scenario of each kind: one step that a golden answers with success."""

    def __init__(self, scenarios: Sequence[Scenario], goldens: Goldens) -> None:
        self._goldens = goldens
        shown = [(s, observed(goldens[s.id])[0]) for s in scenarios if len(s.steps) == 1 and goldens.get(s.id)]
        self._good = [
            (s, o) for s, o in shown if o.ok and s.steps[0].method == "POST" and isinstance(s.steps[0].body, dict)
        ]

    def fits(self, cell: Cell) -> bool:
        """Whether the fault of a cell fits its golden."""
        return golden_of(cell, self._goldens[cell.base][0], 1.0, 0.0) is not None

    def first(self, fits: Callable[[Observation], bool]) -> Scenario | None:
        return next((scenario for scenario, observation in self._good if fits(observation)), None)

    @property
    def plain(self) -> Scenario | None:
        """A chat without a stream, else any request without one."""
        return self.first(_is_chat("json")) or self.first(lambda o: o.form == "json")

    @property
    def chat(self) -> Scenario | None:
        return self.first(_is_chat("json"))

    @property
    def stream(self) -> Scenario | None:
        return self.first(_is_chat("stream")) or self.first(lambda o: o.form == "stream")

    @property
    def chat_stream(self) -> Scenario | None:
        return self.first(_is_chat("stream"))


def _is_chat(form: str) -> Callable[[Observation], bool]:
    return lambda o: o.endpoint == "chat.completions" and o.form == form and not offers_tools(o)


def _with(scenario: Scenario, word: str, group: str | None = None, **changes: Any) -> Scenario:
    """The scenario under another id, with changes of its one step."""
    step = replace(scenario.steps[0], **changes)
    return replace(scenario, id=f"{scenario.id}@{word}", steps=(step,), twin=None, group=group or scenario.group)


# -- requests -----------------------------------------------------------------------------------

# All values are right, and none is a default: a gateway that leaves one out can't mean the same. What came to the API
# late is asked for apart, because a gateway that does not know it refuses all.
_PARAMETERS: Mapping[str, Json] = {
    "seed": 7, "top_p": 0.9, "frequency_penalty": 0.1, "presence_penalty": 0.1, "stop": ["\n\n\n"],
    "logit_bias": {"1000": -1}, "metadata": {"gate": "probe"}, "user": "gate-user",
}  # fmt: skip
_LATER: Mapping[str, Json] = {
    "store": True, "service_tier": "default", "safety_identifier": "gate-user", "prompt_cache_key": "gate",
    "reasoning_effort": "low", "verbosity": "low",
}  # fmt: skip
_CITY: Json = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "A city, such as Paris.", "minLength": 1},
        "unit": {"anyOf": [{"type": "string", "enum": ["C", "F"]}, {"type": "null"}]},
        "at": {"$ref": "#/$defs/moment"},
    },
    "required": ["city", "unit", "at"],
    "additionalProperties": False,
    "$defs": {"moment": {"type": "object", "properties": {"day": {"type": "string", "format": "date"}},
                         "required": ["day"], "additionalProperties": False}},
}  # fmt: skip
_TOOL: Json = {"name": "weather", "description": "The weather in a city.", "strict": True, "parameters": _CITY}
_TOOLS: Mapping[str, Json] = {
    "tools": [{"type": "function", "function": _TOOL}],
    "tool_choice": {"type": "function", "function": {"name": "weather"}},
    "parallel_tool_calls": False,
}  # fmt: skip
# https://platform.openai.com/docs/api-reference/chat/create: omitting `parameters` defines a function without any
_BARE: Mapping[str, Json] = {"tools": [{"type": "function", "function": {"name": "clock"}}], "tool_choice": "auto"}
_CALL: Json = {
    "id": "call_gate1",
    "type": "function",
    "function": {"name": "weather", "arguments": '{"city": "Paris"}'},
}
_PARTS: Json = [{"type": "text", "text": "What is the weather"}, {"type": "text", "text": " in Paris?"}]
_HISTORY: Json = [
    {"role": "developer", "content": "Answer in one word."},
    {"role": "user", "name": "ada", "content": _PARTS},
    {"role": "assistant", "content": None, "tool_calls": [_CALL]},
    {"role": "tool", "tool_call_id": "call_gate1", "content": '{"sky":  "clear"}'},
    {"role": "assistant", "content": "Clear."},
    {"role": "user", "content": "And what is  the capital of France?\n"},
]  # fmt: skip
_HEADERS: Mapping[str, str] = {
    "idempotency-key": "gate-0000-0001",
    "openai-organization": "org-gate",
    "openai-project": "proj_gate",
    "openai-beta": "assistants=v2",
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "tracestate": "gate=1",
    "baggage": "team=search",
    "cookie": "gate=1",
    "user-agent": "OpenAI/Python 2.54.0",
    "x-client-request-id": "gate-client-1",
    "x-stainless-retry-count": "0",
}
_BODIES: Mapping[str, Mapping[str, Json]] = {
    "parameters": _PARAMETERS, "later-parameters": _LATER, "tools": _TOOLS, "bare-tool": _BARE,
    "history": {"messages": _HISTORY},
}  # fmt: skip
# Azure names the version of its API so; a gateway that drops the query asks for another API.
_QUERY = "api-version=2024-10-21"


def _asked(kinds: _Kinds) -> Iterator[Cell]:
    if plain := kinds.plain:
        step = plain.steps[0]
        yield Cell(_with(plain, "headers", headers={**step.headers, **_HEADERS}), plain.id)
        yield Cell(_with(plain, "query", path=f"{step.path or endpoint(step.endpoint).path}?{_QUERY}"), plain.id)
    if chat := kinds.chat:
        body = chat.steps[0].body
        for word, more in _BODIES.items():
            yield Cell(_with(chat, word, body={**body, **more}), chat.id)
    if stream := kinds.chat_stream:
        body = {**stream.steps[0].body, "stream_options": {"include_usage": False}}
        yield Cell(_with(stream, "no-usage", body=body), stream.id)


# -- faults -------------------------------------------------------------------------------------


def _usual(kinds: _Kinds) -> Iterator[Cell]:
    """Streams that break off come first: failures that are asked again may open a breaker for all that follows."""
    if stream := kinds.stream:
        left = _with(stream, "cancel", "errors", cancel_after_chunks=1)
        fitting = (c for s in CANCELS if (c := Cell(left, stream.id, script_of(s))) and kinds.fits(c))
        yield from islice(fitting, 1)
        yield from (_faulty(stream, script_of(name)) for name in STREAM_FAULTS)
    if plain := kinds.plain:
        yield from (_faulty(plain, script_of(name)) for name in PLAIN_FAULTS)


def _silent(kinds: _Kinds) -> Iterator[Cell]:
    for scenario, name in zip((kinds.plain, kinds.stream), SILENCES, strict=True):
        if scenario:
            yield _faulty(scenario, script_of(name))


def _loaded(kinds: _Kinds, load: int) -> Iterator[Cell]:
    if load and (stream := kinds.stream):
        yield Cell(_with(stream, f"load-{load}", "errors", repeat=load), stream.id, script_of(_HELD))


def _afterwards(kinds: _Kinds) -> Iterator[Cell]:
    """A healthy request after all failures: a breaker of the gateway may refuse it."""
    if plain := kinds.plain:
        yield Cell(_with(plain, "afterwards", "errors"), plain.id)


def _by_rule(rule: Rule, scenarios: Sequence[Scenario], goldens: Goldens) -> Iterator[Cell]:
    for scenario in scenarios:
        if len(scenario.steps) > 1 or not goldens.get(scenario.id):
            continue
        exchange, streams = goldens[scenario.id][0], observed(goldens[scenario.id])[0].form == "stream"
        if rule.holds(replace(exchange, scenario=scenario.id), streams):
            yield _faulty(scenario, rule.script)


def _faulty(scenario: Scenario, script: Script) -> Cell:
    """Of group `errors`: after all healthy requests, for a gateway's breaker may refuse those from then on."""
    word = script.text.replace(",", "-then-").replace("*", "-times-")
    return Cell(_with(scenario, word, "errors"), scenario.id, script)
