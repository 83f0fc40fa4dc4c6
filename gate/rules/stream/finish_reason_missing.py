"""finish_reason never comes (ST11, ST12), or its key is left out before the end (S18)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Observation, Pair, Rule, Severity
from gate.observe.answer import answered, choices, ended, types
from gate.rules.stream._streams import Stream, is_finish, streams
from gate.wire.shape import indexless, show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Streamed or plain. A stream that has no end of any kind is stream-unfinished's."""
    yield from _plain(comparison)
    for pair, stream, golden in streams(comparison):
        if not all(map(_finished, golden)) or "finish" not in stream.endpoint.ends:
            continue
        lost = [lane for lane in stream.lanes if not stream.of("finish", lane)]
        if lost and stream.undamaged and ended(pair.candidate):
            yield from (_never(pair, stream, lane) for lane in lost)
        elif not lost and _left_out(stream) and not any(map(_left_out, golden)):
            yield pair.drift(
                path=stream.finish_path(next(iter(stream.lanes), 0)),
                message="the key finish_reason is absent, not null, on chunks before the last",
                golden="null",
                candidate="absent",
                # S18: one client in the catalogue tests whether the key exists
                severity=Severity.INFO,
                who_breaks="clients that test whether the key is there instead of whether it has a value",
                hint="let the gateway send finish_reason: null until the end, as the API does",
            )


def _plain(comparison: Comparison) -> Iterator[Drift]:
    known = [choice.finish for golden in comparison.golden for choice in _choices(golden)]
    for pair in comparison.pairs if known and all(known) else ():
        for choice in _choices(pair.candidate):
            # "" is outside the vocabulary: finish-reason-changed reports it
            if not choice.finish and choice.finish != "":
                yield pair.drift(
                    path=choice.finish_path,
                    message="the answer has no finish_reason",
                    golden=" or ".join(sorted(set(map(show, known)))),
                    candidate=show(choice.finish),
                )


def _choices(observation: Observation) -> list[Choice]:
    """The choices of a plain answer that should have a finish_reason."""
    plain = observation.form == "json" and answered(observation)
    return [choice for choice in choices(observation) if plain and is_finish(choice.finish_path)]


def _finished(stream: Stream) -> bool:
    return bool(stream.lanes) and all(stream.of("finish", lane) for lane in stream.lanes)


def _left_out(stream: Stream) -> bool:
    return "missing" in types(stream.observation, indexless(stream.finish_path(0)))


def _never(pair: Pair, stream: Stream, lane: int) -> Drift:
    last = stream.spans[lane][1]
    end = "is empty" if last.kinds == (("empty", lane),) else "has content"
    return pair.drift(
        path=stream.finish_path(lane),
        message=f"finish_reason never comes: the choice's last chunk {end}",
        golden="sent once",
        candidate="never",
        at=last,
    )


RULE = Rule(
    id="finish-reason-missing",
    area="stream",
    # ST11, ST12: clients raise, or take a whole answer for a cut one
    severity=Severity.BREAKING,
    summary="the answer has no finish_reason",
    who_breaks="clients throw that the stream closed before a finish_reason, or take a cut answer for a whole one",
    hint="let the gateway pass the provider's last chunk on, and map its stop reason",
    check=check,
    of_order=True,
)
