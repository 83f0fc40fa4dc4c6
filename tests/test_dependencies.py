"""`depends_on`: paths that goldens show, and those that are inferred from them."""

from __future__ import annotations

from typing import Any

import pytest

from gate.errors import ConfigError
from gate.judge.compare import Cell
from gate.judge.depends_on import DEPENDS_ON, check_depends_on, dependency_findings, inferred
from gate.judge.pairing import observed
from gate.model import Exchange, Samples, Severity
from tests.rules_table import HELLO, chunk, completion, embedded, plain, refusal, stream


def without_refusal() -> dict[str, Any]:
    body = completion()
    del body["choices"][0]["message"]["refusal"]
    return body


GOLDENS = observed([plain(completion(), headers={"x-request-id": "a"}), stream(*HELLO)])


@pytest.mark.parametrize(
    "path",
    [
        "choices[].message.content",
        "choices[0].message.content",
        "choices[].delta.content",
        "usage.total_tokens",
        "headers.x-request-id",
        "events",
        "events.finish",
    ],
)
def test_a_path_that_a_golden_shows_is_fine(path: str) -> None:
    check_depends_on([path], GOLDENS)


@pytest.mark.parametrize(
    ("path", "fix"),
    [
        ("choices[].message.contents", "did you mean choices[].message.content?"),
        ("usage.tokens", "did you mean usage.total_tokens?"),
        ("zzzz", "contract.yaml lists the paths of a scenario"),
    ],
)
def test_any_other_would_protect_nothing(path: str, fix: str) -> None:
    with pytest.raises(ConfigError, match="no golden shows the path") as caught:
        check_depends_on([path], GOLDENS)
    assert caught.value.fix == fix


def test_without_paths_no_golden_is_looked_at() -> None:
    check_depends_on([], iter([1]))  # type: ignore[arg-type]


def test_what_all_answers_share_and_the_api_documents_is_inferred() -> None:
    extra = plain(completion(made_up=1))
    found = inferred(observed([extra, plain(completion(usage=None)), refusal(401), embedded([0.6, 0.8])]))
    assert "choices[].message.content" in found
    assert "data[].embedding" in found
    assert "usage.total_tokens" in found  # of embeddings; a chat lacks it once
    assert not {"made_up", "usage.completion_tokens", "error"} & set(found)
    assert "system_fingerprint" not in found
    assert inferred(observed([plain({"hello": 1}, url="/v1/made-up")])) == []


# -- judging ------------------------------------------------------------------------------------

PRINTED = completion(system_fingerprint="fp_1")


def cell(golden: Exchange, *candidate: Exchange) -> Cell:
    return Cell("case", 0, Samples(observed([golden])), Samples(observed(candidate)))


@pytest.mark.parametrize(
    ("path", "golden", "candidate", "now"),
    [
        ("system_fingerprint", plain(PRINTED), plain(completion()), "missing"),
        ("system_fingerprint", plain(PRINTED), plain(completion(system_fingerprint=None)), "null"),
        ("choices[].message.refusal", plain(completion()), plain(without_refusal()), "missing"),
        ("choices[].delta.content", stream(*HELLO), stream(*HELLO[:2], chunk({"content": None}), HELLO[3]), "null"),
        ("events.role", stream(*HELLO), stream(*HELLO[1:]), "missing"),
        ("events.done", stream(*HELLO), stream(*HELLO, done=False), "missing"),
        (
            "headers.X-Model-Version",
            plain(completion(), headers={"x-model-version": "1"}),
            plain(completion()),
            "missing",
        ),
    ],
)
def test_what_our_code_reads_is_judged_on_its_own(path: str, golden: Exchange, candidate: Exchange, now: str) -> None:
    (found,) = dependency_findings([path], [cell(golden, candidate)], [])
    assert (found.rule, found.severity, found.candidate) == (DEPENDS_ON, Severity.BREAKING, now)
    assert dependency_findings([path], [cell(golden, golden)], []) == []
    assert dependency_findings([path], [cell(golden, candidate)], [found]) == []  # a rule tells it already


@pytest.mark.parametrize(
    ("path", "golden", "candidate"),
    [
        ("system_fingerprint", plain(completion()), plain(completion())),  # this golden never had it
        ("usage.total_tokens", plain(completion()), refusal(500)),  # no answer at all: success-lost
        ("created", plain(completion()), plain(completion(created=1721172741.5))),  # the schema's to tell
        ("choices[].message.content", plain(completion()), plain(completion({"content": "Other words."}))),
    ],
)
def test_nothing_of_what_our_code_reads_is_gone(path: str, golden: Exchange, candidate: Exchange) -> None:
    assert dependency_findings([path], [cell(golden, candidate)], []) == []
