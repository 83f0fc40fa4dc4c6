"""Log probabilities that were asked for are missing, or lack what each entry must have (S23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Field, Observation, Pair, Rule, Severity
from gate.observe.answer import choices, finished
from gate.observe.request import asked
from gate.rules.schema._places import first
from gate.rules.schema._violations import forbidden
from gate.wire.shape import indexless, show

_TOKENS = (".logprobs.content", ".logprobs.tokens")  # of chat, of legacy completions


def check(comparison: Comparison) -> Iterator[Drift]:
    """All of them gone is breaking; entries without top_logprobs, or with null for a number, as the schema says."""
    for pair in comparison.answers:
        # unasked they are optional, and null or absent mean the same (B20)
        if asked(pair.candidate, "logprobs"):
            yield from _missing(pair)
            yield from _incomplete(pair)


def _missing(pair: Pair) -> Iterator[Drift]:
    filled = _filled(pair.candidate)
    golden = [_filled(sample) for sample in pair.golden]
    lost = [path for path in golden[0] if all(path in paths for paths in golden) and path not in filled]
    # an answer of tool calls or nothing has no tokens to give probabilities for
    if lost and finished(pair.candidate) and any(choice.text for choice in choices(pair.candidate)):
        yield pair.drift(
            path=first(pair.candidate, lost[0]).path,
            message="logprobs are missing, although the request asks for them",
            golden="an object",
            candidate="none",
        )


def _incomplete(pair: Pair) -> Iterator[Drift]:
    # a golden whose entries are as incomplete has clients that cope
    excused = {(indexless(v.path), v.keyword) for golden in pair.golden for v in golden.violations}
    for violation in pair.candidate.violations:
        if "logprobs." in violation.path and (indexless(violation.path), violation.keyword) not in excused:
            value = show(violation.value, 80)
            yield forbidden(pair, violation, message=violation.detail, golden="complete entries", candidate=value)


def _filled(observation: Observation) -> list[str]:
    """The paths of log probabilities that are there: the object, and its list of tokens."""
    return [path for path, field in observation.final_shape.items() if _is_filled(path, field)]


def _is_filled(path: str, field: Field) -> bool:
    kind = "object" if path.endswith(".logprobs") else "array" if path.endswith(_TOKENS) else ""
    return kind in field.types and field.seen > field.empty


RULE = Rule(
    id="logprobs-incomplete",
    area="schema",
    # asked for and absent is breaking; S23's single entries are risky by the schema
    severity=Severity.BREAKING,
    summary="log probabilities are missing or incomplete although the request asks for them",
    who_breaks="scoring and token viewers index logprobs.content and top_logprobs without a check",
    hint="choose a provider that supports logprobs, or stop asking for them",
    check=check,
)
