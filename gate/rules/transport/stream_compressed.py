"""An event stream comes compressed (T25)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import numbered
from gate.text.safe import cut


def check(comparison: Comparison) -> Iterator[Drift]:
    """Plain bodies may be compressed (B40); a stream then comes in blocks, or ends early on old HTTP stacks."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(map(_compressed, golden)):
        return
    for sample, found in numbered(candidate):
        if found.ok and _compressed(found):
            label = cut(found.encoding, 40)
            message = f"the event stream is compressed with {label}"
            yield Drift(
                path="headers.content-encoding", message=message, golden="identity", candidate=label, sample=sample
            )


def _compressed(found: Observation) -> bool:
    labelled = found.form == "stream" or found.media_type == "text/event-stream"
    return labelled and found.encoding not in ("", "identity") and found.encoding_true


RULE = Rule(
    id="stream-compressed",
    area="transport",
    severity=Severity.RISKY,
    summary="the event stream is compressed",
    who_breaks="node-fetch 2 ends with ERR_STREAM_PREMATURE_CLOSE; tokens arrive in bursts, as the compressor flushes",
    hint="exclude text/event-stream from compression in the proxy or middleware",
    check=check,
)
