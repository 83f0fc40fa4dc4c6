"""Log probabilities that were asked for are missing, or lack what each entry must have (S23)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Field, Observation, Pair, Rule, Severity
from gate.observe.answer import finished
from gate.observe.logprobs import Scored, Token, scored, wanted
from gate.observe.scopes import has_logprobs
from gate.rules.schema._places import first
from gate.rules.schema._violations import forbidden
from gate.wire.paths import name
from gate.wire.shape import indexless, show

_TOKENS = (".logprobs.content", ".logprobs.tokens")  # of chat, of legacy completions


def check(comparison: Comparison) -> Iterator[Drift]:
    """All of them gone is breaking; entries without top_logprobs, or with null for a number, as the schema says."""
    for pair in comparison.answers:
        # unasked they are optional, and null or absent mean the same (B20)
        if wanted(pair.candidate):
            if form := _other_form(pair):
                yield form
                continue
            yield from _missing(pair)
            yield from _incomplete(pair) or _unscored(pair)


def _other_form(pair: Pair) -> Drift | None:
    """Entries in the form of the other API, chat's or the legacy one's: whoever reads the golden's finds none."""
    usual = frozenset.intersection(*map(_lists, pair.golden))
    candidate = sorted(_lists(pair.candidate))
    if not usual or not candidate or not usual.isdisjoint(candidate):
        return None
    return pair.drift(
        path=first(pair.candidate, candidate[0]).path,
        message="logprobs come in the form of another endpoint",
        golden=" or ".join(sorted(map(name, usual))),
        candidate=name(candidate[0]),
    )


def _lists(observation: Observation) -> frozenset[str]:
    return frozenset(path for path in _filled(observation) if path.endswith(_TOKENS))


def _missing(pair: Pair) -> Iterator[Drift]:
    golden = [_said(sample) for sample in pair.golden]
    # an answer of tool calls or nothing has no tokens to give probabilities for
    lost = [text for text in _said(pair.candidate) if not text.tokens] if finished(pair.candidate) else []
    if lost and all(golden) and all(text.tokens for texts in golden for text in texts):
        yield pair.drift(
            path=_place(pair, lost[0]),
            message="logprobs are missing, although the request asks for them",
            golden="an object",
            candidate="none",
        )


def _said(observation: Observation) -> list[Scored]:
    return [text for text in scored(observation) if text.text]


def _place(pair: Pair, lost: Scored) -> str:
    """The first thing that is missing: the object, or its list of tokens."""
    filled = _filled(pair.candidate)
    of = [path for path in _filled(pair.golden[0]) if indexless(lost.path) in path and path not in filled]
    return first(pair.candidate, of[0]).path if of else lost.path


def _incomplete(pair: Pair) -> list[Drift]:
    # a golden whose entries are as incomplete has clients that cope
    excused = {(indexless(v.path), v.keyword) for golden in pair.golden for v in golden.violations}
    return [
        forbidden(
            pair, violation, message=violation.detail, golden="complete entries", candidate=show(violation.value, 80)
        )
        for violation in pair.candidate.violations
        if "logprobs." in violation.path and (indexless(violation.path), violation.keyword) not in excused
    ]


def _unscored(pair: Pair) -> Iterator[Drift]:
    """What no schema describes: entries of legacy completions, responses and transcriptions, and bytes."""
    known = {fault for golden in pair.golden for _, _, fault in _faults(golden)}
    found = {fault: (text, token) for text, token, fault in _faults(pair.candidate) if fault not in known}
    for fault, (text, token) in found.items():
        yield pair.drift(
            path=text.path,
            message=fault,
            golden="complete entries",
            candidate=show(token.logprob if fault == _NO_NUMBER else token.text, 80),
            severity=Severity.RISKY if fault == _NO_BYTES else None,
        )


_NO_TEXT, _NO_NUMBER = "an entry has no text as its token", "an entry has no number as its logprob"
_NO_BYTES = "an entry has something else as its bytes"


def _faults(observation: Observation) -> Iterator[tuple[Scored, Token, str]]:
    for text in scored(observation):
        for place, token in enumerate(text.tokens):
            if not isinstance(token.text, str):
                yield text, token, _NO_TEXT
            # with `echo` the first token of the prompt has no probability; a bool is an int in Python
            first_of_prompt = place == 0 and observation.endpoint == "completions" and token.logprob is None
            if type(token.logprob) not in (int, float) and not first_of_prompt:
                yield text, token, _NO_NUMBER
            if token.spoilt:
                yield text, token, _NO_BYTES


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
    where=has_logprobs,
)
