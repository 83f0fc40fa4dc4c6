"""The value of finish_reason leaves what the goldens and the API's vocabulary allow (S15, TL16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gate.model import Choice, Comparison, Drift, Observation, Pair, Rule, Severity, Violation
from gate.observe.answer import answered, choices, is_tool_path, shown, word
from gate.observe.request import names_tool
from gate.rules.stream._streams import is_finish
from gate.wire.shape import show

_FILTER = "content_filter"
_CALLS = ("tool_calls", "function_call")  # a tuple, because the value looked up in it may not be hashable


def check(comparison: Comparison) -> Iterator[Drift]:
    """A value outside the API's vocabulary, or a turn with tool calls that does not end as the golden's do."""
    known, calling = shown(comparison.golden, _finishes), shown(comparison.golden, _finishes_of_calls)
    excused = shown(comparison.golden, lambda golden: [show(v.value) for v in _foreign(golden)])
    for pair in comparison.pairs:
        for v in _foreign(pair.candidate) if known else ():
            if show(v.value) not in excused:
                form = word(v.value)
                fault = "is not one of the API's values" if form == "a string" else f"is {form}"
                yield _drift(pair, v.path, fault, known, v.value, v.frame)
        for choice in choices(pair.candidate) if answered(pair.candidate) else ():
            usual = frozenset(finish for form, finish in calling if form == _form(choice))
            # B24: OpenAI itself ends with stop where the request names the function
            silent = (choice.finish == "stop" and not names_tool(pair.candidate)) or choice.finish in (*_CALLS, _FILTER)
            if not usual.isdisjoint(_CALLS) and silent and choice.finish not in usual:
                drift = _drift(pair, choice.finish_path, "does not announce the tool calls", usual, choice.finish)
                # a filter may have cut another call short, and this one is still there to run
                yield replace(drift, severity=Severity.RISKY) if choice.finish == _FILTER else drift


def _finishes(observation: Observation) -> list[str]:
    return [choice.finish for choice in choices(observation) if isinstance(choice.finish, str) and choice.finish]


def _finishes_of_calls(observation: Observation) -> list[tuple[str, str]]:
    """(form of the calls, finish reason) of each choice with tool calls."""
    return [
        (_form(choice), choice.finish)
        for choice in choices(observation)
        if isinstance(choice.finish, str) and choice.finish and choice.tool_calls
    ]


def _form(choice: Choice) -> str:
    """`tool_calls` or the older `function_call`; tool-call-form-changed reports one in place of the other."""
    if not choice.tool_calls:
        return "none"
    return "tool_calls" if is_tool_path(choice.tool_calls[0].path) else "function_call"


def _foreign(observation: Observation) -> list[Violation]:
    """Values that the schema forbids on any chunk, "" among them; null and absent are finish-reason-missing's."""
    violations = observation.violations if answered(observation) else ()
    # by the enum of the chunk's schema (S15)
    return [v for v in violations if is_finish(v.path) and v.keyword not in ("null", "required")]


def _drift(pair: Pair, path: str, fault: str, known: frozenset[str], finish: object, frame: int | None = None) -> Drift:
    return pair.drift(
        path=path,
        message=f"finish_reason {fault}",
        golden=" or ".join(map(show, sorted(known))),
        candidate=show(finish),
        frame=frame,
    )


RULE = Rule(
    id="finish-reason-changed",
    area="stream",
    # agent loops run tools only after "tool_calls" (TL16); async-openai fails on a foreign word (S15)
    severity=Severity.BREAKING,
    summary="finish_reason has a value that clients of the golden do not handle",
    who_breaks='loops that wait for finish_reason == "tool_calls" never run the tool; typed clients reject the value',
    hint="map the provider's stop reason to stop, length, tool_calls or content_filter in the gateway",
    check=check,
)
