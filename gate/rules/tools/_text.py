"""Tool calls that a server failed to parse, so that they stand in the text as the model wrote them (TL18)."""

from __future__ import annotations

import re

from gate.model import Choice, Observation, Samples
from gate.observe.answer import answered, choices, shown, tool_calls
from gate.observe.request import offers_tools, tools
from gate.rules.tools._calls import called

# The marks of chat templates: Hermes and Qwen, Mistral, Llama, DeepSeek, Kimi, GLM, Anthropic's XML, gpt-oss, ReAct.
_MARK = re.compile(
    r"<[^<>\s]{0,24}(?:tool|function)[_▁]?calls?[^<>\s]{0,24}>|\[/?TOOL_(?:CALLS?|REQUEST)\]|<\|python_tag\|>|<function=\w"
    r"|</?function_calls?>|<invoke name=|<arg_key>|<tool_use>|<\|channel\|>commentary to=|to=functions\.\w"
    r"|<\|(?:action_start|plugin)\|>|functools\[|```tool_c|^Action: .{1,80}\nAction Input:",
    re.MULTILINE,
)
_JSON = re.compile(
    r'"(?:name|function|tool|tool_name|action)"\s{0,20}:\s{0,20}"([^"]{1,128})"\s{0,20},\s{0,20}'
    r'"(?:arguments|parameters|args|input|action_input|tool_input)"\s{0,20}:'
)
_PYTHON = re.compile(r"\W{0,8}(?:print\(|default_api\.|functions\.){0,2}(\w{1,128})\(.*\)\W{0,8}", re.DOTALL)


def leak(golden: Samples, found: Observation) -> tuple[Choice, str] | None:
    """The choice whose text holds a tool call, and the piece of text that shows it; where tools are in play at all."""
    if not answered(found) or not (offers_tools(found) or called(golden)):
        return None
    names = shown(golden, lambda g: [str(call.name) for call in tool_calls(g)]) | frozenset(tools(found))
    return next(((c, piece) for c in choices(found) if (piece := _leak(c.text, names))), None)


def _leak(text: str, names: frozenset[str]) -> str:
    mark = _MARK.search(text)
    if mark:
        return text[mark.start() : mark.start() + 80]
    for call in _JSON.finditer(text):
        if call[1].rpartition(".")[2] in names:
            return text[call.start() : call.start() + 80]
    call_like = _PYTHON.fullmatch(text) if len(text) < 4096 else None
    return text[:80] if call_like and call_like[1] in names else ""
