"""What a comparison has at all, and rules that are not asked without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from gate.judge.compare import Cell, compare
from gate.judge.pairing import observed
from gate.model import Comparison, Drift, Exchange, Samples
from gate.observe.alignment import aligned
from gate.observe.scopes import (
    has_calls,
    has_failures,
    has_passages,
    has_streams,
    has_transcripts,
    has_usage,
    has_vectors,
    is_images,
    is_responses,
)
from gate.rules import rules
from tests.catalogue import Case, _many, cases, reverse
from tests.rules._gateway import call, through
from tests.rules_table import ASK, ASK_TOOL, called, chunk, completion, embedded, plain, refusal, seen, stream

ANSWER = plain(completion())
STREAM = stream(chunk({"role": "assistant", "content": "Hi"}), chunk({}, "stop"))
RESPONSE = plain({"object": "response", "status": "completed", "output": []}, url="/v1/responses")

Scope = Callable[[Comparison], bool]


def compared(golden: Exchange, candidate: Exchange) -> Comparison:
    return aligned(Samples(observed([golden])), Samples(observed([candidate])))


@pytest.mark.parametrize(
    ("scope", "golden", "candidate", "holds"),
    [
        (has_streams, STREAM, STREAM, True),
        (has_streams, STREAM, ANSWER, False),
        (has_streams, ANSWER, STREAM, False),
        (has_failures, ANSWER, refusal(400), True),
        (has_failures, ANSWER, plain({"error": {"message": "no"}}), True),
        (has_failures, ANSWER, STREAM, False),
        (has_calls, plain(completion(), request=ASK_TOOL), ANSWER, True),
        (has_calls, ANSWER, called({"id": "a"}, request=ASK), True),
        (has_calls, ANSWER, stream(chunk({"tool_calls": [{"index": 0}]})), True),
        (has_calls, ANSWER, stream(chunk({"function_call": {"arguments": None}})), True),
        (has_calls, ANSWER, stream(chunk({"tool_calls": "get_weather"})), True),
        (has_calls, ANSWER, ANSWER, False),
        (has_usage, ANSWER, STREAM, True),
        (has_usage, STREAM, stream(chunk({}, x_groq={"usage": {"prompt_tokens": 1}})), True),
        (has_usage, STREAM, STREAM, False),
        (has_vectors, embedded([0.6, 0.8]), ANSWER, True),
        (has_vectors, ANSWER, ANSWER, False),
        (is_images, plain({"data": []}, url="/v1/images/generations"), ANSWER, True),
        (is_images, ANSWER, ANSWER, False),
        (is_responses, RESPONSE, ANSWER, True),
        (is_responses, ANSWER, ANSWER, False),
        (has_transcripts, ANSWER, seen("create"), True),
        (has_transcripts, ANSWER, ANSWER, False),
        (has_passages, through(call({}), body={}), ANSWER, True),
        (has_passages, ANSWER, ANSWER, False),
    ],
)
def test_scope(scope: Scope, golden: Exchange, candidate: Exchange, holds: bool) -> None:
    assert scope(compared(golden, candidate)) is holds


def test_a_rule_is_not_asked_where_its_scope_does_not_hold() -> None:
    def check(_: Comparison) -> Iterator[Drift]:
        yield Drift(path="a", message="m", golden="1", candidate="2")

    cell = Cell("chat", 0, Samples(observed([ANSWER])), Samples(observed([ANSWER])))
    one = next(iter(rules().values()))
    scopes: dict[str, Scope | None] = {"streams": has_streams, "all": None, "never": lambda _: False}
    found, _ = compare(
        [cell], {name: replace(one, id=name, where=scope, check=check) for name, scope in scopes.items()}
    )
    assert [finding.rule for finding in found] == ["all"]


@pytest.mark.untraced  # a sweep over all cases of the catalogue, both ways round
def test_a_rule_has_nothing_to_say_where_its_scope_does_not_hold() -> None:
    scoped = [(rule, rule.where) for rule in rules().values() if rule.where]
    for case in (*cases(), *map(reverse, cases())):
        comparison = aligned(*(Samples(observed(_many(s)), observed(twin)) for s, twin in sides(case)))
        told = [rule.id for rule, where in scoped if not where(comparison) and list(rule.check(comparison))]
        assert not told, (case.why, told)


def sides(case: Case) -> Iterator[tuple[Exchange | Sequence[Exchange], Sequence[Exchange]]]:
    yield case.golden, case.golden_twin
    yield case.candidate, case.candidate_twin
