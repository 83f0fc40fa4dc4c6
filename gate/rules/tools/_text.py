"""Tool calls that a server failed to parse, so that they are in the text as the model wrote them (TL18)."""

from __future__ import annotations

import re
from collections.abc import Set

from gate.endpoints import member, members
from gate.model import Choice, Comparison, Json, Observation
from gate.observe.answer import answered, choices, shown
from gate.observe.breaches import read
from gate.observe.request import offers_tools, output, tools
from gate.rules.tools._calls import names

Leak = tuple[Choice, str]
"""The choice whose text holds a tool call, and the piece of text that shows it."""

# https://docs.vllm.ai/en/latest/features/tool_calling.html lists the models and their parsers
_TEMPLATES = {
    "Hermes, Qwen, DeepSeek, Kimi": r"<[^<>\s]{0,24}(?:tool|function)[_▁]?calls?[^<>\s]{0,24}>",
    "Mistral, LM Studio": r"\[/?TOOL_(?:CALLS?|REQUEST)\]",
    "Llama": r"<\|python_tag\|>|<function=\w",
    "Anthropic": r"</?function_calls?>|<invoke name=|<tool_use>",
    "CodeAct": r"<execute>",
    "GLM": r"<arg_key>",
    "gpt-oss": r"<\|channel\|>commentary to=|to=functions\.\w",
    "InternLM": r"<\|(?:action_start|plugin)\|>",
    "Phi": r"functools\[",
    "Gemma": r"```tool_c",
    "ReAct": r"^Action: .{1,80}\nAction Input:",
}
_MARK = re.compile("|".join(_TEMPLATES.values()), re.MULTILINE)
# Any object with a name and arguments; only a name that the request or the golden knows makes it a call. Names may
# have 128 characters: OpenAI allows 64, names from MCP servers keep to other rules (PA20). 20 blanks bound the time.
_JSON = re.compile(
    r'"(?:name|function|tool|tool_name|action)"\s{0,20}:\s{0,20}"([^"]{1,128})"\s{0,20},\s{0,20}'
    r'"(?:arguments|parameters|args|input|action_input|tool_input)"\s{0,20}:'
)
# the whole text is one call in Python, as Llama and Gemma write it
_PYTHON = re.compile(r"\W{0,8}(?:print\(|default_api\.|functions\.){0,2}(\w{1,128})\(.*\)\W{0,8}", re.DOTALL)


def leaks(comparison: Comparison) -> tuple[Leak | None, ...]:
    """The leak of each candidate sample, in order."""
    called = shown(comparison.golden, names)
    return tuple(leak(pair.candidate, called) for pair in comparison.pairs)


def leak(observation: Observation, called: Set[str]) -> Leak | None:
    """The first leak, where the request offers tools or the golden calls some; `called` are the names that it calls."""
    if not answered(observation) or not (offers_tools(observation) or called):
        return None
    known = called | set(tools(observation))
    pieces = (
        (choice, _piece(choice.text, known) or _bare(observation, choice, called)) for choice in choices(observation)
    )
    return next((found for found in pieces if found[1]), None)


def _bare(observation: Observation, choice: Choice, called: Set[str]) -> str:
    """The arguments alone: those of a call beside the text, or an object that a tool takes which the golden calls."""
    text = choice.text.strip()
    if "{" not in text:
        return ""
    beside = (call.arguments for call in choice.tool_calls if isinstance(call.arguments, str))
    # within a sentence the model says what it calls
    if any(arguments.strip("{} ") and (text.startswith(arguments) or text.endswith(arguments)) for arguments in beside):
        return text[:80]
    value = read(text).value if text[0] == "{" and output(observation) is None else None
    if choice.tool_calls or not isinstance(value, dict) or not value:
        return ""
    taken = (tool.schema for name, tool in tools(observation).items() if name in called)
    return text[:80] if any(_takes(schema, value) for schema in taken) else ""


def _takes(schema: Json, value: dict[str, Json]) -> bool:
    """Whether a tool that must have something takes just these arguments."""
    named = member(schema, "properties")
    needed = members(schema, "required")
    return (
        isinstance(named, dict)
        and bool(needed)
        and value.keys() <= named.keys()
        and value.keys() >= set(map(str, needed))
    )


def _piece(text: str, known: Set[str]) -> str:
    mark = _MARK.search(text)
    if mark:
        # 80 characters of evidence, here and below
        return text[mark.start() : mark.start() + 80]
    for call in _JSON.finditer(text):
        # models write `functions.get_weather`, as gpt-oss does
        if call[1].rpartition(".")[2] in known:
            return text[call.start() : call.start() + 80]
    # the pattern backtracks, and no call in Python is that long
    # The pattern backtracks, and no call in Python is that long. 4,096 is a bound on time.
    python = _PYTHON.fullmatch(text) if len(text) < 4096 else None
    return text[:80] if python and python[1] in known else ""
