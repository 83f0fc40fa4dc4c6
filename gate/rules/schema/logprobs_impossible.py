"""Log probabilities that can't be: above 0, alternatives of another token, more than all of the probability (S63)."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from itertools import pairwise

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.logprobs import Scored, Token, scored
from gate.observe.scopes import has_logprobs

# Rounding: vLLM's float16 sums to 1.002 and shows logprobs of 0.0004; 194 recorded texts have 0.00003 and sum to
# 1.00000004 at most.
_ROUNDING = 0.01
# Between the same token's two values, chosen: they come from one softmax, and the recorded ones are the same to the
# last digit. That of another token is far off.
_APART = 1.0
# Not even one token of the text is above this: -9999 stands for a token that is none of the likeliest
# (https://platform.openai.com/docs/api-reference/chat/object), and the recorded texts have -4.0 at the least. A text of
# one token may well be such a one, where a schema or logit_bias forces it.
_NEVER = -50.0
# Tokens, chosen: one alone may be a near tie that was rounded (B19)
_FOREIGN = 2
# Neighbours with the same alternatives: "ha ha" has two by right, sgl-project/sglang 39260 a chunk of them, and 194
# recorded texts not one pair.
_ALIKE = 3


def check(comparison: Comparison) -> Iterator[Drift]:
    """Where no golden answer has the same fault; NaN is number-not-json's, null logprobs-incomplete's."""
    for pair in comparison.answers:
        found = {fault: (text, shown) for fault, text, shown in _faults(pair.candidate)}
        known = {fault for golden in pair.golden for fault, _, _ in _faults(golden)} if found else set()
        for fault, (text, shown) in [item for item in found.items() if item[0] not in known][:1]:
            yield pair.drift(path=text.path, message=fault, golden="possible values", candidate=shown)


def _faults(observation: Observation) -> Iterator[tuple[str, Scored, str]]:
    """(fault in words, text, evidence)."""
    for text in scored(observation):
        for token in text.tokens:
            if fault := _of_token(token):
                yield fault, text, f"{str(token.text)[:40]!r}: {token.logprob!s:.20}"
        if sum(map(_is_foreign, text.tokens)) >= _FOREIGN:
            yield "the alternatives belong to other tokens", text, f"of {len(text.tokens)} tokens"
        if _never(text):
            yield "no token of the text can have been sampled", text, f"{text.tokens[0].logprob!s:.20} and the like"
        if _repeated(text):
            yield "the alternatives of one token come with the others as well", text, "the same list on each token"


def _of_token(token: Token) -> str:
    if any(_is_above(value) for value in (token.logprob, *(value for _, value in token.alternatives))):
        return "a log probability is above 0, a probability of more than 1"
    known = [(text, value) for text, value in token.alternatives if _is_number(value)]
    if sum(math.exp(min(value, 1.0)) for _, value in known) > 1 + _ROUNDING:
        return "the alternatives of a token are more likely than 1 together"
    if not known or not _is_number(token.logprob):
        return ""
    own = [value for text, value in known if text == token.text]
    # parts of characters look alike, and the legacy API's object keeps one value of them
    if own and "\ufffd" in str(token.text):
        return ""
    if own:
        return "" if min(abs(value - token.logprob) for value in own) <= _APART else _DIFFERS
    # the sampled token may be none of the likeliest, but then it is less likely than all of them
    return _LIKELIER if token.logprob > max(value for _, value in known) + _ROUNDING else ""


def _is_foreign(token: Token) -> bool:
    """Whether a token would be among its alternatives if they were its own."""
    known = [value for _, value in token.alternatives if _is_number(value)]
    absent = bool(known) and token.text not in [text for text, _ in token.alternatives]
    return absent and _is_number(token.logprob) and token.logprob > min(known) + _ROUNDING


_LIKELIER = "a token is likelier than its alternatives, and none of them"
_DIFFERS = "a token has another log probability than among its alternatives"


def _never(text: Scored) -> bool:
    """Whether no token of a text can have been sampled."""
    values = [token.logprob for token in text.tokens]
    return len(values) > 1 and all(map(_is_number, values)) and max(values) < _NEVER


def _is_above(value: Json) -> bool:
    return isinstance(value, int | float) and value > _ROUNDING


def _is_number(value: Json) -> bool:
    """Whether it is one that a float holds: JSON has integers of any length."""
    return isinstance(value, int | float) and value > -sys.float_info.max


def _repeated(text: Scored) -> bool:
    """Whether different tokens in a row have the same alternatives."""
    row = 1
    for before, after in pairwise(text.tokens):
        same = bool(after.alternatives) and before.alternatives == after.alternatives and before.text != after.text
        row = row + 1 if same else 1
        if row >= _ALIKE:
            return True
    return False


RULE = Rule(
    id="logprobs-impossible",
    area="schema",
    # S63: whoever computes with them gets a number, and a wrong one
    severity=Severity.RISKY,
    summary="log probabilities have values that can't be",
    who_breaks="scores, perplexities and confidence thresholds are wrong without an error",
    hint="let the server take logprobs at each token's own place, and send natural logarithms of probabilities",
    check=check,
    where=has_logprobs,
)
