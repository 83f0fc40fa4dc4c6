"""The name of the called function: not one of the request's, repeated, split, or absent (TL08, TL09)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gate.model import MISSING, Comparison, Drift, Json, Observation, Pair, ProblemCode, Rule, Severity, ToolCall
from gate.observe.answer import answered, choices, is_text, is_tool_path, shown, tool_calls
from gate.observe.breaches import read
from gate.observe.request import FOR_CLIENT, asked, offers_only, offers_tools, output, tools
from gate.observe.scopes import has_calls
from gate.rules.families import Told, of
from gate.rules.tools._calls import calls, counted, first_call, function_path, is_void, merged, problems
from gate.wire.shape import show

_WORDS = {
    ProblemCode.TOOL_NAME_REPEATED: ("tool-name-repeated", "the function's name is repeated in later deltas"),
    ProblemCode.TOOL_NAME_SPLIT: ("tool-name-split", "the function's name is split across deltas"),
}

# An earlier turn or a stored prompt may hold tools (https://platform.openai.com/docs/api-reference/responses/create),
# as Mistral's agents do (https://docs.mistral.ai/api/); Anthropic asks other servers for them
# (https://docs.anthropic.com/en/docs/agents-and-tools/mcp-connector).
_ELSEWHERE = ("previous_response_id", "conversation", "prompt", "agent_id", "mcp_servers")
_PRESET = "@"  # a model @preset/x stands for a stored request: https://openrouter.ai/docs/features/presets
# https://platform.openai.com/docs/guides/tools: no client gets function calls of these; those of a shell, a computer
# or a patch are items of their own
_RUN_BY_PROVIDER = frozenset({
    "web_search", "web_search_preview", "file_search", "code_interpreter", "image_generation", "mcp",
    "computer_use_preview", "local_shell", "shell", "apply_patch",
})  # fmt: skip


def _judged(comparison: Comparison) -> Iterator[Told]:
    """Names that no tool of the request has, character for character, and names that deltas spoil."""
    usual = shown(comparison.golden, _named)
    for pair in comparison.pairs:
        if not merged(pair.candidate):
            yield from _spoilt(comparison, pair)
            yield from (_drift(pair, call) for call in _unknown(pair.candidate) if _name(call) not in usual)
        # without tools in the request no dispatcher exists; row "SO08's mechanism"
        if answered(pair.candidate) and not usual and not _may_call(pair.candidate):
            yield from (("tool-call-unasked", drift) for drift in _unasked(pair))


def _named(observation: Observation) -> list[str]:
    return [_name(call) for call in tool_calls(observation)]


def _name(call: ToolCall) -> str:
    """The name of a call; blank is as good as null and absent, an entry that is no call is worse."""
    return str(MISSING) if is_void(call) else str(call.name) if is_text(call.name) else ""


def _spoilt(comparison: Comparison, pair: Pair) -> Iterator[Told]:
    for problem, event in problems(comparison, pair, *_WORDS):
        rule, message = _WORDS[problem.code]
        again = f"again {problem.detail}"
        yield rule, pair.drift(path=problem.path, message=message, golden="the name once", candidate=again, at=event)


def _unknown(observation: Observation) -> Iterator[ToolCall]:
    """Calls of what the request does not offer."""
    # a provider's built-in tools have names of their own
    offered, functions_alone = tools(observation), offers_only(observation, FOR_CLIENT)
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


def _drift(pair: Pair, call: ToolCall) -> Told:
    offered = tools(pair.candidate)
    rule, fault = _fault(call.name, offered)
    if is_void(call):
        fault = "an entry of the list of calls is no call"
    drift = pair.drift(
        path=function_path(call, "name"),
        message=f"{fault}{'' if is_text(call.name) else counted(pair.candidate)}",
        golden=" or ".join(show(name, 60) for name in sorted(offered)[:4]) or "a name",
        candidate=show(call.name, 80),
        at=first_call(pair.candidate),
    )
    return rule, drift


def _fault(name: Json, offered: Iterable[str]) -> tuple[str, str]:
    """The rule and its message."""
    if not is_text(name):
        return "tool-name-missing", "the tool call has no function name"
    if altered := _resembles(name, offered):
        return "tool-name-altered", altered
    return "tool-name-invented", "the called function is not one of the request's"


def _resembles(name: str, offered: Iterable[str]) -> str:
    if name.casefold() in map(str.casefold, offered):
        return "the function's name differs from the request's in upper and lower case"
    # a namespace in front (a row), or half of a split name (TL09)
    if any(tool in name or name in tool for tool in offered):
        return "the function's name is the request's with characters added or removed"
    return ""


def tool_name_missing(comparison: Comparison) -> Iterator[Drift]:
    """A call without a function name."""
    return of(comparison, _judged, "tool-name-missing")


def tool_name_altered(comparison: Comparison) -> Iterator[Drift]:
    """The request's name in another case, or with characters added or removed (TL09)."""
    return of(comparison, _judged, "tool-name-altered")


def tool_name_invented(comparison: Comparison) -> Iterator[Drift]:
    """A function that is not one of the request's."""
    return of(comparison, _judged, "tool-name-invented")


def tool_name_repeated(comparison: Comparison) -> Iterator[Drift]:
    """The name comes again in later deltas (TL08)."""
    return of(comparison, _judged, "tool-name-repeated")


def tool_name_split(comparison: Comparison) -> Iterator[Drift]:
    """The name comes in pieces (TL09)."""
    return of(comparison, _judged, "tool-name-split")


def tool_call_unasked(comparison: Comparison) -> Iterator[Drift]:
    """A call although the request offers no tool that a client runs (SO08)."""
    return of(comparison, _judged, "tool-call-unasked")


RULES = (
    Rule(
        id="tool-name-missing",
        area="tools",
        severity=Severity.BREAKING,
        summary="the tool call has no function name",
        who_breaks="dispatchers have nothing to look a tool up by; strict clients reject the call",
        hint="pass the request's names through unchanged, once, in the first delta of each call",
        check=tool_name_missing,
        where=has_calls,
    ),
    Rule(
        id="tool-name-altered",
        area="tools",
        severity=Severity.BREAKING,
        summary="the called function's name is not exactly the request's",
        who_breaks="dispatchers find no tool of that name, unless they normalise names",
        hint="pass the request's names through unchanged",
        check=tool_name_altered,
        where=has_calls,
    ),
    Rule(
        id="tool-name-invented",
        area="tools",
        severity=Severity.BREAKING,
        summary="the called function is not one of the request's",
        who_breaks="dispatchers find no tool of that name",
        hint="check that the gateway passes tools on; a better model invents fewer",
        check=tool_name_invented,
        where=has_calls,
    ),
    Rule(
        id="tool-name-repeated",
        area="tools",
        severity=Severity.BREAKING,
        summary="the function's name is repeated in later deltas",
        who_breaks="accumulators that append get BashBashBash",
        hint="pass the request's names through unchanged, once, in the first delta of each call",
        check=tool_name_repeated,
        where=has_calls,
    ),
    Rule(
        id="tool-name-split",
        area="tools",
        # docs/clients.md: the AI SDK 6 and 7 keep the first piece
        severity=Severity.BREAKING,
        summary="the function's name is split across deltas",
        who_breaks="clients that take the first piece look for edit_ex",
        hint="pass the request's names through unchanged, once, in the first delta of each call",
        check=tool_name_split,
        where=has_calls,
    ),
    Rule(
        id="tool-call-unasked",
        area="tools",
        # risky beside a text, which the client can show
        severity=Severity.BREAKING,
        summary="a tool is called although the request offers none",
        who_breaks="clients that have no dispatcher show an empty answer",
        hint="let the gateway unwrap the tool that it uses for JSON, and run its own tools itself",
        check=tool_call_unasked,
        where=has_calls,
    ),
)
