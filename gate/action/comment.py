"""One comment on a pull request, found again by a hidden marker and kept up to date.

https://docs.github.com/rest/issues/comments. Whatever goes wrong is told and never fails the gate: the step summary
has the same text and needs no permission.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from gate.action.hosts import loopback

LIMIT = 65_500  # characters; GitHub refuses more than 65,536
# chosen: 5,000 comments; beyond these a new one is written rather than the API asked for ever.
_PAGES = 50
# The most that GitHub's REST API gives.
_PER_PAGE = 100
# chosen: a page of comments has at most 100 × 65,536 characters.
_MAX = 64 * 1024 * 1024
# Letters, digits, `_`, `-` and `.` are all that GitHub allows in the two names.
REPOSITORY = re.compile(r"[\w-][\w.-]*/[\w.-]+")


class _Stay(urllib.request.HTTPRedirectHandler):
    """The token goes to the one host that it is for."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the comment goes: the REST API (`api_url`), the repository (`owner/name`) and the pull request."""

    api: str
    repository: str
    number: int
    token: str


def post(place: Place, marker: str, markdown: str) -> tuple[bool, str]:
    """Create or update the comment. (whether it is there now, what happened, as a sentence's end); raises nothing."""
    # GITHUB_API_URL comes from the environment; the token must not travel in the clear.
    if urlsplit(place.api).scheme != "https" and not loopback(urlsplit(place.api).hostname or ""):
        return False, "was not written: the API is not on https"
    # It becomes part of the path: `../` in it would call another API with the token.
    if not REPOSITORY.fullmatch(place.repository):
        return False, "was not written: GITHUB_REPOSITORY is not one like owner/name"
    body = f"<!-- {marker} -->\n{markdown}"[:LIMIT]
    try:
        return True, _put(place, marker, body)
    except HTTPError as error:
        error.close()
        # 403 without the permission, 404 where the token may not even see the repository.
        need = ": the job needs `pull-requests: write`, which forks never have" if error.code in (403, 404) else ""
        return False, f"was not written, GitHub answered {error.code}{need}"
    except (
        OSError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        HTTPException,
    ) as error:  # URLError is an OSError
        return False, f"was not written: {type(error).__name__}"


def _put(place: Place, marker: str, body: str) -> str:
    for comment in _comments(place):
        if _own(comment, marker):
            # An edit notifies nobody, but marks the comment as edited; an equal text needs none.
            if comment["body"] == body:
                return "is up to date"
            _call(place, "PATCH", f"issues/comments/{int(comment['id'])}", {"body": body})
            return "was updated"
    _call(place, "POST", f"issues/{place.number}/comments", {"body": body})
    return "was written"


def _comments(place: Place) -> Iterator[Any]:
    for page in range(1, _PAGES + 1):
        comments = _call(place, "GET", f"issues/{place.number}/comments?per_page={_PER_PAGE}&page={page}")
        yield from comments
        if len(comments) < _PER_PAGE:
            return


def _own(comment: Any, marker: str) -> bool:
    """Ours: by a bot, and the marker comes first. A person may quote it anywhere."""
    user = comment.get("user") or {}
    # A person could otherwise post the marker first: that comment the gate may not edit, and it would stay silent.
    return user.get("type") == "Bot" and str(comment.get("body")).startswith(f"<!-- {marker} -->")


def _call(place: Place, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 (the scheme was looked at)
        f"{place.api.rstrip('/')}/repos/{place.repository}/{path}",
        method=method,
        data=json.dumps(body).encode() if body else None,
        headers={
            "accept": "application/vnd.github+json",
            "authorization": f"Bearer {place.token}",
            "content-type": "application/json",
            "user-agent": "swapgate",
            "x-github-api-version": "2022-11-28",
        },
    )
    # chosen: 20 s; the comment is an extra, and a slow API must not hold the job.
    with urllib.request.build_opener(_Stay).open(request, timeout=20) as answer:
        return json.loads(answer.read(_MAX))
