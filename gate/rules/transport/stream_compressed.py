"""An event stream comes compressed (T25)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.text.safe import cut


def check(comparison: Comparison) -> Iterator[Drift]:
    """Plain bodies may be compressed (B40); a stream then comes in blocks, or ends early on old HTTP stacks."""
    for pair, label in unseen(comparison, _compression):
        if pair.candidate.ok:
            yield pair.drift(
                path="headers.content-encoding",
                message=f"the event stream is compressed with {label}",
                golden="identity",
                candidate=label,
            )


def _compression(observation: Observation) -> str:
    """The compression of an event stream; "" without one."""
    stream = observation.form == "stream" or observation.media_type == "text/event-stream"
    compressed = observation.encoding != "identity" and observation.encoding_true
    return cut(observation.encoding, 40) if stream and compressed else ""


RULE = Rule(
    id="stream-compressed",
    area="transport",
    # T25: only old HTTP stacks fail, the others get tokens in bursts
    severity=Severity.RISKY,
    summary="the event stream is compressed",
    who_breaks="node-fetch 2 ends with ERR_STREAM_PREMATURE_CLOSE; tokens arrive in bursts, as the compressor flushes",
    hint="exclude text/event-stream from compression in the proxy or middleware",
    check=check,
)
