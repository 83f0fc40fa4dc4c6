"""A call that was demanded or announced: missing, of another function, or in a form that clients do not read."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Choice, Comparison, Drift, Observation, Pair, Rule, Severity, ToolCall
from gate.observe.alignment import unseen
from gate.observe.answer import answered, at_limit, choices, is_text, shown, tool_calls, types
from gate.observe.request import asked, forces_tool, offers_tools, tools
from gate.observe.scopes import has_calls
from gate.rules.families import Told, of
from gate.rules.tools._calls import called, calls, calls_path, function_path
from gate.rules.tools._text import leaks
from gate.wire.shape import indexless, show

_ANNOUNCE = ("tool_calls", "function_call")  # a tuple: a finish may be any JSON value, so it may have no hash


def _judged(comparison: Comparison) -> Iterator[Told]:
    """Prose for a demanded call. What a model does under `auto` is its choice, whose rate behaviour-rate compares."""
    if not called(comparison.golden):
        yield from _announced_for_nothing(comparison)
    else:
        always, usual = all(map(tool_calls, comparison.golden)), shown(comparison.golden, _forms)
        for pair in comparison.pairs:
            forms, uncalled = _forms(pair.candidate), _uncalled(comparison, pair)
            if forms and usual and forms.isdisjoint(usual):
                yield "tool-call-form-changed", _form_changed(pair, min(forms), min(usual))
            elif uncalled and always and forces_tool(pair.candidate):
                demanded = show(asked(pair.candidate, "tool_choice"), 60)
                if message := _unreadable(pair, uncalled):
                    yield "tool-calls-in-object", _missing(pair, uncalled, message)
                else:
                    message = f"tool_choice {demanded} produced no tool call"
                    yield "tool-choice-ignored", _missing(pair, uncalled, message)
            elif uncalled and _announces(uncalled) and not any(map(_announces_none, comparison.golden)):
                message = f"finish_reason is {uncalled.finish}, but there is no tool call"
                yield "tool-call-announced", _missing(pair, uncalled, message)
            elif (empty := _announced(pair.candidate)) and not any(map(_announces_none, comparison.golden)):
                yield "tool-call-announced", _for_nothing(pair, empty)
            elif (wrong := _other(pair.candidate)) and not any(map(_other, comparison.golden)):
                yield "tool-choice-other", _named_other(pair, wrong)


def _announced_for_nothing(comparison: Comparison) -> Iterator[Told]:
    """A call that the golden has is missing; here nothing was to be called."""
    for pair, choice in unseen(comparison, _announced):
        yield "tool-call-announced", _for_nothing(pair, choice)


def _for_nothing(pair: Pair, choice: Choice) -> Drift:
    return pair.drift(
        path=choice.finish_path,
        message=f"finish_reason is {choice.finish}, but there is no tool call",
        golden="the end of a text, or a tool call",
        candidate=show(choice.finish),
    )


def _announced(observation: Observation) -> Choice | None:
    return next(filter(_announces, choices(observation)), None) if answered(observation) else None


def _uncalled(comparison: Comparison, pair: Pair) -> Choice | None:
    """The choice that has something else in place of the call which tools were offered for."""
    observation = pair.candidate
    if not (answered(observation) and offers_tools(observation)) or tool_calls(observation):
        return None
    if comparison.once(leaks)[pair.sample]:
        return None
    open_choices = [c for c in choices(observation) if not is_text(c.refusal) and c.finish != "content_filter"]
    # without text at the limit, reasoning has used up the budget (S09)
    return next((choice for choice in open_choices if choice.text.strip() or not at_limit(choice)), None)


def _unreadable(pair: Pair, choice: Choice) -> str:
    """That calls came in a form that no client reads: an object in place of the list."""
    kinds = types(pair.candidate, indexless(calls_path(choice)))
    return "tool_calls is an object, not an array: clients read no call" if "object" in kinds else ""


def _announces(choice: Choice) -> bool:
    return choice.finish in _ANNOUNCE and not choice.tool_calls


def _announces_none(observation: Observation) -> bool:
    return any(map(_announces, choices(observation)))


def _named(observation: Observation) -> str:
    """The function that tool_choice names, empty where it names none."""
    choice = asked(observation, "tool_choice")
    name = member(member(choice, "function"), "name") or member(choice, "name")
    return name if isinstance(name, str) else ""


def _other(observation: Observation) -> ToolCall | None:
    """A call of another offered function than the named one; what is not offered is tool-name-invented's."""
    name, offered = _named(observation), tools(observation)
    # a name may be any JSON value, and not every one can be looked up
    named = (call for _, call in calls(observation) if isinstance(call.name, str))
    wrong = (call for call in named if call.name != name and call.name in offered)
    return next(wrong, None) if name else None


def _forms(observation: Observation) -> frozenset[str]:
    """`function_call`, the older key, or `tool_calls`; the calls of a response are items of their own and have none."""
    paths = [call.path for _, call in calls(observation)]
    return frozenset("function_call" if p.endswith(".function_call") else "tool_calls" for p in paths if "message" in p)


def _form_changed(pair: Pair, form: str, usual: str) -> Drift:
    return pair.drift(
        path=f"{choices(pair.candidate)[0].path}.{usual}",
        message=f"the call is in {form}, not in {usual}",
        golden="a tool call",
        candidate=form,
    )


def _missing(pair: Pair, choice: Choice, message: str) -> Drift:
    return pair.drift(
        path=calls_path(choice), message=message, golden="a tool call", candidate=show(choice.text or choice.finish)
    )


def _named_other(pair: Pair, call: ToolCall) -> Drift:
    return pair.drift(
        path=function_path(call, "name"),
        message="tool_choice names a function, but another one is called",
        golden=show(_named(pair.candidate)),
        candidate=show(call.name, 60),
    )


def tool_choice_ignored(comparison: Comparison) -> Iterator[Drift]:
    """Prose where tool_choice demands a call (TL19)."""
    return of(comparison, _judged, "tool-choice-ignored")


def tool_choice_other(comparison: Comparison) -> Iterator[Drift]:
    """Another function than the one that tool_choice names (TL19)."""
    return of(comparison, _judged, "tool-choice-other")


def tool_call_announced(comparison: Comparison) -> Iterator[Drift]:
    """finish_reason announces a call that is not there (TL32)."""
    return of(comparison, _judged, "tool-call-announced")


def tool_call_form_changed(comparison: Comparison) -> Iterator[Drift]:
    """The older function_call for tool_calls, or the reverse (S29)."""
    return of(comparison, _judged, "tool-call-form-changed")


def tool_calls_in_object(comparison: Comparison) -> Iterator[Drift]:
    """tool_calls is an object, not a list (TL19)."""
    return of(comparison, _judged, "tool-calls-in-object")


RULES = (
    Rule(
        id="tool-choice-ignored",
        area="tools",
        severity=Severity.BREAKING,
        summary="no tool call where tool_choice demands one and the golden has it",
        who_breaks="extraction by a forced tool reads tool_calls[0]; agents take the prose for the answer",
        hint="check that the gateway passes tools and tool_choice on; choose a server that enforces `required`",
        check=tool_choice_ignored,
        where=has_calls,
    ),
    Rule(
        id="tool-choice-other",
        area="tools",
        severity=Severity.BREAKING,
        summary="another function is called than tool_choice names",
        who_breaks="extraction by a named tool reads arguments of another one's schema",
        hint="check that the gateway passes tool_choice on with its name",
        check=tool_choice_other,
        where=has_calls,
    ),
    Rule(
        id="tool-call-announced",
        area="tools",
        # TL32: agents go on to run calls that are not there, and drop the text
        severity=Severity.BREAKING,
        summary="finish_reason announces tool calls and the answer has none",
        who_breaks="agent loops read tool_calls[0] after this finish: IndexError, undefined, or a turn that never ends",
        hint="let the gateway say stop where the answer has no call",
        check=tool_call_announced,
    ),
    Rule(
        id="tool-call-form-changed",
        area="tools",
        severity=Severity.BREAKING,
        summary="the call is in the older form function_call, or no longer",
        who_breaks="clients read the key that the golden has and find no call",
        hint="let the gateway answer in the form of the request: tools with tool_calls, functions with function_call",
        check=tool_call_form_changed,
        where=has_calls,
    ),
    Rule(
        id="tool-calls-in-object",
        area="tools",
        severity=Severity.BREAKING,
        summary="tool_calls is an object in place of a list",
        who_breaks="clients index or iterate a list: they read no call, or raise",
        hint="let the gateway send tool_calls as a list",
        check=tool_calls_in_object,
        where=has_calls,
    ),
)
