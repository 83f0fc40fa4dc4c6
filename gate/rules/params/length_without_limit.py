"""finish_reason is length far below the limit, or without any (S17)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices
from gate.observe.usage import NEAR, limit, reasoned, written
from gate.rules.params._limits import CUT, ended_by_limit, finishes
from gate.rules.params.default_limit_lowered import stops_at_default
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Engines call it length when they stop for lack of capacity or slots; no golden sample ends so."""
    usual = {word for golden in comparison.golden if answered(golden) for word in finishes(golden)}
    if not usual or usual & CUT:
        return
    for pair in comparison.pairs:
        candidate = pair.candidate
        # a default limit is reported by default-limit-lowered, no content at all by answer-empty
        if _stops_early(candidate) and not stops_at_default(comparison.golden, candidate):
            word, most = show(finishes(candidate)[0]), limit(candidate)
            tokens = f"{written(candidate)} of {most} allowed tokens" if most else f"{written(candidate)} tokens"
            yield pair.drift(
                path=choices(candidate)[0].finish_path,
                message=f"the answer ends with {word} after {tokens}{'' if most else ', though no limit is set'}",
                golden=" or ".join(map(show, sorted(usual))),
                candidate=word,
                # docs/clients.md: openai-python's stream helper raises LengthFinishReasonError
                severity=Severity.BREAKING if candidate.form == "stream" else None,
            )


def _stops_early(observation: Observation) -> bool:
    """An answer with content says that a limit ended it, and its usage is far from the limit."""
    tokens, most = written(observation), limit(observation)
    if not answered(observation) or not ended_by_limit(observation) or tokens is None:
        return False
    content = any(choice.text or choice.tool_calls for choice in choices(observation))
    # some routes leave reasoning out of completion_tokens, but count it against the limit
    return content and (most is None or tokens + (reasoned(observation) or 0) < most * NEAR)


RULE = Rule(
    id="length-without-limit",
    area="params",
    # S17: the answer is whole; it is asked for again
    severity=Severity.RISKY,
    summary="an answer ends with length far below the limit that was asked for",
    who_breaks="harnesses record whole answers as truncated and retry them",
    hint="check the route's context size and slots, and how it maps the engine's stop reasons",
    check=check,
)
