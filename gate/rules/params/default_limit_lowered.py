"""Without max_tokens the candidate stops at a default of its own (PA16)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, choices, numbered
from gate.rules.params._limits import CUT, cut, ends, limit, written

# the defaults that gateways and engines are known to put in
DEFAULTS = frozenset({16, 20, 100, 128, 200, 256, 500, 512, 1000, 1024, 2000, 2048, 4000, 4096, 8000, 8192})
SURE = 256  # a short answer of exactly 16 tokens may end there by itself


def check(comparison: Comparison) -> Iterator[Drift]:
    """Exactly such a number of tokens, where every golden sample ends by itself, and later."""
    golden, candidate = comparison.golden, comparison.candidate
    for sample, found in numbered(candidate):
        if lowered(golden, found):
            message = f"the answer stops after exactly {written(found)} tokens, though the request sets no limit"
            came = sorted({w for g in golden if (w := written(g))})
            gold = f"{came[0]} to {came[-1]} tokens" if came else "ended by itself"
            yield Drift(
                path=choices(found)[0].finish_path,
                message=message,
                golden=gold,
                candidate=f"{written(found)} tokens",
                sample=sample,
            )


def lowered(golden: Samples, found: Observation) -> bool:
    """Whether the answer ends at a default limit that the golden route does not have."""
    like = [g for g in golden if answered(g)]
    if not like or not answered(found) or limit(found) is not None or written(found) not in DEFAULTS:
        return False
    # the golden route has a limit of its own: then only a lower one is news
    if any(e in CUT for g in like for e in ends(g)):
        least = min((written(g) or 0 for g in like), default=0)
        return cut(found) and all(map(cut, like)) and (written(found) or 0) < 0.9 * least
    # a golden answer without usage counts as 0 tokens, and then only finish can tell
    lengths = [written(g) or 0 for g in like]
    return cut(found) or ((written(found) or 0) >= SURE and min(lengths) > (written(found) or 0))


RULE = Rule(
    id="default-limit-lowered",
    area="params",
    severity=Severity.BREAKING,
    summary="an answer without max_tokens is cut at the route's own default",
    who_breaks="long answers end mid-sentence, and only those",
    hint="set max_tokens in every request, or raise the gateway's default",
    check=check,
)
