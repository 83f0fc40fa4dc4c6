"""What happens to the attempts of a request: a fault each time, or one after the other. Pure but for its counters.

    script  = attempt *("," attempt)    status-503*2,cut-after-3
            | fault "~" percent ["~" seed]    reset~15
    attempt = fault ["*" count]

`reset~15` happens to about 15 of 100 requests, at random but to the same ones each time; another seed (`reset~15~2`)
chooses others. A script of one fault without a count always holds. Any other is played once, attempt by attempt, and
then the recorded answers follow: `status-503*2` fails twice, then succeeds.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from random import Random

from gate.endpoints import for_url
from gate.errors import ConfigError
from gate.model import Exchange
from gate.replay.faults import NO_FAULT, Fault, parse

MAX_ATTEMPTS = 1000
"""Attempts that one script may name."""

_MAX_COUNTERS = 10_000
_COUNT = re.compile(r"(.*?)\*(\d{1,4})", re.DOTALL)
_SHARE = re.compile(r"([^,*~]*)~(\d\d?|100)(?:~(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Script:
    """`attempts` come first, one each; then `lasting`, or with `repeats` the same attempts again.

    With `percent` the lasting fault only holds for so many of the attempts, which `seed` chooses.
    """

    text: str
    attempts: tuple[Fault, ...] = ()
    lasting: Fault = NO_FAULT
    repeats: bool = False
    percent: int = 100
    seed: str = ""

    def fault(self, attempt: int, of: Hashable = ()) -> Fault:
        """What happens to that attempt, counted from 0, of a recorded request."""
        # one number for each attempt, not a stream of them: the order in which requests come must not matter
        if self.percent < 100 and Random(f"{self.seed} {of!r} {attempt}").random() * 100 >= self.percent:  # noqa: S311
            return NO_FAULT
        if self.repeats and self.attempts:
            return self.attempts[attempt % len(self.attempts)]
        return self.attempts[attempt] if attempt < len(self.attempts) else self.lasting


def script_of(text: str) -> Script:
    """The script of a text. Raises ConfigError for a fault that does not exist, or too many attempts."""
    if share := _SHARE.fullmatch(text.strip()):
        return Script(text, lasting=parse(share[1]), percent=int(share[2]), seed=share[3] or "")
    counted = [fault for part in text.split(",") for fault in _counted(part.strip())]
    return script(text, counted, endless="," not in text and "*" not in text)


def script(text: str, attempts: Sequence[Fault], *, endless: bool = False, repeats: bool = False) -> Script:
    """One fault that always holds (`endless`), or a fault for each attempt."""
    if len(attempts) > MAX_ATTEMPTS:
        raise ConfigError(f"a script names at most {MAX_ATTEMPTS} attempts")
    return Script(text, lasting=attempts[0]) if endless else Script(text, tuple(attempts), repeats=repeats)


def _counted(part: str) -> list[Fault]:
    match = _COUNT.fullmatch(part)
    return [parse(match[1])] * int(match[2]) if match else [parse(part)]


# -- rules --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """A script for the requests of a scenario, of an endpoint (by its name, `chat.completions`), of streams, or of all.

    `strict`: where its fault does not fit, the client is told so; any other rule is passed over.
    """

    script: Script
    scenario: str | None = None
    endpoint: str | None = None
    stream: bool | None = None
    strict: bool = False

    def holds(self, exchange: Exchange, stream: bool) -> bool:
        """Whether the rule is about this recorded exchange, asked for as a stream or not."""
        return (
            self.scenario in (None, exchange.scenario)
            and self.endpoint in (None, for_url(exchange.request.url, exchange.request.method).name)
            and self.stream in (None, stream)
        )


@dataclass(slots=True)
class Counters:
    """How often something has happened, by a key; the oldest keys are forgotten when there are too many."""

    _counts: OrderedDict[Hashable, int] = field(default_factory=OrderedDict)

    def next(self, key: Hashable) -> int:
        """How often this was asked before."""
        count = self._counts.pop(key, 0)
        self._counts[key] = count + 1
        if len(self._counts) > _MAX_COUNTERS:
            self._counts.popitem(last=False)
        return count
