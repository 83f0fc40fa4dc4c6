"""The name of the called function: not one of the request's, repeated, split, or absent (TL08, TL09)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import Comparison, Drift, Json, Observation, Pair, ProblemCode, Rule, Severity, ToolCall
from gate.observe.answer import answered, choices, is_text, is_tool_path, shown
from gate.observe.breaches import read
from gate.observe.request import asked, offers_only, offers_tools, output, tools
from gate.rules.tools._calls import calls, counted, first_call, function_path, merged, names, problems
from gate.wire.shape import show

_WORDS = {
    ProblemCode.TOOL_NAME_REPEATED: ("the function's name is repeated in later deltas", Severity.BREAKING),
    ProblemCode.TOOL_NAME_SPLIT: ("the function's name is split across deltas", Severity.BREAKING),
}

# an earlier turn, a stored prompt or an agent may hold tools, and gateways ask other servers for them
_ELSEWHERE = ("previous_response_id", "conversation", "prompt", "agent_id", "mcp_servers", "extra_body")
_PRESET = "@"  # a model @preset/x stands for a stored request: https://openrouter.ai/docs/features/presets
# https://platform.openai.com/docs/guides/tools: no client gets calls of these
_RUN_BY_PROVIDER = frozenset(
    {"web_search", "web_search_preview", "file_search", "code_interpreter", "image_generation"}
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """Names that no tool of the request has, character for character, and names that deltas spoil."""
    usual = shown(comparison.golden, names)
    for pair in comparison.pairs:
        if not merged(pair.candidate):
            yield from _spoilt(comparison, pair)
            yield from (_drift(pair, call) for call in _unknown(pair.candidate) if str(call.name) not in usual)
        # without tools in the request no dispatcher exists; row "SO08's mechanism"
        if answered(pair.candidate) and not usual and not _may_call(pair.candidate):
            yield from _unasked(pair)


def _spoilt(comparison: Comparison, pair: Pair) -> Iterator[Drift]:
    for problem, event in problems(comparison, pair, *_WORDS):
        message, severity = _WORDS[problem.code]
        yield pair.drift(
            path=problem.path,
            message=message,
            golden="the name once",
            candidate=f"again {problem.detail}",
            severity=severity,
            at=event,
        )


def _unknown(observation: Observation) -> Iterator[ToolCall]:
    """Calls of what the request does not offer."""
    # a provider's built-in tools have names of their own
    offered, functions_alone = tools(observation), offers_only(observation, {"function", "custom"})
    for _, call in calls(observation):
        if not is_text(call.name):
            # a function_call without a name is no call, and what a response lacks is found by its schema
            if is_tool_path(call.path) or call.name == "":
                yield call
        elif offered and call.name not in offered and (functions_alone or _resembles(call.name, offered)):
            yield call


def _may_call(observation: Observation) -> bool:
    """The request has tools that a client runs, or takes them from somewhere else."""
    elsewhere = any(asked(observation, key) for key in _ELSEWHERE)
    preset = str(asked(observation, "model")).startswith(_PRESET)
    provided = asked(observation, "tools") and offers_only(observation, _RUN_BY_PROVIDER)
    own = offers_tools(observation) and not provided
    return elsewhere or preset or own or not isinstance(observation.request, dict)


def _unasked(pair: Pair) -> Iterator[Drift]:
    """A gateway that gets JSON by a tool of its own, and does not unwrap it (SO08)."""
    for choice in choices(pair.candidate):
        for call in choice.tool_calls[:1]:
            yield pair.drift(
                path=function_path(call, "name"),
                message=_uncalled_for(pair.candidate, call),
                golden="no call",
                candidate=show(call.name, 80),
                # beside a text the client has an answer to show
                severity=Severity.RISKY if choice.text.strip() else Severity.BREAKING,
                at=first_call(pair.candidate),
            )


def _uncalled_for(observation: Observation, call: ToolCall) -> str:
    if call.name in _RUN_BY_PROVIDER and asked(observation, "tools"):
        return "a tool that the provider runs comes as a call for the client"
    if output(observation) and isinstance(call.arguments, str) and isinstance(read(call.arguments).value, dict):
        return "the JSON answer comes as a call of a tool that the request does not offer"
    return "a tool is called although the request offers none"


def _drift(pair: Pair, call: ToolCall) -> Drift:
    offered = tools(pair.candidate)
    return pair.drift(
        path=function_path(call, "name"),
        message=f"{_fault(call.name, offered)}{'' if is_text(call.name) else counted(pair.candidate)}",
        golden=" or ".join(show(name, 60) for name in sorted(offered)[:4]) or "a name",
        candidate=show(call.name, 80),
        severity=Severity.BREAKING,
        at=first_call(pair.candidate),
    )


def _fault(name: Json, offered: Iterable[str]) -> str:
    if not is_text(name):
        return "the tool call has no function name"
    return _resembles(name, offered) or "the called function is not one of the request's"


def _resembles(name: str, offered: Iterable[str]) -> str:
    if name.casefold() in map(str.casefold, offered):
        return "the function's name differs from the request's in upper and lower case"
    # a namespace in front (a row), or half of a split name (TL09)
    if any(tool in name or name in tool for tool in offered):
        return "the function's name is the request's with characters added or removed"
    return ""


RULE = Rule(
    id="tool-name-changed",
    area="tools",
    # a dispatcher finds no tool of that name; of TL09's split name the AI SDK 6 and 7 keep the first piece
    severity=Severity.BREAKING,
    summary="the called function's name is not exactly one of the request's",
    who_breaks="dispatchers find no tool of that name; accumulators that append get BashBashBash",
    hint="pass the request's names through unchanged, once, in the first delta of each call",
    check=check,
)
