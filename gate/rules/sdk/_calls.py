"""What the SDK rules share: the same call through both versions, and values in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gate.model import APP, Comparison, Drift, Json, Pair, Severity, Transcript
from gate.wire.shape import show


@dataclass(frozen=True, slots=True)
class Call:
    """One way of calling, on both sides."""

    golden: Transcript
    candidate: Transcript


@dataclass(frozen=True, slots=True)
class Told:
    """A difference of one call, before equal ones of several calls become one drift."""

    path: str
    message: str
    golden: str
    candidate: str
    severity: Severity | None = None


def drifts(comparison: Comparison, check: Callable[[Call], Iterator[Told]]) -> Iterator[Drift]:
    """What `check` says of every call that both sides made. What all calls of a sample show alike is one drift; what
    only some show has their names before its path, such as `async.usage`."""
    known = {t.call: t for sample in comparison.golden for t in sample.transcripts if not t.client and t.call != APP}
    for pair in comparison.pairs:
        calls = [Call(known[t.call], t) for t in pair.candidate.transcripts if t.call in known]
        ways: dict[Told, list[str]] = {}
        for call in calls:
            for told in check(call):
                ways.setdefault(told, []).append(call.candidate.call)
        for told, names in ways.items():
            path = told.path if len(names) == len(calls) else f"{'+'.join(names)}.{told.path}"
            yield pair.drift(
                path=path, message=told.message, golden=told.golden, candidate=told.candidate, severity=told.severity
            )


def runs(comparison: Comparison) -> Iterator[tuple[Pair, Call]]:
    """Each run of a team's own client, and its run on the goldens as they are."""
    known = [t for sample in comparison.golden for t in sample.transcripts if t.call == APP]
    for pair in comparison.pairs:
        for transcript in pair.candidate.transcripts:
            if transcript.call == APP and known:
                yield pair, Call(known[0], transcript)


def words(transcript: Transcript) -> str:
    """How a call ended, for a person."""
    if transcript.error:
        status = f" (status {show(transcript.error.status)})" if transcript.error.status is not None else ""
        return f"raises {transcript.error.classes[0]}{status}"
    return {"returned": "returns an answer", "waiting": "still waits when its time is over"}.get(
        transcript.outcome, transcript.detail or transcript.outcome
    )


def seconds(ms: float) -> str:
    """A time as evidence. Tenths: what is beyond them is the machine's, or a pause's random part."""
    return f"{ms / 1000:.1f} s"


def shown(value: Json) -> str:
    """A value as evidence; `absent` where the application finds nothing."""
    return "absent" if value is None else show(value)
