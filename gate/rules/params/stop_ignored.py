"""A stop sequence stands in the text: the route does not honour `stop`."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices, numbered
from gate.observe.request import asked
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where no golden text contains it: some routes return the sequence that stopped them."""
    golden, candidate = comparison.golden, comparison.candidate
    # vLLM's include_stop_str_in_output is such a route
    if not any(map(answered, golden)) or any(_passed(g) for g in golden):
        return
    for sample, found in numbered(candidate):
        passed = _passed(found) if answered(found) else []
        if passed:
            path, word = passed[0]
            yield Drift(
                path=path,
                message=f"the text goes on past the stop sequence {show(word, 40)}",
                golden="ends before it",
                candidate="contains it",
                sample=sample,
            )


def _passed(found: Observation) -> list[tuple[str, str]]:
    """(path, stop sequence) for each choice whose text contains one."""
    stops = asked(found, "stop")
    words = [stops] if isinstance(stops, str) else stops if isinstance(stops, list) else []
    given = [word for word in words if isinstance(word, str) and word]
    return [(choice.content_path, word) for choice in choices(found) for word in given if word in choice.text]


RULE = Rule(
    id="stop-ignored",
    area="params",
    severity=Severity.BREAKING,
    summary="the text contains a stop sequence of the request",
    who_breaks="templates and agents that rely on stop get the next turn's text as part of this one",
    hint="pass stop on to the provider, or cut the text in the gateway",
    check=check,
)
