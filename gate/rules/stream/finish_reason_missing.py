"""finish_reason never comes (ST11, ST12), or its key is left out before the end (S18)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Observation, Rule, Samples, Severity
from gate.observe.answer import answered, choices, ended, grammar, numbered, types
from gate.rules.stream._streams import Stream, drift, in_finish, judged
from gate.wire.shape import indexless, show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Streamed or plain. A stream that has no end of any kind is stream-unfinished's."""
    golden, candidate = comparison.golden, comparison.candidate
    yield from _plain(golden, candidate)
    for like, stream in judged(golden, candidate):
        if not all(map(_finished, like)) or "finish" not in grammar(stream.found).ends:
            continue
        lost = [lane for lane in stream.lanes if not stream.of("finish", lane)]
        if lost and stream.whole and ended(stream.found):
            yield from (_never(stream, lane) for lane in lost)
        elif not lost and not any(_left_out(g) for g in like) and _left_out(stream):
            message = "the key finish_reason is absent, not null, on chunks before the last"
            path = stream.lane_path(stream.lanes[0]) if stream.lanes else "choices[0].finish_reason"
            yield drift(stream, None, path, message, "null", "absent", Severity.INFO)


def _plain(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    shown = [c.finish for g in golden if g.form == "json" for c in _choices(g)]
    for sample, found in numbered(candidate) if shown and all(shown) else ():
        for choice in _choices(found) if found.form == "json" else ():
            if not choice.finish and choice.finish != "":
                golden_said = " or ".join(sorted({show(said) for said in shown}))
                yield Drift(
                    path=choice.finish_path,
                    message="the answer has no finish_reason",
                    golden=golden_said,
                    candidate=show(choice.finish),
                    sample=sample,
                )


def _choices(found: Observation) -> list[Choice]:
    return [c for c in choices(found) if in_finish(c.finish_path)] if answered(found) else []


def _finished(stream: Stream) -> bool:
    return bool(stream.lanes) and all(stream.of("finish", lane) for lane in stream.lanes)


def _left_out(stream: Stream) -> bool:
    return "missing" in types(stream.found, indexless(stream.lane_path(0)))


def _never(stream: Stream, lane: int) -> Drift:
    last = stream.spans[lane][1]
    how = "its last chunk is empty" if last.kinds == (("empty", lane),) else "its last chunk has content"
    return drift(stream, last, stream.lane_path(lane), f"finish_reason never comes: {how}", "sent once", "never")


RULE = Rule(
    id="finish-reason-missing",
    area="stream",
    severity=Severity.BREAKING,
    summary="the answer never says why it ended",
    who_breaks="clients throw that the stream closed before a finish_reason, or take a cut answer for a whole one",
    hint="let the gateway pass the provider's last chunk on, and map its stop reason",
    check=check,
    of_order=True,
)
