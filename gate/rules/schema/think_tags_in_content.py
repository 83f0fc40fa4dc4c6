"""Reasoning leaks into the content between tags, or before a lone closing tag (S12, S13)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gate.endpoints import member
from gate.model import Comparison, Drift, Observation, Rule, Severity, TextKind
from gate.rules.schema._leaks import leaks
from gate.wire.shape import show

# the templates of DeepSeek and Qwen, Seed and MiniMax (with a prefix), Kimi, Magistral, Cohere, OpenThinker, gpt-oss
_TAG = re.compile(
    r"(?<!\w)</?(?:thought|reasoning|reflection)>|(?i:</?(?:\w{1,12}:)?think(?:ing)?>|◁/?think▷|\[/?THINK\]"
    r"|<\|(?:(?:START|END)_THINKING|(?:begin|end)_of_thought|/?thinking|channel)\|>|<unused9[45]>)"
    # gpt-oss without its special tokens: the names of its channels run into the text
    r"|assistantfinal(?=\S)"
)
# one by one: tags in the golden's reasoning excuse none in the answer
_KINDS: tuple[frozenset[TextKind], ...] = (frozenset({"answer"}), frozenset({"reasoning"}))
# Without the opening bracket: a prompt may ask for "think> tags", or name one half (row "the user asks about the tag").
_ASKED_ABOUT = re.compile(
    r"(?i)think(?:ing)?\W?[>▷]|\[/?think\]|</?(?:thought|reasoning|reflection)>|\|channel\||_of_thought"
)


def check(comparison: Comparison) -> Iterator[Drift]:
    """A tag in a text that no golden sample's text has, unless the prompt itself contains such tags."""
    found = (leak for kinds in _KINDS for leak in leaks(comparison, _TAG, kinds))
    for pair, text, match in found:
        thought = text.kind == "reasoning"
        if not _asks_about_tags(pair.candidate) and (not thought or _is_around(match)):
            yield pair.drift(
                path=text.path,
                message=f"the {'reasoning' if thought else 'text'} contains the reasoning tag {match.group()}",
                golden="no such tag",
                candidate=show(match.string[max(0, match.start() - 20) : match.start() + 60]),
                # few show the notes, and the answer is whole
                severity=Severity.RISKY if thought else None,
            )


def _is_around(match: re.Match[str]) -> bool:
    """Whether a tag opens or closes the whole: within, the model may speak of tags while it thinks."""
    return not (match.string[: match.start()].strip() and match.string[match.end() :].strip())


def _asks_about_tags(observation: Observation) -> bool:
    # where the texts of a prompt are in chat and in the Responses API
    prompt = (member(observation.request, key) for key in ("messages", "input", "instructions"))
    # as in template-marks-in-text
    return any(_ASKED_ABOUT.search(show(part, 100_000)) for part in prompt)


RULE = Rule(
    id="think-tags-in-content",
    area="schema",
    # S12, S13: users see the notes; JSON and regular expressions fail on the text before the answer
    severity=Severity.BREAKING,
    summary="the text contains the model's reasoning, with its tags",
    who_breaks="users see scratch work; JSON and regex consumers fail on the text before the answer",
    hint="turn the route's reasoning parser on, so that reasoning gets its own field",
    check=check,
)
