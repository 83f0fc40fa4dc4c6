"""The text beside tool calls is missing (TL21); where only streams lack it, see stream-differs-from-plain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import Choice, Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices
from gate.observe.scopes import has_calls
from gate.rules.tools._calls import first_call
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls without text where every golden call has text beside it; in one sample it may be chance (B26), if the
    twin does not show it too."""
    if len(comparison.golden) < 2:
        return
    golden, candidate = _calling(comparison.golden), _calling(comparison.candidate)
    if not golden or not all(map(_has_text, golden)) or any(map(_has_text, candidate)):
        return
    alike = [choice for choice in _calling(comparison.candidate.twin) if not _has_text(choice)]
    for pair in comparison.pairs:
        for choice in _calling((pair.candidate,)):
            yield pair.drift(
                path=choice.content_path,
                message="the answer has tool calls without text; the golden has text beside them",
                golden=show(golden[0].text, 80),
                candidate=show(choice.content, 80),
                at=first_call(pair.candidate),
                suspicion=len(comparison.candidate) < 2 and not alike,
            )


def _calling(samples: Iterable[Observation]) -> list[Choice]:
    """The choices with tool calls."""
    whole = (observation for observation in samples if answered(observation))
    return [choice for observation in whole for choice in choices(observation) if choice.tool_calls]


def _has_text(choice: Choice) -> bool:
    return bool(choice.text.strip())


RULE = Rule(
    id="tool-text-dropped",
    area="tools",
    # TL21: tools still run; histories and explanations differ
    severity=Severity.RISKY,
    summary="the text beside tool calls is missing",
    who_breaks="histories differ between streams and plain answers; users no longer see why a tool is run",
    hint="check that the server's tool parser keeps the text before and after calls, streamed and not",
    check=check,
    where=has_calls,
)
