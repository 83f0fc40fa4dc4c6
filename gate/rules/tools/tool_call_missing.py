"""A call that tool_choice demands does not come, or is announced alone, or comes in the form of old (TL19)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Choice, Comparison, Drift, Observation, Rule, Samples, Severity, ToolCall
from gate.observe.answer import answered, choices, numbered, shown, tool_calls
from gate.observe.request import asked, forces_tool, offers_tools, tools
from gate.rules.tools._calls import called, calls, function_path, is_text
from gate.rules.tools._text import leak
from gate.wire.shape import show

_ANNOUNCE = ("tool_calls", "function_call")  # a tuple: what is looked up in it may be anything


def check(comparison: Comparison) -> Iterator[Drift]:
    """Prose for a demanded call. What a model does under `auto` is its choice, which behaviour-rate counts."""
    golden, candidate = comparison.golden, comparison.candidate
    if not called(golden):
        return
    always, usual = all(map(tool_calls, golden)), shown(golden, _forms)
    for sample, found in numbered(candidate):
        choice = _uncalled(golden, found)
        mine = _forms(found)
        if mine and usual and mine.isdisjoint(usual):
            form, path = min(mine), f"{choices(found)[0].path}.{min(usual)}"
            yield Drift(
                path=path,
                message=f"the call comes as {form}, not as {min(usual)}",
                golden="a tool call",
                candidate=form,
                sample=sample,
            )
        elif choice and always and forces_tool(found):
            message = f"tool_choice {show(asked(found, 'tool_choice'), 60)} brings no tool call"
            yield _drift(choice, message, choice.text, sample)
        elif choice and choice.finish in _ANNOUNCE and not any(map(_announces_none, golden)):
            message = f"finish_reason announces {choice.finish}, and none came"
            yield _drift(choice, message, choice.text, sample)
        elif (wrong := _other(found)) and not any(map(_other, golden)):
            message = "tool_choice names a function, and another one is called"
            yield Drift(
                path=function_path(wrong, "name"),
                message=message,
                golden=show(_named(found)),
                candidate=show(wrong.name, 60),
                sample=sample,
            )


def _uncalled(golden: Samples, found: Observation) -> Choice | None:
    """The choice that says something else than the call which tools were offered for."""
    if not (answered(found) and offers_tools(found)) or tool_calls(found) or leak(golden, found):
        return None
    said = [c for c in choices(found) if not is_text(c.refusal) and c.finish != "content_filter"]
    # no text at the limit: the budget went into reasoning (S09)
    return next((c for c in said if c.text.strip() or c.finish not in ("length", "max_output_tokens")), None)


def _announces_none(found: Observation) -> bool:
    return any(choice.finish in _ANNOUNCE and not choice.tool_calls for choice in choices(found))


def _named(found: Observation) -> str:
    """The function that tool_choice names, empty where it names none."""
    choice = asked(found, "tool_choice")
    name = member(member(choice, "function"), "name") or member(choice, "name")
    return name if isinstance(name, str) else ""


def _other(found: Observation) -> ToolCall | None:
    """A call of another offered function than the named one; names that nobody offered are tool-name-changed's."""
    name = _named(found)
    wrong = (call for _, call in calls(found) if call.name != name and call.name in tools(found))
    return next(wrong, None) if name else None


def _forms(found: Observation) -> frozenset[str]:
    """`function_call`, which came before `tool_calls`, or the latter; a response's calls are items of their own."""
    paths = (call.path for _, call in calls(found))
    return frozenset("function_call" if p.endswith(".function_call") else "tool_calls" for p in paths if "message" in p)


def _drift(choice: Choice, message: str, said: str, sample: int) -> Drift:
    path = "output" if choice.path == "output" else f"{choice.path}.tool_calls"
    return Drift(path=path, message=message, golden="a tool call", candidate=show(said or choice.finish), sample=sample)


RULE = Rule(
    id="tool-call-missing",
    area="tools",
    severity=Severity.BREAKING,
    summary="no tool call where tool_choice demands one and the golden has it",
    who_breaks="extraction by a forced tool indexes tool_calls[0]; agents take the prose for the answer",
    hint="check that the gateway passes tools and tool_choice on; choose a server that enforces `required`",
    check=check,
)
