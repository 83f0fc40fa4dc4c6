"""finish_reason says length far below the limit, or without any (S17)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import answered, choices, numbered
from gate.rules.params._limits import CUT, cut, ends, limit, reasoned, written
from gate.rules.params.default_limit_lowered import lowered
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Capacity or slot stops that an engine calls length; no golden sample ends so."""
    golden, candidate = comparison.golden, comparison.candidate
    gold = {e for g in golden if answered(g) for e in ends(g)}
    if not gold or gold & CUT:
        return
    for sample, found in numbered(candidate):
        came, most = written(found), limit(found)
        if not answered(found) or not cut(found) or came is None or lowered(golden, found):
            continue
        if not any(choice.text or choice.tool_calls for choice in choices(found)):
            continue  # that nothing came at all is the greater harm, and answer-empty says it
        # some routes leave reasoning out of completion_tokens, but count it against the limit
        if most is None or came + reasoned(found) < most * 0.9:
            against = f"of {most} allowed" if most else "without any limit"
            message = f"finish says {show(ends(found)[0])} after {came} tokens {against}"
            evidence = " or ".join(map(show, sorted(gold)))
            yield Drift(
                path=choices(found)[0].finish_path,
                message=message,
                golden=evidence,
                candidate=show(ends(found)[0]),
                sample=sample,
            )


RULE = Rule(
    id="length-without-limit",
    area="params",
    severity=Severity.RISKY,
    summary="an answer ends with length far below the limit that was asked for",
    who_breaks="harnesses record whole answers as truncated and retry them",
    hint="check the route's context size and slots, and how it maps the engine's stop reasons",
    check=check,
)
