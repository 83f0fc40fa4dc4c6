"""What started the workflow, as far as trust is concerned. Pure.

https://docs.github.com/actions/reference/events-that-trigger-workflows: pull requests from forks and from Dependabot
get no secrets; `pull_request_target` and `workflow_run` have them, next to code that may be a stranger's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# https://docs.github.com/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions
DEPENDABOT = "dependabot[bot]"
_COMMIT = re.compile("[0-9a-f]{40,64}")
_REFUSED = ("pull_request_target", "workflow_run")


@dataclass(frozen=True, slots=True)
class Event:
    """`number` is the pull request's. `proposed`: the files checked out may be what a pull request proposes. `base` is
    the commit that these files are compared with; empty where the event names none."""

    name: str
    number: int | None = None
    proposed: bool = False
    fork: bool = False
    dependabot: bool = False
    base: str = ""

    @property
    def without_secrets(self) -> str:
        """Who gets no secrets from GitHub, in words; empty where they should be there."""
        if self.fork:
            return "a pull request from a fork"
        return "a pull request by Dependabot" if self.dependabot else ""


def read(name: str, payload: Any, actor: str) -> Event:
    """The event by name and payload; a payload of an unknown shape counts as a pull request where its name does."""
    # GITHUB_EVENT_PATH is a file: a self-hosted runner or a test may have anything there.
    payload = payload if isinstance(payload, dict) else {}
    pull = payload.get("pull_request")
    issue = payload.get("issue")
    # Comments and reviews on a pull request may check out its head as well (`issue_comment`).
    proposed = name.startswith("pull_request") or bool(pull) or (isinstance(issue, dict) and "pull_request" in issue)
    pull = pull if isinstance(pull, dict) else {}
    number = pull.get("number", payload.get("number"))
    return Event(
        name=name,
        number=number if isinstance(number, int) else None,
        proposed=proposed,
        fork=bool(pull) and _fork(pull),
        # The author as well: re-run by a person, the actor is that person, and still there are no secrets.
        dependabot=proposed and DEPENDABOT in (actor, _login(pull.get("user"))),
        base=_base(payload, pull),
    )


def refusal(event: Event) -> str:
    """Why no guarded mode runs on this event; empty when it may."""
    # https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
    if event.name not in _REFUSED:
        return ""
    return (
        f"neither live modes nor `sdk` run on `{event.name}`: it has the secrets, and files of strangers. "
        "Use `pull_request` (a fork's gets the offline `verify`), `merge_group` or `push`"
    )


def _base(payload: dict[str, Any], pull: dict[str, Any]) -> str:
    """The commit before: of a pull request, of a merge queue, or of a push (zeros where that made the branch)."""
    places = ((pull.get("base"), "sha"), (payload.get("merge_group"), "base_sha"), (payload, "before"))
    commits = (str(place.get(name, "")) for place, name in places if isinstance(place, dict))
    return next((commit for commit in commits if _COMMIT.fullmatch(commit) and commit.strip("0")), "")


def _fork(pull: dict[str, Any]) -> bool:
    """The head lies in another repository than the base; a deleted one is null."""
    # not `fork`, which is also true of a team's own repository that began as a fork
    head, base = (_repository(pull.get(side)) for side in ("head", "base"))
    return head.get("full_name") != base.get("full_name")


def _repository(side: Any) -> dict[str, Any]:
    repository = side.get("repo") if isinstance(side, dict) else None
    return repository if isinstance(repository, dict) else {}


def _login(user: Any) -> Any:
    return user.get("login") if isinstance(user, dict) else None
