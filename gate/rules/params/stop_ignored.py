"""The text contains a stop sequence: the route does not honour `stop`."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices
from gate.observe.request import asked
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where no golden text contains it: some routes return the sequence that stopped them."""
    # vLLM's include_stop_str_in_output is such a route
    if not any(map(answered, comparison.golden)) or any(map(_passed, comparison.golden)):
        return
    for pair in comparison.pairs:
        if answered(pair.candidate) and (passed := _passed(pair.candidate)):
            path, sequence = passed[0]
            yield pair.drift(
                path=path,
                message=f"the text contains the stop sequence {show(sequence, 40)}",
                golden="ends before it",
                candidate="contains it",
            )


def _passed(observation: Observation) -> list[tuple[str, str]]:
    """(path, stop sequence) for each choice whose text contains one."""
    stop = asked(observation, "stop")
    sequences = [word for word in (stop if isinstance(stop, list) else [stop]) if isinstance(word, str) and word]
    # anywhere, not only at the end: a route that stops late goes on after the sequence
    return [(choice.content_path, word) for choice in choices(observation) for word in sequences if word in choice.text]


RULE = Rule(
    id="stop-ignored",
    area="params",
    # the text behind the sequence was never meant for the reader (PA14's neighbour; no id of its own)
    severity=Severity.BREAKING,
    summary="the text contains a stop sequence of the request",
    who_breaks="templates and agents that rely on stop get the next turn's text as part of this one",
    hint="pass stop on to the provider, or cut the text in the gateway",
    check=check,
)
