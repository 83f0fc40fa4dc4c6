"""The answer's `model` is not the one that was asked for (S25)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered
from gate.observe.request import asked
from gate.wire.shape import show

# What a name may carry without being another model: gpt-4o-2024-08-06, mistral-large-2411, gemini-2.5-pro-exp-03-25,
# claude-sonnet-4@latest, Qwen3.gguf; and behind a colon the provider that serves it: kimi-k2:groq, llama-3:free
# Digits alone bound it: a date follows a dash or a letter. Eight digits without dashes are _SNAPSHOT's.
_DATE = re.compile(r"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{2}-\d{2}(?:-\d{4})?|\d{2}-\d{4})(?!\d)")
_SNAPSHOT = re.compile(r"(?<![\w.])(?:\d{3,8}|latest|preview|exp|beta)(?![\w.])|-v\d+:\d+$|\.gguf$|:[a-z-]+$")
# words and version numbers apart, so that 3.5 is not 3 and 5
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)*")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Only where every golden answer names its own request's model: each side is held to what was asked of it."""
    golden = [sample for sample in comparison.golden if answered(sample)]
    if not golden or not all(map(_echoes, golden)):
        return
    for pair in comparison.pairs:
        named = _named(pair.candidate)
        if answered(pair.candidate) and named and not _echoes(pair.candidate):
            requested = show(asked(pair.candidate, "model"), 60)
            yield pair.drift(
                path="model",
                message=f"model is {show(named, 60)}; the request asked for {requested}",
                golden=f"{show(_named(golden[0]), 60)}, as asked",
                candidate=show(named, 60),
            )


def _named(observation: Observation) -> str:
    """The model that the answer names; empty where it names none."""
    model = observation.answer.model if observation.answer else None
    return model if isinstance(model, str) else ""


def _echoes(observation: Observation) -> bool:
    requested, named = asked(observation, "model"), _named(observation)
    return isinstance(requested, str) and bool(named) and _same(_words(requested), _words(named))


def _same(requested: list[str], named: list[str]) -> bool:
    """The same words in any order (claude-haiku-4.5, claude-4.5-haiku); or a version that an alias stands for."""
    # OpenAI, Anthropic and DeepSeek document such aliases; the version behind one changes without notice
    # deepseek-chat → deepseek-v4-flash
    alias = requested[:1] == named[:1] and all(word.isalpha() for word in requested)
    return sorted(requested) == sorted(named) or (alias and any(word[0].isdigit() for word in named))


# chosen; no source: a run names a handful of models, a hostile route as many as it has answers
@functools.lru_cache(1024)
def _words(model: str) -> list[str]:
    """The words of a name without its provider and its snapshot: openai/gpt-4o-2024-08-06 → gpt, 4, o."""
    # 200 characters are chosen to bound the patterns; backslashes are paths of local servers
    name = re.split(r"[/\\]", model[:200].lower())[-1]
    return _WORD.findall(_SNAPSHOT.sub("", _DATE.sub("", name)))


RULE = Rule(
    id="model-changed",
    area="schema",
    # S25 has one client that refuses (Claude Desktop, by a 401) and many that book the wrong price
    severity=Severity.RISKY,
    summary="the answer names another model than the request",
    who_breaks="cost tables without the name count the answer as free; routers and multiplexers reject or misroute it",
    hint="let the gateway echo the requested alias in model",
    check=check,
    needs=("request",),
)
