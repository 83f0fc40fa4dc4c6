"""sdk-timeout-changed: the SDK waits for another time before it gives a request up, by its own word.

The official SDK for Python sends its read timeout along (`x-stainless-read-timeout`: 600 s if nobody names one), and so
do LiteLLM and others on top of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Post, Rule, Severity
from gate.rules.sdk._calls import Call, Told, drifts

_HEADER = "x-stainless-read-timeout"


def check(comparison: Comparison) -> Iterator[Drift]:
    """Calls whose first request names another timeout. Where one names none, nothing is known of it."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    before, now = _seconds(call.golden.posts), _seconds(call.candidate.posts)
    if before is not None and now is not None and before != now:
        word = "less" if now < before else "longer"
        message = f"the SDK waits {word} for an answer, if the application does not say how long"
        yield Told("request.timeout", message, f"{before:g} s", f"{now:g} s")


def _seconds(posts: tuple[Post, ...]) -> float | None:
    try:
        return float(posts[0].headers[_HEADER])
    except (IndexError, KeyError, ValueError):  # no request, or not in so many words
        return None


RULE = Rule(
    id="sdk-timeout-changed",
    area="sdk",
    severity=Severity.RISKY,
    summary="the SDK gives a request up sooner, or later, than the version before",
    who_breaks="long answers that now end in a timeout; with a longer one, workers that wait for a dead route",
    hint="name the timeout in the client",
    check=check,
    told_at_once=True,
)
