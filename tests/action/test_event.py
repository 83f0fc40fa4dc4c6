"""What started the workflow, and whom it may trust."""

from __future__ import annotations

from typing import Any

import pytest

from gate.action.event import Event, read, refusal


def pull(head: str | None, base: str = "o/r", user: str = "octocat") -> dict[str, Any]:
    repo = {"full_name": head, "fork": True} if head else None
    return {
        "number": 7,
        "pull_request": {
            "number": 7,
            "head": {"repo": repo},
            "base": {"repo": {"full_name": base}},
            "user": {"login": user},
        },
    }


@pytest.mark.parametrize(
    ("name", "payload", "actor", "event"),
    [
        ("push", {}, "octocat", Event("push")),
        ("schedule", {"schedule": "17 4 * * 1"}, "octocat", Event("schedule")),
        ("pull_request", pull("o/r"), "octocat", Event("pull_request", 7, proposed=True)),
        ("pull_request", pull("x/r"), "x", Event("pull_request", 7, proposed=True, fork=True)),
        ("pull_request", pull(None), "x", Event("pull_request", 7, proposed=True, fork=True)),
        (
            "pull_request",
            pull("o/r", user="dependabot[bot]"),
            "octocat",
            Event("pull_request", 7, True, dependabot=True),
        ),
        ("pull_request", pull("o/r"), "dependabot[bot]", Event("pull_request", 7, True, dependabot=True)),
        ("pull_request_review", pull("o/r"), "octocat", Event("pull_request_review", 7, proposed=True)),
        (
            "issue_comment",
            {"issue": {"number": 3, "pull_request": {}}},
            "octocat",
            Event("issue_comment", None, proposed=True),
        ),
        ("push", {}, "dependabot[bot]", Event("push")),
        ("push", {"before": "a" * 40}, "octocat", Event("push", base="a" * 40)),
        ("push", {"before": "0" * 40}, "octocat", Event("push")),  # a new branch
        ("merge_group", {"merge_group": {"base_sha": "b" * 40}}, "octocat", Event("merge_group", base="b" * 40)),
        ("push", {"before": "--output=x"}, "octocat", Event("push")),
        (
            "pull_request",
            {
                "pull_request": {
                    "head": {"repo": {"full_name": "o/r"}},
                    "base": {"repo": {"full_name": "o/r"}, "sha": "c" * 40},
                }
            },
            "octocat",
            Event("pull_request", proposed=True, base="c" * 40),
        ),
        ("pull_request", [], "octocat", Event("pull_request", None, proposed=True)),
        ("pull_request", {"pull_request": "x", "number": "7"}, "octocat", Event("pull_request", None, proposed=True)),
        (
            "pull_request",
            {"pull_request": {"head": [], "base": {"repo": 1}, "user": 2}},
            "o",
            Event("pull_request", None, True),
        ),
    ],
)
def test_events(name: str, payload: Any, actor: str, event: Event) -> None:
    assert read(name, payload, actor) == event


def test_only_events_that_mix_strangers_and_secrets_are_refused() -> None:
    names = ("push", "pull_request", "merge_group", "schedule", "pull_request_target", "workflow_run")
    assert [name for name in names if refusal(Event(name))] == ["pull_request_target", "workflow_run"]
