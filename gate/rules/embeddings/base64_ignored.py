"""Numbers where the golden sends base64, or the reverse (EM01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Drift, Json, Rule, Samples, Severity
from gate.questions import asked, shown, word
from gate.rules.embeddings._vectors import vectored, vectors
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """The encoding of the first vector; what is neither a list nor text is told by vector-type."""
    usual = shown(golden, lambda g: [_form(v) for v in vectors(g)[:1]])
    for sample, found in vectored(candidate):
        now = _form(vectors(found)[0])
        if now and usual and now not in usual:
            wanted = asked(found, "encoding_format")
            message = f"embedding is {word(vectors(found)[0])}" + (
                f"; {show(wanted, 20)} was asked for" if wanted else ""
            )
            yield Drift("data[0].embedding", message, min(usual) or "a vector", now, sample)


def _form(vector: Json) -> str:
    return "base64 text" if isinstance(vector, str) else "a list of numbers" if isinstance(vector, list) else ""


RULE = Rule(
    id="base64-ignored",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="embeddings come in another encoding than base64 or float, whichever the golden has",
    who_breaks="openai-node reads a float list as bytes: 768 numbers become 192 near zero, without an error",
    hint="let the gateway honour encoding_format; the official SDKs ask for base64 unless told otherwise",
    check=check,
)
