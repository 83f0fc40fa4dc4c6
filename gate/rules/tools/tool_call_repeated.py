"""One answer has the same tool call twice, under two ids (TL33)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gate.model import MISSING, Comparison, Drift, Observation, Rule, Severity, ToolCall
from gate.observe.alignment import unseen
from gate.observe.answer import answered, choices
from gate.observe.breaches import read
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import called, first_call
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The same function and arguments, where no golden answer has such a pair; one id is tool-id-changed's.

    A gateway that sends a call once more does so each time; once in a while it is the model, which may ask twice for
    one city (seen of aimock with arguments by chance, in one answer of three).
    """
    found = list(unseen(comparison, _repeated))
    each = len(found) == sum(called([pair.candidate]) for pair in comparison.answers)
    for pair, call in found if each else ():
        yield pair.drift(
            path=call.path,
            message="the same tool call comes twice, under two ids",
            golden="each call once",
            candidate=show(call.arguments, 80),
            at=first_call(pair.candidate),
        )


def _repeated(observation: Observation) -> ToolCall | None:
    for choice in choices(observation) if answered(observation) else ():
        seen: dict[str, set[str]] = {}
        for call in choice.tool_calls:
            ids = seen.setdefault(_same(call), set())
            if ids and str(call.id) not in ids:
                return call
            ids.add(str(call.id))
    return None


def _same(call: ToolCall) -> str:
    """What two calls share that do the same: spacing and the order of keys do not matter."""
    text = call.arguments if isinstance(call.arguments, str) else ""
    value = read(text).value
    return f"{call.name} {text if value is MISSING else json.dumps(value, sort_keys=True)}"


RULE = Rule(
    id="tool-call-repeated",
    area="tools",
    # TL33: a model may mean it, seldom; a tool that writes or pays does it twice
    severity=Severity.RISKY,
    summary="the same tool call comes twice in one answer",
    who_breaks="tools with effects run twice: two mails, two payments",
    hint="look for a gateway that sends the call of a stream once more when it ends",
    check=check,
    where=has_calls,
)
