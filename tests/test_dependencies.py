"""`depends_on`: paths that goldens show, and those that are inferred from them."""

from __future__ import annotations

import pytest

from gate.dependencies import check_depends_on, inferred
from gate.errors import ConfigError
from gate.judge import observed
from tests.rules_table import HELLO, completion, embedded, plain, refusal, stream

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
