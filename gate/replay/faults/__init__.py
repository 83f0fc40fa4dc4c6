"""Faults by name, in a file per subject with a table `FAULTS`; found by this folder. Pure; nothing is sent from here.

    fault    = part *("+" part)         stall-after-3+close
    part     = a row of a table | the id of a mutation | "twin-of-" and such an id | "ok" (the recording as it is)

A row's name may hold numbers: `cut-after-{n}` a whole one, `status-{code}` a status, `first-byte-after-{s}` seconds
(`2.5s`).
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from gate.errors import ConfigError
from gate.model import Exchange
from gate.mutations import Mutation, Operator, of_answers
from gate.replay.reply import Reply, reply_of
from gate.text.nearest import suggest
from gate.text.safe import line

RECORDED = "ok"
"""The name of no fault at all."""

TWIN_OF = "twin-of-"
"""Before the id of a mutation: what only looks like it, and is harmless."""

MAX_TEXT = 400
_NUMBERS = {"{n}": r"(\d{1,9})", "{code}": r"([2-5]\d\d)", "{s}": r"(\d{1,5}(?:\.\d{1,3})?)s"}

Effect = Callable[[Reply], Reply | None]
"""A reply as it would be with the fault; None where the fault does not fit it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One row: a name, which may hold numbers, what happens, and the function that does it.

    `on` says what `apply` takes and returns, an `Exchange` or a `Reply`; its further arguments are the numbers of the
    name. It returns None where the fault does not fit.
    """

    name: str
    summary: str
    apply: Callable[..., Reply | Exchange | None]
    on: Literal["exchange", "reply"] = "reply"

    def numbers(self, name: str) -> list[float] | None:
        """The numbers in a name of this kind; None where it is the name of another."""
        match = _pattern(self.name).fullmatch(name)
        return None if match is None else [float(text) if "." in text else int(text) for text in match.groups()]

    @property
    def example(self) -> str:
        """A name that can be used as it stands."""
        return self.name.replace("{n}", "3").replace("{code}", "503").replace("{s}", "5s")


@dataclass(frozen=True, slots=True)
class Fault:
    """A combination of faults. `edits` change the exchange, `effects` then the reply, each in the order of the text."""

    text: str = RECORDED
    edits: tuple[Callable[[Exchange], Exchange | None], ...] = ()
    effects: tuple[Effect, ...] = ()
    paced: bool = False  # a mutation of times: they hold whatever the speed

    def reply(self, exchange: Exchange, speed: float, now: float) -> Reply | None:
        """The reply with this fault; None where a part of it does not fit the exchange. `now`: seconds since 1970."""
        for edit in self.edits:
            edited = edit(exchange)
            if edited is None:
                return None
            exchange = edited
        reply: Reply | None = replace(reply_of(exchange, 1.0 if self.paced else speed), now=now)
        for effect in self.effects:
            reply = None if reply is None else effect(reply)
        return reply

    def then(self, *effects: Effect) -> Fault:
        """The same fault with more effects after its own."""
        return replace(self, effects=(*self.effects, *effects))


NO_FAULT = Fault()


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", lambda match: _NUMBERS[match[0]], name))


@functools.cache
def kinds() -> Mapping[str, Kind]:
    """Every row by its name, subject by subject."""
    rows = [row for subject in _subjects() for row in subject]
    named = {row.name: row for row in rows}
    if len(named) < len(rows) or named.keys() & {*of_answers(), RECORDED}:
        raise TypeError("a fault has the name of another, or of a mutation")
    return named


def _subjects() -> Iterator[tuple[Kind, ...]]:
    for module in pkgutil.iter_modules(__path__):
        subject: tuple[Kind, ...] = importlib.import_module(f"{__name__}.{module.name}").FAULTS
        yield subject


def parse(text: str) -> Fault:
    """The fault of that text. Raises ConfigError with a fix for a name that does not exist."""
    if len(text) > MAX_TEXT:
        raise ConfigError(f"a fault is named with at most {MAX_TEXT} characters")
    fault = Fault(text)
    for part in text.split("+"):
        fault = _joined(fault, part.strip())
    return fault


def _joined(fault: Fault, name: str) -> Fault:
    if name == RECORDED:
        return fault
    if mutation := of_answers().get(name.removeprefix(TWIN_OF)):
        return _mutated(fault, mutation, mutation.twin if name.startswith(TWIN_OF) else mutation.apply)
    for kind in kinds().values():
        if (numbers := kind.numbers(name)) is not None:
            return _extended(fault, kind, numbers)
    known = [RECORDED, *(kind.example for kind in kinds().values()), *of_answers()]
    raise ConfigError(f"there is no fault `{line(name)}`", fix=suggest(name, known, listing=False) or _LIST)


_LIST = "docs/serve.md lists all faults, `GET /` of the server too"


def _mutated(fault: Fault, mutation: Mutation, edit: Operator) -> Fault:
    return replace(fault, edits=(*fault.edits, edit), paced=fault.paced or mutation.area == "latency")


def _extended(fault: Fault, kind: Kind, numbers: list[float]) -> Fault:
    def apply(subject: Any) -> Any:
        return kind.apply(subject, *numbers)

    if kind.on == "exchange":
        return replace(fault, edits=(*fault.edits, apply))
    return fault.then(apply)
