"""The same reasoning under two keys, or in front of the answer as well, where the golden has it once (S56)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.observe.answer import answered, choices
from gate.observe.texts import Written, texts
from gate.wire.paths import name, parent, untyped
from gate.wire.shape import indexless, show

# Characters. Chosen: a thought of one word ("Hello!") may well begin the answer, the row "a short thought" has 12.
_LONG = 12


def check(comparison: Comparison) -> Iterator[Drift]:
    """The same text under two keys of reasoning, or as reasoning and in front of the answer."""
    yield from _under_two_keys(comparison)
    for pair, choice in unseen(comparison, _in_answer):
        yield pair.drift(
            path=choice.content_path,
            message="the reasoning comes twice, under its key and at the beginning of the answer",
            golden="under its key",
            candidate=show(choice.text, 60),
        )


def _in_answer(observation: Observation) -> Choice | None:
    """The choice whose answer begins with its reasoning; an answer that is all of it is reasoning-repeats-answer's."""
    for choice in choices(observation) if answered(observation) else ():
        thought, text = choice.reasoning.strip(), choice.text.strip()
        if _LONG < len(thought) < len(text) and text.startswith(thought):
            return choice
    return None


def _under_two_keys(comparison: Comparison) -> Iterator[Drift]:
    """Keys that come side by side with the same text: a client that reads both shows each thought twice."""
    both = texts(comparison)
    if not any(text.kind == "reasoning" for sample in both.golden for text in sample) or any(map(_twice, both.golden)):
        return
    for pair, written in both.candidate:
        if found := _twice(written):
            first, second = found
            yield pair.drift(
                path=second.path,
                message=f"the reasoning comes twice, as {_key(first)} and as {_key(second)}",
                golden="under one key",
                candidate=show(second.text, 60),
            )


def _twice(written: tuple[Written, ...]) -> tuple[Written, Written] | None:
    """Two texts of reasoning that are the same, under different keys."""
    seen: dict[str, Written] = {}
    latest: dict[str, Written] = {}
    for text in (text for text in written if text.kind == "reasoning"):
        first = seen.setdefault(text.text.strip(), text)
        if _key(first) != _key(text):
            return first, text
        before = latest.setdefault(parent(text.path), text)
        if _key(before) != _key(text) and _ends_earlier(before, text):
            return before, text
    return None


def _ends_earlier(one: Written, other: Written) -> bool:
    """Whether one text is the beginning of the other: a gateway copies each delta but the last."""
    short, long = sorted((one.text.strip(), other.text.strip()), key=len)
    return len(short) > _LONG and long.startswith(short)


def _key(text: Written) -> str:
    """The key that holds a text: `reasoning`; `summary` or `content` of an item of reasoning."""
    keys = [step for step in indexless(untyped(text.path)).replace("[]", "").split(".") if step != "text"]
    return keys[-1] if keys else name(text.path)


RULE = Rule(
    id="reasoning-mirrored",
    area="schema",
    # S56: nothing is lost, and everything is there twice
    severity=Severity.RISKY,
    summary="the same reasoning comes twice, under two keys or in front of the answer",
    who_breaks="clients that read every key they know show each thought twice, and send it back twice",
    hint="send the reasoning under the golden's key alone",
    check=check,
)
