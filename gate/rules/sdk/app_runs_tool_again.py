"""app-runs-tool-again: after a tool call the connection drops, and the tool is run a second time.

An application that begins the conversation anew pays, books or sends twice; counted by what the server received: a
result of a tool that follows a request without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gate.model import Comparison, Drift, Post, Rule, Severity
from gate.observe.results import has_results
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import runs
from gate.text.plural import count

# By which of them a server, or whoever reads its logs, knows that two requests are one.
_IDS = ("idempotency-key", "x-request-id", "x-client-request-id")


def check(comparison: Comparison) -> Iterator[Drift]:
    """Executions by run, and whether a request that is sent again says so."""
    for pair, call in runs(comparison):
        before, now = _executions(call.golden.posts), _executions(call.candidate.posts)
        if now > before > 0:
            words = f"the tool's result was worked out {count(now, 'time')} instead of {count(before, 'time')}"
            yield pair.drift(
                path="executions", message=words, golden=count(before, "time"), candidate=count(now, "time")
            )
        for first, again in pairwise(call.candidate.posts):
            if has_results(first.body) and first.body == again.body and not _same_id(first, again):
                words = "the request is sent again without an id that stays, so that nobody can tell it from a new one"
                yield pair.drift(
                    path="request.id",
                    message=words,
                    golden="the same id",
                    candidate=_shown(again),
                    severity=Severity.INFO,
                )
                break


def _executions(posts: Sequence[Post]) -> int:
    return sum(has_results(now.body) and not has_results(before.body) for before, now in pairwise(posts))


def _same_id(first: Post, again: Post) -> bool:
    return any(first.headers.get(name, "") == again.headers.get(name) for name in _IDS)


def _shown(post: Post) -> str:
    return "another id" if any(name in post.headers for name in _IDS) else "no id"


RULE = Rule(
    id="app-runs-tool-again",
    area="sdk",
    severity=Severity.BREAKING,
    summary="your application runs a tool again when the connection drops after it",
    who_breaks="whoever is paid, mailed or booked twice",
    hint="keep the tool's result, and send the same request again with an Idempotency-Key that stays",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
