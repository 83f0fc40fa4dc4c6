"""The same reasoning under two keys, where the golden has one (S56)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Written, texts
from gate.wire.paths import name, untyped
from gate.wire.shape import indexless, show


def check(comparison: Comparison) -> Iterator[Drift]:
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
    for text in (text for text in written if text.kind == "reasoning"):
        first = seen.setdefault(text.text.strip(), text)
        if _key(first) != _key(text):
            return first, text
    return None


def _key(text: Written) -> str:
    """The key that holds a text: `reasoning`; `summary` or `content` of an item of reasoning."""
    keys = [step for step in indexless(untyped(text.path)).replace("[]", "").split(".") if step != "text"]
    return keys[-1] if keys else name(text.path)


RULE = Rule(
    id="reasoning-mirrored",
    area="schema",
    # S56: nothing is lost, and everything is there twice
    severity=Severity.RISKY,
    summary="the same reasoning comes under two keys",
    who_breaks="clients that read every key they know show each thought twice, and send it back twice",
    hint="send the reasoning under the golden's key alone",
    check=check,
)
