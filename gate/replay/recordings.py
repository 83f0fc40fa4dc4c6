"""The recorded exchanges of a side, and which of them answers a request. Deterministic, without I/O."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from gate.judge.pairing import attempts_of
from gate.model import Ending, Exchange
from gate.replay.asks import ECHO, Access, Ask, ask_of, distance, recorded_path
from gate.text.safe import line

_SHOWN = 60  # characters of a text in a message
_COMPARED = 2000  # characters of a text that are compared for likeness


@dataclass(slots=True)
class Recording:
    """One step of one scenario: its samples, which take turns, and what each of them answered."""

    scenario: str
    step: int
    ask: Ask
    access: str
    samples: list[tuple[Ask, Exchange]] = field(default_factory=list)
    _turns: Iterator[int] = field(default_factory=count)

    def next(self, ask: Ask, *, turns: bool = True) -> Exchange:
        """The sample with the request's id; else the one whose turn it is, of those that echo the very reply of the
        request, if there are any. Without `turns` the first of them."""
        # The members of a burst come in any order, and the same run has the same ids: each gets its own again.
        own = [
            exchange for recorded, exchange in self.samples if ask.request_id and recorded.request_id == ask.request_id
        ]
        if len(own) == 1:
            return own[0]
        same = [exchange for recorded, exchange in self.samples if recorded.exact == ask.exact]
        turn = next(self._turns) if turns else 0
        every = same or [exchange for _, exchange in self.samples]
        return every[turn % len(every)]


@dataclass(frozen=True, slots=True)
class Miss:
    """No recording answers a request; the nearest scenario, and what differs in words."""

    nearest: str
    differences: tuple[str, ...]


# For the kind of key in a request: which recordings may answer, best first. `denied` is a 401 whose key was scrubbed.
_ACCEPTABLE: Mapping[Access, tuple[str, ...]] = {
    "ok": ("ok", "denied"),
    "bad": ("bad", "denied", "none", "ok"),
    "none": ("none", "ok", "denied"),
}


class Recordings:
    """All recordings of a side, by scenario. `exact`: only the recorded request is answered, but for the model's name
    and what it echoes, so that the demo and tests see what a run changes in its requests."""

    def __init__(self, exchanges: Mapping[str, Sequence[Exchange]], *, exact: bool = False) -> None:
        self._exact = exact
        self.all: tuple[Recording, ...] = tuple(_recordings(exchanges))
        self._by_ask: dict[Ask, list[Recording]] = defaultdict(list)
        for recording in self.all:
            self._by_ask[recording.ask].append(recording)

    def find(self, ask: Ask, scenario: str = "") -> Exchange | Miss:
        """The exchange that answers, with its scenario and step; or what is nearest to the request. Where several
        scenarios have recorded such a request, the named one answers."""
        matching = self._by_ask.get(ask, [])
        matching = [recording for recording in matching if recording.scenario == scenario] or matching
        if self._exact:
            matching = [recording for recording in matching if recording.ask.outline == ask.outline]
        elif not matching:
            matching = list(self._refusals(ask))
        best = min((r for r in matching if _fits(ask, r)), key=lambda r: _rank(ask, r), default=None)
        return self._miss(ask) if best is None else best.next(ask)

    def find_for(self, ask: Ask, scenario: str, step: int, *, turns: bool = True) -> Exchange | Miss:
        """As `find`, but the recording of the step that a client has in flight stands above all others, however a
        gateway rewrote its request: only operation, `stream` and kind of key must agree."""
        alike = [r for r in self.all if _same_operation(ask, r.ask)]
        own = [r for r in alike if (r.scenario, r.step) == (scenario, step)]
        best = min((r for r in own if _fits(ask, r)), key=lambda r: _rank(ask, r), default=None)
        if best is not None:
            return best.next(ask, turns=turns)
        match = self.find(ask)
        # A gateway that puts its own key in the place of a bad one gets what anybody with a good key gets.
        return self.any_like(ask) or match if own and isinstance(match, Miss) else match

    def any_like(self, ask: Ask) -> Exchange | None:
        """A success of the same operation, whatever was asked for."""
        for recording in self.all:
            if _same_operation(ask, recording.ask) and _fits(ask, recording) and _succeeded(recording):
                return recording.next(ask)
        return None

    def _refusals(self, ask: Ask) -> Iterator[Recording]:
        """The recorded refusals of the endpoint: a bad key or model is refused whatever else is asked."""
        for recording in self.all:
            same = (recording.ask.method, recording.ask.path) == (ask.method, ask.path)
            bad_key = ask.access == "bad" and recording.access == "bad"
            if same and (bad_key or (ask.unknown_model and recording.ask.unknown_model)):
                yield recording

    def _miss(self, ask: Ask) -> Miss:
        nearest = min(self.all, key=lambda recording: _unlikeness(ask, recording.ask), default=None)
        if nearest is None:
            return Miss("", ())
        return Miss(nearest.scenario, tuple(_differences(ask, nearest.ask)) or ("only the key or the model differs",))


def _recordings(exchanges: Mapping[str, Sequence[Exchange]]) -> Iterator[Recording]:
    for scenario, every in exchanges.items():
        groups: dict[tuple[object, ...], Recording] = {}
        for exchange in _final(every):
            ask = ask_of(exchange.request, recorded_path(exchange.request.url))
            access = _recorded_access(ask, exchange)
            key = (exchange.step, ask, ask.unknown_model, access, ask.outline)
            recording = groups.setdefault(key, Recording(scenario, exchange.step, ask, access))
            recording.samples.append((ask, replace(exchange, scenario=scenario)))
        yield from groups.values()


def _final(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """The last attempt of each sample; those without an answer only where no sample has one."""
    last = [attempts[-1] for attempts in attempts_of(exchanges)]
    answered = [exchange for exchange in last if exchange.response is not None]
    return answered or [exchange for exchange in last if exchange.ending is not Ending.UNREACHABLE]


def _recorded_access(ask: Ask, exchange: Exchange) -> str:
    if ask.access == "bad" or exchange.response is None or exchange.response.status != 401:
        return "bad" if ask.access == "bad" else "ok"
    return "none" if ask.access == "none" else "denied"


def _same_operation(ask: Ask, recorded: Ask) -> bool:
    return (ask.method, ask.path, ask.stream) == (recorded.method, recorded.path, recorded.stream)


def _succeeded(recording: Recording) -> bool:
    responses = [exchange.response for _, exchange in recording.samples]
    return all(response is not None and 200 <= response.status < 300 for response in responses)


# -- ranking ------------------------------------------------------------------------------------


def _fits(ask: Ask, recording: Recording) -> bool:
    return recording.access in _ACCEPTABLE[ask.access] and (ask.unknown_model or not recording.ask.unknown_model)


def _rank(ask: Ask, recording: Recording) -> tuple[object, ...]:
    key = _ACCEPTABLE[ask.access].index(recording.access)
    return key, ask.unknown_model != recording.ask.unknown_model, distance(ask, recording.ask)


def _unlikeness(ask: Ask, recorded: Ask) -> tuple[float, ...]:
    return (
        ask.path != recorded.path,
        ask.method != recorded.method,
        (ask.stream != recorded.stream) + 1.5 * (ask.tools != recorded.tools) + 2 * (1 - _likeness(ask, recorded)),
        *distance(ask, recorded),
    )


def _likeness(ask: Ask, recorded: Ask) -> float:
    if ask.texts == recorded.texts:
        return 1.0
    here, there = ("\n".join(side.texts or ())[:_COMPARED] for side in (ask, recorded))
    return 0.9 * difflib.SequenceMatcher(None, here, there, autojunk=False).quick_ratio()


def _differences(ask: Ask, recorded: Ask) -> Iterator[str]:
    """What keeps the recording from answering, as sentences."""
    if (ask.method, ask.path) != (recorded.method, recorded.path):
        yield f"it is {recorded.operation}, the request {line(ask.operation, _SHOWN)}"
    if ask.stream != recorded.stream:
        yield f"`stream` is {_word(recorded.stream)} there, {_word(ask.stream)} in the request"
    if ask.tools != recorded.tools:
        yield f"its tools are {_names(recorded.tools)}, the request's {_names(ask.tools)}"
    if ask.texts != recorded.texts:
        yield _text_difference(ask, recorded)


def _text_difference(ask: Ask, recorded: Ask) -> str:
    if len(ask.shown) != len(recorded.shown):
        return f"it has {len(recorded.shown)} texts, the request {len(ask.shown)}"
    pairs = zip(ask.texts or (), recorded.texts or (), strict=True)
    at = next((n for n, (here, there) in enumerate(pairs) if here != there), 0)
    there, here = (_quoted(side.shown[at]) if side.shown else "missing" for side in (recorded, ask))
    return f"text {at + 1} is {there} there, {here} in the request"


def _quoted(text: str) -> str:
    return "an earlier reply" if text == ECHO else f'"{line(text, _SHOWN)}"'


def _names(tools: tuple[str, ...]) -> str:
    return line(", ".join(tools), _SHOWN) if tools else "none"


def _word(value: bool) -> str:
    return "true" if value else "false"
