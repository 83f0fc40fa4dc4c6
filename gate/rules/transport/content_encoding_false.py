"""Content-Encoding names a compression that the bytes do not have (T24)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import numbered
from gate.text.safe import cut


def check(comparison: Comparison) -> Iterator[Drift]:
    """Some recorders decompress the body and keep the header: theirs is believed where it labels no golden body."""
    golden, candidate = comparison.golden, comparison.candidate
    if any(map(_false, golden)):
        return
    theirs = all(g.timing.total is None and not g.encoding for g in golden)
    for sample, found in numbered(candidate):
        if _false(found) and (found.timing.total is not None or theirs):
            label = cut(found.encoding, 40)
            message = f"content-encoding says {label}, but the body is not compressed"
            yield Drift(
                path="headers.content-encoding",
                message=message,
                golden="true to the bytes",
                candidate=label,
                sample=sample,
            )


def _false(found: Observation) -> bool:
    return not found.encoding_true


RULE = Rule(
    id="content-encoding-false",
    area="transport",
    severity=Severity.BREAKING,
    summary="the body is not compressed as its content-encoding says",
    who_breaks="fetch, undici, Bun and httpx raise a decoding error on a 200",
    hint="a gateway decompressed the body and forwards the header: let it drop content-encoding and content-length",
    check=check,
)
