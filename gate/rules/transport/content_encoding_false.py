"""Content-Encoding names a compression that the bytes do not have (T24)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.alignment import unseen
from gate.text.safe import cut


def check(comparison: Comparison) -> Iterator[Drift]:
    """Some recorders decompress the body and keep the header: theirs counts only where it is on no golden body."""
    trusted = all(golden.timing.total is None and not golden.encoding for golden in comparison.golden)
    for pair, label in unseen(comparison, _false_label):
        if trusted or pair.candidate.timing.total is not None:
            yield pair.drift(
                path="headers.content-encoding",
                message=f"content-encoding says {label}, but the body is not compressed",
                golden="true to the bytes",
                candidate=label,
            )


def _false_label(observation: Observation) -> str:
    return "" if observation.encoding_true else cut(observation.encoding, 40)


RULE = Rule(
    id="content-encoding-false",
    area="transport",
    # T24: a decoding error on a 200, in every client that decompresses
    severity=Severity.BREAKING,
    summary="the body is not compressed as its content-encoding says",
    who_breaks="fetch, undici, Bun and httpx raise a decoding error on a 200",
    hint="a gateway decompressed the body and forwards the header: let it drop content-encoding and content-length",
    check=check,
)
