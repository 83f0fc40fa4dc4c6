"""The comment on a pull request, against a stand-in for GitHub's REST API on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gate.action.comment import Place, post
from tests.action.runner import KEY, TOKEN, step
from tests.action.test_step import PULL, hostile, no_leak, route
from tests.provider import Provider
from tests.test_check import chunkwise, unfinished

MARK = "<!-- swapgate abc -->"


@dataclass
class GitHub:
    """Comments of one pull request. `status` answers everything with it."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    status: int = 0
    garbage: bytes = b""
    location: str = ""


class _Handler(BaseHTTPRequestHandler):
    state: GitHub

    def _reply(self, status: int, document: Any) -> None:
        body = self.state.garbage or json.dumps(document).encode()
        self.send_response(status)
        if self.state.location:
            self.send_header("location", self.state.location)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length", "0")))
        body = json.loads(sent)["body"] if sent else ""
        url = urlsplit(self.path)
        self.state.calls.append(f"{self.command} {url.path}")
        if self.state.status or self.headers["authorization"] != f"Bearer {TOKEN}":
            return self._reply(self.state.status or 403, {"message": "Resource not accessible by integration"})
        if len(body) > 65_536:
            return self._reply(422, {"message": "Body is too long (maximum is 65536 characters)"})
        if self.command == "GET":
            query = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
            start = (query.get("page", 1) - 1) * query.get("per_page", 30)
            return self._reply(200, self.state.comments[start : start + query.get("per_page", 30)])
        if self.command == "POST":
            self.state.comments.append({"id": len(self.state.comments) + 1, "body": body, "user": {"type": "Bot"}})
            return self._reply(201, {})
        number = int(url.path.rpartition("/")[2])
        next(one for one in self.state.comments if one["id"] == number)["body"] = body
        return self._reply(200, {})

    do_GET = do_POST = do_PATCH = _answer

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def github(state: GitHub) -> Iterator[str]:
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)  # it looks for its end so often
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def posted(state: GitHub, text: str = "words", **place: Any) -> str:
    with github(state) as api:
        done, told = post(replace(Place(api, "o/r", 7, TOKEN), **place), "swapgate abc", text)
    assert done != told.startswith("was not")
    return told


def test_created_once_unchanged_and_updated() -> None:
    state = GitHub()
    assert [posted(state, text) for text in ("one", "one", "two")] == ["was written", "is up to date", "was updated"]
    assert [one["body"] for one in state.comments] == [f"{MARK}\ntwo"]
    assert state.calls[-1] == "PATCH /repos/o/r/issues/comments/1"


def test_found_beyond_the_first_hundred() -> None:
    others = [{"id": n, "body": "hello", "user": {"type": "User"}} for n in range(1, 251)]
    state = GitHub([*others, {"id": 999, "body": f"{MARK}\nearlier", "user": {"type": "Bot"}}])
    assert posted(state) == "was updated"
    assert state.comments[-1] == {"id": 999, "body": f"{MARK}\nwords", "user": {"type": "Bot"}}


@pytest.mark.parametrize(
    "stranger",
    [
        {"id": 1, "body": f"{MARK}\nmine now", "user": {"type": "User"}},
        {"id": 1, "body": f"quoted: {MARK}", "user": {"type": "Bot"}},
        {"id": 1, "body": f"{MARK}\nghost", "user": None},
        {"id": 1, "body": None, "user": {"type": "Bot"}},
    ],
)
def test_a_strangers_marker_is_left_alone(stranger: dict[str, Any]) -> None:
    state = GitHub([dict(stranger)])
    assert posted(state) == "was written"
    assert state.comments[0] == stranger


def test_a_long_text_is_cut() -> None:
    state = GitHub()
    assert posted(state, "x" * 10**6) == "was written"


@pytest.mark.parametrize(
    ("state", "place", "says"),
    [
        (GitHub(status=403), {}, "403: the job needs `pull-requests: write`"),
        (GitHub(), {"token": "ghs_wrong"}, "403"),
        (GitHub(status=500), {}, "500"),
        (GitHub(garbage=b"<html>"), {}, "was not written"),
        (GitHub(garbage=b"[1]"), {}, "was not written"),
        (GitHub(), {"repository": "../x"}, "not one like owner/name"),
        (GitHub(), {"api": "http://api.example.com"}, "not on https"),
        (GitHub(), {"api": "http://127.0.0.1:9"}, "was not written"),
    ],
)
def test_nothing_that_goes_wrong_is_raised(state: GitHub, place: dict[str, Any], says: str) -> None:
    assert says in posted(state, **place)


def test_the_token_follows_no_redirect() -> None:
    other = GitHub()
    with github(other) as elsewhere:
        assert "302" in posted(GitHub(status=302, location=f"{elsewhere}/repos/o/r/issues/7/comments"))
    assert other.calls == []


COMMENTING = {"comment": "true", "allowed-hosts": "127.0.0.1", "api-key-env": "CANDIDATE_API_KEY"}


@pytest.mark.usefixtures("way")
def test_the_step_comments_when_asked_to(team: Path, temp: Path) -> None:
    state = GitHub()
    run = {"GITHUB_SERVER_URL": "https://github.example", "GITHUB_RUN_ID": "77"}
    with github(state) as api, route(Provider(seed=2, mutate=hostile)) as env:
        env |= {**run, "GITHUB_API_URL": api}
        found = step(team, temp, COMMENTING, event="pull_request", payload=PULL, env=env)
        assert "the comment was written" in found.log, found.raw
        state.status = 403
        again = step(team, temp, COMMENTING, event="pull_request", payload=PULL, env=env)
        silent = step(team, temp, {**COMMENTING, "annotations": "0"}, event="pull_request", payload=PULL, env=env)
    assert (found.code, again.code) == (1, 1)  # the route's doing, not the comment's
    assert "the comment" not in found.told
    assert "notice: the comment was not written" in again.told
    assert silent.annotations == []
    (comment,) = state.comments
    assert comment["body"].startswith("<!-- swapgate ")
    assert "## swapgate: ❌ drift on candidate" in comment["body"]
    end = "gate.html in the artifact `gate-report-job1-0` of [this run](https://github.example/o/r/actions/runs/77).\n"
    assert comment["body"].endswith(end)
    assert KEY not in comment["body"]
    no_leak(found, temp, KEY, TOKEN)


@pytest.mark.usefixtures("way")
def test_two_uses_in_one_job_have_comments_of_their_own(team: Path, temp: Path) -> None:
    """A route that passes must not paint over the drift of another."""
    config = team / "gate.yaml"
    text = config.read_text().replace("CANDIDATE_", "OTHER_").partition("  candidate:")[2]
    config.write_text(f"{config.read_text()}  other:{text}")
    given = {**COMMENTING, "api-key-env": "CANDIDATE_API_KEY OTHER_API_KEY"}
    state = GitHub()
    drifting = Provider(seed=2, mutate=chunkwise(unfinished))
    with github(state) as api, route(drifting) as env, route() as other:
        env |= {name.replace("CANDIDATE", "OTHER"): value for name, value in other.items()}
        env["GITHUB_API_URL"] = api
        for _ in range(2):  # a push later each finds its own again
            for used in temp.glob("swapgate-uses-*"):
                used.unlink()
            for name in ("candidate", "other"):
                step(team, temp, {**given, "route": name}, event="pull_request", payload=PULL, env=env)
    titles = [one["body"].splitlines()[1] for one in state.comments]
    assert titles == ["## swapgate: ❌ drift on candidate", "## swapgate: ✅ pass on other"]


@pytest.mark.usefixtures("way")
def test_no_comment_without_a_pull_request(team: Path, temp: Path) -> None:
    state = GitHub()
    with github(state) as api:
        found = step(team, temp, {"comment": "true", "mode": "verify"}, env={"GITHUB_API_URL": api})
    assert (found.code, state.calls) == (0, [])
