"""Another number of alternatives than the request asks for (S70)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gate.model import Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.logprobs import Scored, scored
from gate.observe.request import asked
from gate.observe.scopes import has_logprobs
from gate.text.plural import count

# The sampled token comes beside the likeliest where it is none of them (vLLM), a row
_BESIDE = 1
# Entries that show it: under a mask a token may have no alternative at all (B19)
_LEAST = 2


def check(comparison: Comparison) -> Iterator[Drift]:
    """Of texts of a few tokens, by the entry with the most; where the golden has as many as are asked for."""
    for pair in comparison.answers:
        wanted = asked(pair.candidate, "top_logprobs") or asked(pair.candidate, "logprobs")
        # `true` of chat asks for none; bool is an int in Python
        if type(wanted) is int and not _lacks(pair.candidate) and all(_served(g, wanted) for g in pair.golden):
            off = (text for text in _long(pair.candidate) if not wanted <= _most(text) <= wanted + _BESIDE)
            yield from (_drift(pair, text, wanted) for text in islice(off, 1))


def _drift(pair: Pair, text: Scored, wanted: int) -> Drift:
    most = _most(text)
    return pair.drift(
        path=text.path,
        message=f"top_logprobs has {count(most, 'alternative')} at most, and the request asks for {wanted}",
        golden=str(wanted),
        candidate=str(most),
        # code that takes the first of them raises
        severity=None if most else Severity.RISKY,
    )


def _long(observation: Observation) -> list[Scored]:
    return [text for text in scored(observation) if len(text.tokens) >= _LEAST]


def _served(observation: Observation, wanted: int) -> bool:
    found = [_most(text) for text in _long(observation)]
    return bool(found) and all(wanted <= most <= wanted + _BESIDE for most in found)


def _lacks(observation: Observation) -> bool:
    """Whether entries have no list at all, or null: logprobs-incomplete tells it, by the schema."""
    return any(violation.path.endswith(".top_logprobs") for violation in observation.violations)


def _most(text: Scored) -> int:
    return max(len(token.alternatives) for token in text.tokens)


RULE = Rule(
    id="top-logprobs-count",
    area="schema",
    # S70: fewer are poorer; none at all is risky
    severity=Severity.INFO,
    summary="another number of alternatives than was asked for",
    who_breaks="code that reads top_logprobs[0] without a check; entropies and margins computed over the alternatives",
    hint="pass top_logprobs on to the server, and raise its limit (max_logprobs)",
    check=check,
    where=has_logprobs,
)
