"""What a look at whole goldens tells: who recorded them with what, and which of them show nothing or are not used."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from gate.judge.idle import idle
from gate.judge.pairing import observed
from gate.model import Json, Scenario
from gate.model.sides import Side
from gate.run.outcomes import final_attempts
from gate.text.plural import count
from gate.text.safe import line

# chosen: a line or two for each kind, so that all of it is half a screen.
_NAMED = 4


def health(side: Side, suite: Sequence[Scenario], locked: Mapping[str, str], today: date) -> Iterator[str]:
    """Lines under the verdict of `gate verify`. `suite` is empty where nothing says what is in it; `locked` are the
    versions of the lock files of today."""
    yield from _recorded(side.facts, today)
    yield from _sdks(side.facts, locked)
    idling = {
        name: why for name, exchanges in side.exchanges.items() if (why := idle(observed(final_attempts(exchanges))))
    }
    if idling:
        yield f"exercise nothing: {_some(f'{name} ({why})' for name, why in sorted(idling.items()))}"
    if suite:
        yield from _unused(side, {scenario.id: scenario for scenario in suite})


def _recorded(facts: Mapping[str, Json], today: date) -> Iterator[str]:
    parts = [f"{word} {line(str(facts[key]), 60)}" for key, word in _FACTS if isinstance(facts.get(key), str)]
    if not parts:  # another recorder's say nothing of that
        return
    try:
        age = (today - date.fromisoformat(str(facts.get("date")))).days
    except ValueError:
        age = 0
    yield f"the oldest recorded {' '.join(parts)}" + (f": {count(age, 'day')} ago" if age > 0 else "")


_FACTS = (("date", "on"), ("route", "from route"), ("host", "at"), ("gate", "by swapgate"), ("runtime", "with"))


def _sdks(facts: Mapping[str, Json], locked: Mapping[str, str]) -> Iterator[str]:
    then = facts.get("versions")
    if not isinstance(then, dict) or not then:
        return
    # OpenAI's own first: what most drifts are about
    names = sorted({*then} | {*locked}, key=lambda name: ("openai" not in name, name))
    moved = [
        f"{_plain(n)} {line(str(then.get(n, 'none')), 30)} → {locked.get(n, 'none')}"
        for n in names
        if then.get(n) != locked.get(n)
    ]
    held = [f"{_plain(name)} {line(str(then[name]), 30)}" for name in names if name in then]
    yield f"locked then: {_some(held)}" + (f"; today: {_some(moved)}" if moved and locked else "")


def _plain(name: str) -> str:
    return line(name.partition(":")[2] or name, 60)


def _unused(side: Side, suite: Mapping[str, Scenario]) -> Iterator[str]:
    """Goldens that the suite does not name, and interactions of steps that their scenario has no longer."""
    if strays := sorted({*side.exchanges} - {*suite}):
        yield f"in no scenario of the suite: {_some(strays)}"
    steps = {
        name: {e.step for e in side.exchanges[name]} - {*range(len(suite[name].steps))}
        for name in suite
        if name in side.exchanges
    }
    if beyond := [f"{name} ({count(len(extra), 'step')} more)" for name, extra in sorted(steps.items()) if extra]:
        yield f"interactions that no step sends: {_some(beyond)}"


def _some(words: Collection[str] | Iterator[str]) -> str:
    """The first of them, and how many more there are."""
    every = list(words)
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + more
