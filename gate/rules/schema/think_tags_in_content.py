"""Reasoning leaks into the content between tags, or before a lone closing tag (S12, S13)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import answered, choices, numbered
from gate.wire.shape import show

# the templates of DeepSeek and Qwen, Seed and MiniMax (with a prefix), Kimi, Magistral, Cohere, OpenThinker, gpt-oss
_TAG = re.compile(
    r"(?<!\w)</?(?:thought|reasoning|reflection)>|(?i:</?(?:\w{1,12}:)?think(?:ing)?>|◁/?think▷|\[/?THINK\]"
    r"|<\|(?:(?:START|END)_THINKING|(?:begin|end)_of_thought|/?thinking|channel)\|>|<unused9[45]>)"
)
_ASKED_ABOUT = re.compile(
    r"(?i)think(?:ing)?\W?[>▷]|\[/?think\]|<reasoning>|<reflection>|<thought>|\|channel\||_of_thought"
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """A tag in the text that no golden sample's text has, unless the prompt itself speaks of such tags."""
    golden, candidate = comparison.golden, comparison.candidate
    # a route whose answers always carry them has clients that strip them
    if any(_tag(choice.text) for g in golden for choice in choices(g)):
        return
    for sample, found in numbered(candidate):
        for choice in choices(found) if answered(found) else ():
            tag = _tag(choice.text)
            if tag and not _asked(found):
                at = choice.text.index(tag)
                message = f"the text contains the reasoning tag {tag}"
                evidence = show(choice.text[max(0, at - 20) : at + 60])
                yield Drift(
                    path=choice.content_path, message=message, golden="no such tag", candidate=evidence, sample=sample
                )


def _tag(text: str) -> str:
    found = _TAG.search(text) if "<" in text or "[" in text or "◁" in text else None
    return found.group() if found else ""


def _asked(found: Observation) -> bool:
    request = found.request
    return isinstance(request, dict) and any(
        _mentions(request.get(key)) for key in ("messages", "input", "instructions")
    )


def _mentions(value: Json) -> bool:
    return _ASKED_ABOUT.search(show(value, 100_000)) is not None


RULE = Rule(
    id="think-tags-in-content",
    area="schema",
    severity=Severity.BREAKING,
    summary="the text contains the model's reasoning, with its tags",
    who_breaks="users see scratch work; JSON and regex consumers fail on the text before the answer",
    hint="turn the route's reasoning parser on, so that reasoning gets its own field",
    check=check,
)
