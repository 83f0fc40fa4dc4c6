"""What a model's name says: which model it is, without its provider and its snapshot, and whether it is dated."""

from __future__ import annotations

import functools
import re

from gate.model import Observation

# What a name may carry without being another model: gpt-4o-2024-08-06, mistral-large-2411, gemini-2.5-pro-exp-03-25,
# claude-sonnet-4@latest, Qwen3.gguf; and behind a colon the provider that serves it: kimi-k2:groq, llama-3:free
# Digits alone bound it: a date follows a dash or a letter. Eight digits without dashes are _SNAPSHOT's.
_DATE = re.compile(r"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{2}-\d{2}(?:-\d{4})?|\d{2}-\d{4})(?!\d)")
_SNAPSHOT = re.compile(r"(?<![\w.])(?:\d{3,8}|latest|preview|exp|beta)(?![\w.])|-v\d+:\d+$|\.gguf$|:[a-z-]+$")
_NUMBERED = re.compile(r"(?<![\w.])\d{3,8}(?![\w.])")
# words and version numbers apart, so that 3.5 is not 3 and 5
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)*")


def named(observation: Observation) -> str:
    """The model that the answer names; empty where it names none."""
    model = observation.answer.model if observation.answer else None
    return model if isinstance(model, str) else ""


def same_model(requested: str, said: str) -> bool:
    """The same words in any order (claude-haiku-4.5, claude-4.5-haiku); or a version that an alias stands for."""
    # OpenAI, Anthropic and DeepSeek document such aliases; the version behind one changes without notice
    # deepseek-chat → deepseek-v4-flash
    asked, got = words(requested), words(said)
    alias = asked[:1] == got[:1] and all(word.isalpha() for word in asked)
    return sorted(asked) == sorted(got) or (alias and any(word[0].isdigit() for word in got))


def dated(model: str) -> bool:
    """Whether the name is that of one snapshot: gpt-4o-2024-08-06, gpt-4-0613, claude-haiku-4-5-20251001."""
    name = _last(model)
    return bool(_DATE.search(name) or _NUMBERED.search(name))


# A bound on memory: a run names a handful of models, a hostile route as many as it has answers.
@functools.lru_cache(1024)
def words(model: str) -> list[str]:
    """The words of a name without its provider and its snapshot: openai/gpt-4o-2024-08-06 → gpt, 4, o."""
    return _WORD.findall(_SNAPSHOT.sub("", _DATE.sub("", _last(model))))


def _last(model: str) -> str:
    # 200 characters are a bound on time for the patterns; backslashes are paths of local servers
    return re.split(r"[/\\]", model[:200].lower())[-1]
