"""The answer's text comes as reasoning as well (S57)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.texts import Written, texts
from gate.wire.shape import show

# The texts that a model writes for its reader or a tool, of all that `texts` knows (S57).
_SAID = frozenset({"answer", "refusal", "arguments", "input"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden answer is its own reasoning."""
    both = texts(comparison)
    if any(map(_mirrored, both.golden)):
        return
    for pair, written in both.candidate:
        if found := _mirrored(written):
            what, thought = found
            yield pair.drift(
                path=thought.path,
                message=f"the reasoning is {what} once more",
                golden="reasoning of its own, or none",
                candidate=show(thought.text, 60),
            )


def _mirrored(written: tuple[Written, ...]) -> tuple[str, Written] | None:
    """The reasoning that says what an answer, a refusal or a call says, and what that is."""
    said = {text.text.strip(): text.what for text in written if text.kind in _SAID}
    thoughts = (text for text in written if text.kind == "reasoning" and text.text.strip())
    return next(((said[text.text.strip()], text) for text in thoughts if text.text.strip() in said), None)


RULE = Rule(
    id="reasoning-repeats-answer",
    area="schema",
    # S57: the answer itself is right
    severity=Severity.RISKY,
    summary="the answer's text comes as reasoning as well",
    who_breaks="clients that show the reasoning show the answer twice; histories that carry reasoning grow by it",
    hint="turn the reasoning parser off for models that do not reason, or let the gateway copy nothing",
    check=check,
)
