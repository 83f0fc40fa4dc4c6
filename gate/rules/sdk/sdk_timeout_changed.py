"""sdk-timeout-changed: the SDK waits for another time before it gives a request up, by its own word or as measured.

The official SDK for Python sends its read timeout along (`x-stainless-read-timeout`: 600 s if nobody names one), and so
do LiteLLM and others on top of it. The client of that for Node has it as a property; its header `x-stainless-timeout`
can't be compared: openai-node 4 sends milliseconds, and 5 sends seconds, where the request itself names one. What any
SDK does with a timeout that the application names shows in how long it waits for a silent server before it closes the
connection.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity, Transcript
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts, seconds

_HEADER = "x-stainless-read-timeout"
# chosen: of a request that is given up twice, the longer or shorter wait is no accident of a busy machine
_TIMES, _MS, _POSTS = 2.0, 500.0, 2


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls whose first request names another timeout; where one names none, calls that gave requests up after another
    time."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    before, now = _seconds(call.golden), _seconds(call.candidate)
    if before is not None and now is not None and before != now:
        message = f"the SDK waits {_word(before, now)} for an answer, if the application does not say how long"
        yield Told("request.timeout", message, f"{before:g} s", f"{now:g} s")
        return
    old, new = _waits(call.golden), _waits(call.candidate)
    if min(len(old), len(new)) >= _POSTS and (_apart(old, new) or _apart(new, old)):
        message = f"the SDK waits {_word(min(old), min(new))} for an answer than the application asked"
        yield Told("request.timeout", message, seconds(min(old)), seconds(min(new)))


def _word(before: float, now: float) -> str:
    return "less" if now < before else "longer"


def _seconds(transcript: Transcript) -> float | None:
    """What the first request says, else the client."""
    with contextlib.suppress(IndexError, KeyError, ValueError):  # no request, or not in so many words
        return float(transcript.posts[0].headers[_HEADER])
    return transcript.timeout_s


def _waits(transcript: Transcript) -> list[float]:
    """How long each request was waited for that was given up."""
    if transcript.cancelled:
        return []
    return [post.ended_ms for post in transcript.posts if post.ending == "left" and post.ended_ms is not None]


def _apart(short: list[float], long: list[float]) -> bool:
    return min(long) >= max(short) * _TIMES and min(long) >= max(short) + _MS


RULE = Rule(
    id="sdk-timeout-changed",
    area="sdk",
    severity=Severity.RISKY,
    summary="the SDK gives a request up sooner, or later, than the version before",
    who_breaks="long answers that now end in a timeout; with a longer one, workers that wait for a dead route",
    hint="name the timeout in the client",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
