"""sdk-connection-kept: a connection that the SDK closed is read to its end, or stays open, when the call is over.

An application that leaves a stream wants no more of it; the route notices when the connection is closed. LiteLLM 1.110
and the AI SDK 6 read on after a `break`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity, Transcript
from gate.observe.scopes import has_transcripts
from gate.rules.sdk._calls import Call, Told, drifts

_WORDS = {
    "left": "closed by the client",
    "complete": "read to its end",
    "open": "still open when the call is over",
}


def check(comparison: Comparison) -> Iterator[Drift]:
    """Connections of calls that ended alike."""
    return drifts(comparison, _call)


def _call(call: Call) -> Iterator[Told]:
    before, now = _last(call.golden), _last(call.candidate)
    if before == now or not {before, now} <= _WORDS.keys():
        return
    if call.golden.outcome != call.candidate.outcome or call.golden.outcome == "waiting":
        return  # told as that
    left = call.golden.cancelled and call.candidate.cancelled
    # a client that has read [DONE] may close before the last byte, or not: the clock decides
    if left or "open" in (before, now):
        message = "what becomes of the connection changed: " + (
            "a stream that is left" if left else "a call that is over"
        )
        severity = Severity.INFO if now == "left" else None
        yield Told("request.connection", message, _WORDS[before], _WORDS[now], severity)


def _last(transcript: Transcript) -> str:
    return transcript.posts[-1].ending if transcript.posts else ""


RULE = Rule(
    id="sdk-connection-kept",
    area="sdk",
    severity=Severity.RISKY,
    summary="the SDK no longer closes the connection of a call that is over",
    who_breaks="bills and quotas: the route goes on generating for nobody; servers run out of connections",
    hint="close the stream, or abort the request, in the application itself",
    check=check,
    where=has_transcripts,
    told_at_once=True,
)
