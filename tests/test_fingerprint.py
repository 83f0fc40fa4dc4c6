from __future__ import annotations

import pytest

from gate.judge.fingerprint import fingerprint

KNOWN = fingerprint("finish-reason-changed", "chat.completions", "tool-forced", 0, "choices[0].finish_reason")


def test_a_known_finding_keeps_its_name() -> None:
    """Teams keep these in tickets and tolerances: changing the recipe is a breaking change of ours."""
    assert KNOWN == "bc4b42ff962a"
    assert (
        fingerprint("finish-reason-changed", "chat.completions", "tool-forced", 0, "choices[7].finish_reason") == KNOWN
    )


@pytest.mark.parametrize(
    "other",
    [
        ("finish-reason-missing", "chat.completions", "tool-forced", 0, "choices[0].finish_reason"),
        ("finish-reason-changed", "responses", "tool-forced", 0, "choices[0].finish_reason"),
        ("finish-reason-changed", "chat.completions", "chat", 0, "choices[0].finish_reason"),
        ("finish-reason-changed", "chat.completions", "tool-forced", 1, "choices[0].finish_reason"),
        ("finish-reason-changed", "chat.completions", "tool-forced", 0, "choices[0].index"),
    ],
)
def test_every_part_counts(other: tuple[str, str, str, int, str]) -> None:
    assert fingerprint(*other) != KNOWN


def test_a_path_of_lone_surrogates_has_one_too() -> None:
    assert len(fingerprint("r", "e", "s", 0, "\ud800")) == 12
