"""The name of the called function: not one of the request's, repeated, split, or absent (TL08, TL09)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import Choice, Comparison, Drift, Observation, ProblemCode, Rule, Severity, ToolCall
from gate.observe.answer import answered, choices, is_tool_path, numbered, shown, tool_calls
from gate.observe.request import asked, offers_only, offers_tools, tools
from gate.rules.tools._calls import calls, first_call, function_path, is_text, merged, place, problems
from gate.wire.shape import show

_SAYS = {
    ProblemCode.TOOL_NAME_REPEATED: ("the function's name is repeated in later deltas", Severity.BREAKING),
    ProblemCode.TOOL_NAME_SPLIT: ("the function's name comes in pieces", Severity.RISKY),
}

# what an earlier turn, a stored prompt, an agent or a preset (@preset/x) holds, and servers that gateways ask for tools
_ELSEWHERE = ("previous_response_id", "conversation", "prompt", "agent_id", "mcp_servers", "extra_body")
# https://platform.openai.com/docs/guides/tools: no client gets calls of these
_RUN_BY_PROVIDER = frozenset(
    {"web_search", "web_search_preview", "file_search", "code_interpreter", "image_generation"}
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Names that no tool of the request has, character for character, and names that deltas spoil."""
    golden, candidate = comparison.golden, comparison.candidate
    known = shown(golden, lambda g: [str(call.name) for call in tool_calls(g)])
    for sample, found in numbered(candidate):
        for problem in () if merged(found) else problems(golden, found, *_SAYS):
            message, severity = _SAYS[problem.code]
            at = place(found, problem.frame)
            yield Drift(
                path=problem.path,
                message=message,
                golden="the name once",
                candidate=f"again {problem.detail}",
                sample=sample,
                severity=severity,
                frame=at[0],
                byte=at[1],
            )
        for call in () if merged(found) else _unknown(found):
            if str(call.name) not in known:
                yield _drift(call, found, sample)
        for choice in choices(found) if answered(found) and not (known or _may_call(found)) else ():
            yield from _unasked(choice, found, sample)


def _unknown(found: Observation) -> Iterator[ToolCall]:
    """Calls of what the request does not offer."""
    # a provider's built-in tools have names of their own
    offered, known_alone = tools(found), offers_only(found, {"function"})
    for _, call in calls(found):
        if not is_text(call.name):
            # the call of old has its name or is none; what a response lacks its schema says
            if is_tool_path(call.path) or call.name == "":
                yield call
        elif offered and call.name not in offered and (known_alone or _resembles(call.name, offered)):
            yield call


def _may_call(found: Observation) -> bool:
    """The request brings tools that a client runs, or takes them from somewhere else."""
    stored = any(asked(found, name) for name in _ELSEWHERE) or str(asked(found, "model")).startswith("@")
    own = asked(found, "tools") and offers_only(found, _RUN_BY_PROVIDER)
    brought = offers_tools(found) and not own
    return stored or brought or not isinstance(found.request, dict)


def _unasked(choice: Choice, found: Observation, sample: int) -> Iterator[Drift]:
    """A gateway that gets JSON by a tool of its own, and forgets to unwrap it (SO08)."""
    for call in choice.tool_calls[:1]:
        message = "a tool is called although the request offers none"
        severity = Severity.RISKY if choice.text.strip() else Severity.BREAKING
        where = function_path(call, "name")
        yield Drift(
            path=where,
            message=message,
            golden="no call",
            candidate=show(call.name, 80),
            sample=sample,
            severity=severity,
            frame=first_call(found)[0],
            byte=first_call(found)[1],
        )


def _drift(call: ToolCall, found: Observation, sample: int) -> Drift:
    offered = tools(found)
    resembles = _resembles(call.name, offered) if is_text(call.name) else "the tool call names no function"
    message = resembles or "the called function is none of the request's"
    gold = " or ".join(show(name, 60) for name in sorted(offered)[:4]) or "a name"
    return Drift(
        path=function_path(call, "name"),
        message=message,
        golden=gold,
        candidate=show(call.name, 80),
        sample=sample,
        severity=Severity.BREAKING,
        frame=first_call(found)[0],
        byte=first_call(found)[1],
    )


def _resembles(name: str, offered: Iterable[str]) -> str:
    if name.casefold() in map(str.casefold, offered):
        return "the function's name is in another case than the request's"
    if any(tool in name or name in tool for tool in offered):
        return "the function's name is the request's with something added or lost"
    return ""


RULE = Rule(
    id="tool-name-changed",
    area="tools",
    severity=Severity.BREAKING,
    summary="the called function's name is not, letter for letter, one of the request's",
    who_breaks="dispatchers look the name up and find no such tool; accumulators that append get BashBashBash",
    hint="pass the request's names through unchanged, once, in the first delta of each call",
    check=check,
)
