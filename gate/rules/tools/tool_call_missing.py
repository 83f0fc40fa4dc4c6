"""A call that tool_choice demands is missing, or only announced, or in the older form `function_call` (TL19)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Choice, Comparison, Drift, Observation, Pair, Rule, Severity, ToolCall
from gate.observe.answer import answered, at_limit, choices, is_text, shown, tool_calls, types
from gate.observe.request import asked, forces_tool, offers_tools, tools
from gate.rules.tools._calls import called, calls, calls_path, function_path
from gate.rules.tools._text import leaks
from gate.wire.shape import indexless, show

_ANNOUNCE = ("tool_calls", "function_call")  # a tuple: a finish may be any JSON value, so it may have no hash


def check(comparison: Comparison) -> Iterator[Drift]:
    """Prose for a demanded call. What a model does under `auto` is its choice, whose rate behaviour-rate compares."""
    if called(comparison.golden):
        always, usual = all(map(tool_calls, comparison.golden)), shown(comparison.golden, _forms)
        for pair in comparison.pairs:
            forms, uncalled = _forms(pair.candidate), _uncalled(comparison, pair)
            if forms and usual and forms.isdisjoint(usual):
                yield _form_changed(pair, min(forms), min(usual))
            elif uncalled and always and forces_tool(pair.candidate):
                demanded = show(asked(pair.candidate, "tool_choice"), 60)
                yield _missing(
                    pair, uncalled, _unreadable(pair, uncalled) or f"tool_choice {demanded} produced no tool call"
                )
            elif uncalled and _announces(uncalled) and not any(map(_announces_none, comparison.golden)):
                yield _missing(pair, uncalled, f"finish_reason is {uncalled.finish}, but there is no tool call")
            elif (wrong := _other(pair.candidate)) and not any(map(_other, comparison.golden)):
                yield _named_other(pair, wrong)


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
    """A call of another offered function than the named one; functions that are not offered are tool-name-changed's."""
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


RULE = Rule(
    id="tool-call-missing",
    area="tools",
    severity=Severity.BREAKING,
    summary="no tool call where tool_choice demands one and the golden has it",
    who_breaks="extraction by a forced tool reads tool_calls[0]; agents take the prose for the answer",
    hint="check that the gateway passes tools and tool_choice on; choose a server that enforces `required`",
    check=check,
)
