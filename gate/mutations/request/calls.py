"""How often, and how long, a gateway asks its upstream for one request of a client."""

from __future__ import annotations

from dataclasses import replace

from gate.model import Chunk, Ending, Exchange, Request, Severity
from gate.mutations import Row
from gate.mutations.facts import refused, streamed, timed
from gate.mutations.passages import behind, call, carries, limited, sent_on
from gate.mutations.replies import cut, replied

# longer than the second from which request-queued tells a queue
_HELD_MS = 5_000.0


def refused_locally(exchange: Exchange) -> Exchange | None:
    """The gateway's own validation refuses what the upstream serves."""
    if not carries(exchange):
        return None
    error = {"message": "messages[0].content must not be empty", "type": "invalid_request_error", "param": None}
    return behind(replied(exchange, 400, {"error": {**error, "code": None}}))


def refused_as_upstream_would(exchange: Exchange) -> Exchange | None:
    """The gateway refuses what the upstream refuses too, and saves the way."""
    return behind(exchange) if refused(exchange) else None


def asked_beside(exchange: Exchange) -> Exchange | None:
    """The gateway has its upstream moderate what the user wrote: the bill shows it, the answer does not."""
    if not carries(exchange):
        return None
    refused = replied(exchange, 404, {"error": {"message": "nobody recorded it", "type": "no_recording"}})
    own = Request("POST", "https://upstream.test/v1/moderations", (), b'{"input":"what the user wrote"}')
    unmatched = call(refused, own, 1.0, detail="unmatched no recording answers POST moderations")
    return replace(exchange, upstream=(unmatched, call(exchange, exchange.request)))


def paid_twice(exchange: Exchange) -> Exchange | None:
    """The gateway asks twice for an answer that was whole the first time."""
    return behind(exchange, exchange.request, exchange.request) if carries(exchange) else None


def retried_in_hiding(exchange: Exchange) -> Exchange | None:
    """A failure is asked again and again before the client hears of it: retries of both sides multiply."""
    return _after_limits(exchange, waited_ms=1500.0, times=2)


def retried_in_haste(exchange: Exchange) -> Exchange | None:
    """The upstream is asked again at once, whatever its Retry-After says."""
    return _after_limits(exchange, waited_ms=10.0, times=1)


def _after_limits(exchange: Exchange, waited_ms: float, times: int) -> Exchange | None:
    if not carries(exchange):
        return None
    failures = [limited(exchange, exchange.request, number * waited_ms, 5.0) for number in range(times)]
    return replace(exchange, upstream=(*failures, call(exchange, exchange.request, times * waited_ms)))


def queued(exchange: Exchange) -> Exchange | None:
    """The pool of connections has one place: all but the first request wait until its answer has ended."""
    if not carries(exchange) or not exchange.scenario:
        return None
    waits = _HELD_MS * (exchange.sample > 0)
    held = call(exchange, exchange.request, 2.0 + waits, total_ms=_HELD_MS)
    chunks = tuple(Chunk(chunk.at_ms + waits, chunk.size) for chunk in exchange.chunks)
    return replace(exchange, upstream=(held,), chunks=chunks)


def left_unnoticed(exchange: Exchange) -> Exchange | None:
    """The client leaves, and the upstream goes on to the end: somebody pays for what nobody reads."""
    return _left(exchange, 5_000.0, Ending.COMPLETE)


def left_and_told(exchange: Exchange) -> Exchange | None:
    """The client leaves, and so does the gateway."""
    return _left(exchange, 20.0, Ending.CANCELLED)


def _left(exchange: Exchange, later_ms: float, ending: Ending) -> Exchange | None:
    if exchange.ending is not Ending.CANCELLED or not timed(exchange):
        return None
    total = (exchange.total_ms or 0.0) + later_ms
    return replace(exchange, upstream=(call(exchange, exchange.request, total_ms=total, ending=ending),))


def upstream_left(exchange: Exchange) -> Exchange | None:
    """A timeout of the gateway ends the upstream's answer, while the client waits for the rest."""
    size = len(exchange.response.body) // 2 if exchange.response else 0
    if not carries(exchange) or not streamed(exchange) or not size:
        return None
    left = call(cut(exchange, size, Ending.CANCELLED, "the gateway left"), exchange.request)
    return replace(cut(exchange, size, Ending.CUT, "the gateway closed the connection"), upstream=(left,))


_ANY_CHAT = ("chat", "chat-stream")

MUTATIONS = (
    Row(
        drifts=("RQ17",),
        severity=Severity.BREAKING,
        summary="a gateway refuses what the upstream serves",
        caught_by=("request-not-sent",),
        apply=refused_locally,
        twin=refused_as_upstream_would,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ18",),
        severity=Severity.BREAKING,
        summary="a gateway asks its upstream what nobody asked for",
        caught_by=("request-unrecorded",),
        apply=asked_beside,
        twin=sent_on,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ19",),
        severity=Severity.BREAKING,
        summary="a gateway asks twice for the same answer",
        caught_by=("request-retried",),
        apply=paid_twice,
        twin=sent_on,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ19",),
        severity=Severity.RISKY,
        summary="a gateway retries in hiding",
        caught_by=("request-retried",),
        apply=retried_in_hiding,
        twin=sent_on,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ20",),
        severity=Severity.RISKY,
        summary="the upstream works on after the client has left",
        caught_by=("cancel-not-passed",),
        apply=left_unnoticed,
        twin=left_and_told,
        exercised_by=("client-cancels",),
    ),
    Row(
        drifts=("RQ21",),
        severity=Severity.RISKY,
        summary="a gateway asks again sooner than Retry-After allows",
        caught_by=("retry-after-ignored",),
        apply=retried_in_haste,
        twin=sent_on,
        exercised_by=_ANY_CHAT,
    ),
    Row(
        drifts=("RQ24",),
        severity=Severity.BREAKING,
        summary="a gateway gives up on its upstream before its client does",
        caught_by=("body-cut",),
        apply=upstream_left,
        twin=sent_on,
        exercised_by=("chat-stream",),
    ),
    Row(
        drifts=("RQ25",),
        severity=Severity.RISKY,
        summary="requests wait for each other in the gateway",
        caught_by=("request-queued",),
        apply=queued,
        twin=sent_on,
        exercised_by=_ANY_CHAT,
        needs="samples",
    ),
)
