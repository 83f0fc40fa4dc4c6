"""The answer's `model` is not the one that was asked for (S25)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, numbered
from gate.observe.request import asked
from gate.wire.shape import show

# What a name may carry without being another model: gpt-4o-2024-08-06, mistral-large-2411, gemini-2.5-pro-exp-03-25,
# claude-sonnet-4@latest, Qwen3.gguf; and behind a colon the provider that serves it: kimi-k2:groq, llama-3:free
_DATE = re.compile(r"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{2}-\d{2}(?:-\d{4})?|\d{2}-\d{4})(?!\d)")
_SNAPSHOT = re.compile(r"(?<![\w.])(?:\d{3,8}|latest|preview|exp|beta)(?![\w.])|-v\d+:\d+$|\.gguf$|:[a-z-]+$")
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)*")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where every golden answer names its own request's model: each side is held to what was asked of it."""
    golden, candidate = comparison.golden, comparison.candidate
    if not all(_echoes(g) for g in golden if answered(g)) or not any(map(answered, golden)):
        return
    for sample, found in numbered(candidate):
        if answered(found) and _said(found) and not _echoes(found):
            message = f"model is {show(_said(found), 60)}; the request asked for {show(asked(found, 'model'), 60)}"
            gold = next(_said(g) for g in golden if answered(g))
            yield Drift(
                path="model",
                message=message,
                golden=f"{show(gold, 60)}, as asked",
                candidate=show(_said(found), 60),
                sample=sample,
            )


def _said(found: Observation) -> str:
    model = found.answer.model if found.answer else None
    return model if isinstance(model, str) else ""


def _echoes(found: Observation) -> bool:
    want, said = asked(found, "model"), _said(found)
    return isinstance(want, str) and bool(said) and _same(_words(want), _words(said))


def _same(want: list[str], said: list[str]) -> bool:
    """The same words in any order (claude-haiku-4.5, claude-4.5-haiku); or a version that an alias stands for."""
    # OpenAI, Anthropic and DeepSeek document such aliases; the version behind one changes without notice
    alias = want[:1] == said[:1] and all(word.isalpha() for word in want)  # deepseek-chat → deepseek-v4-flash
    return sorted(want) == sorted(said) or (alias and any(word[0].isdigit() for word in said))


@functools.lru_cache(1024)
def _words(model: str) -> list[str]:
    """The words of a name without its provider and its snapshot: openai/gpt-4o-2024-08-06 → gpt, 4, o."""
    name = re.split(r"[/\\]", model[:200].lower())[-1]
    return _WORD.findall(_SNAPSHOT.sub("", _DATE.sub("", name)))


RULE = Rule(
    id="model-changed",
    area="schema",
    severity=Severity.RISKY,
    summary="the answer names another model than the request",
    who_breaks="cost maps price the answer at 0; routers and multiplexers reject or misfile it",
    hint="let the gateway echo the requested alias in model",
    check=check,
)
