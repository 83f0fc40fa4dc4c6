"""The text beside tool calls is gone (TL21); on one of two paths only, stream-differs-from-plain tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import Choice, Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices, numbered
from gate.rules.tools._calls import first_call
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls without a word where every golden call comes with text; one sample may be the model's mood (B26)."""
    golden, candidate = comparison.golden, comparison.candidate
    if min(len(golden), len(candidate)) < 2:
        return
    said = [_speaks(c) for c in _calling(golden)]
    if not said or not all(said):
        return
    silent = [(n, c) for n, found in numbered(candidate) for c in _calling((found,)) if not _speaks(c)]
    if len(silent) < len(list(_calling(candidate))):
        return
    for sample, choice in silent:
        gold = next(c.text for c in _calling(golden))
        message = "tool calls come without the text that stands beside them in the golden"
        evidence = show(gold, 80), show(choice.content, 80)
        yield Drift(
            path=choice.content_path,
            message=message,
            golden=evidence[0],
            candidate=evidence[1],
            sample=sample,
            severity=None,
            frame=first_call(candidate[sample])[0],
            byte=first_call(candidate[sample])[1],
        )


def _calling(samples: Iterable[Observation]) -> Iterator[Choice]:
    for found in samples:
        yield from (c for c in choices(found) if c.tool_calls and answered(found))


def _speaks(choice: Choice) -> bool:
    return bool(choice.text.strip())


RULE = Rule(
    id="tool-text-dropped",
    area="tools",
    severity=Severity.RISKY,
    summary="the text beside tool calls does not come",
    who_breaks="histories differ by transport; users no longer see why a tool is run",
    hint="check that the server's tool parser keeps the text before and after calls, streamed and not",
    check=check,
)
