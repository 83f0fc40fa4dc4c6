"""The value of finish_reason leaves what the goldens and the API's vocabulary allow (S15, TL16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Observation, Rule, Severity, Violation
from gate.observe.answer import answered, choices, is_tool_path, numbered, shown
from gate.observe.request import names_tool
from gate.rules.stream._streams import in_finish
from gate.wire.shape import show

_CALLS = ("tool_calls", "function_call")  # a tuple: what is looked up in it may be anything


def check(comparison: Comparison) -> Iterator[Drift]:
    """A value outside the API's vocabulary, or a turn with tool calls that does not say so as the golden's do."""
    golden, candidate = comparison.golden, comparison.candidate
    known, calling = shown(golden, _finishes), shown(golden, _of_calls)
    excused = shown(golden, lambda g: [show(v.value) for v in _foreign(g)])
    for sample, found in numbered(candidate):
        for v in _foreign(found) if known else ():
            if show(v.value) not in excused:
                yield _drift(v.path, "is a value that no client of the API knows", known, v.value, sample, v.frame)
        for choice in choices(found) if answered(found) else ():
            usual = frozenset(finish for form, finish in calling if form == _form(choice))
            unsaid = (choice.finish == "stop" and not names_tool(found)) or choice.finish in _CALLS
            if not usual.isdisjoint(_CALLS) and unsaid and choice.finish not in usual:
                message = "does not announce the tool calls beside it"
                yield _drift(choice.finish_path, message, usual, choice.finish, sample)


def _finishes(found: Observation) -> list[str]:
    return [c.finish for c in choices(found) if isinstance(c.finish, str) and c.finish]


def _of_calls(found: Observation) -> list[tuple[str, str]]:
    """The form of the calls, and how their choices end."""
    return [(_form(c), c.finish) for c in choices(found) if isinstance(c.finish, str) and c.finish and c.tool_calls]


def _form(choice: Choice) -> str:
    """`tool_calls`, or the one `function_call` of old: that one comes as the other is tool-call-missing's to tell."""
    if not choice.tool_calls:
        return "none"
    return "tool_calls" if is_tool_path(choice.tool_calls[0].path) else "function_call"


def _foreign(found: Observation) -> list[Violation]:
    """Values that the schema forbids on any chunk, the empty string among them; null and absent are missing's."""
    mine = found.violations if answered(found) else ()
    return [v for v in mine if in_finish(v.path) and v.keyword not in ("null", "required")]


def _drift(
    path: str, message: str, known: frozenset[str], said: object, sample: int, frame: int | None = None
) -> Drift:
    golden = " or ".join(map(show, sorted(known)))
    return Drift(
        path=path, message=f"finish_reason {message}", golden=golden, candidate=show(said), sample=sample, frame=frame
    )


RULE = Rule(
    id="finish-reason-changed",
    area="stream",
    severity=Severity.BREAKING,
    summary="finish_reason says something that clients of the golden do not handle",
    who_breaks='loops that wait for finish_reason == "tool_calls" never run the tool; typed clients reject the word',
    hint="map the provider's stop reason to stop, length, tool_calls or content_filter in the gateway",
    check=check,
)
