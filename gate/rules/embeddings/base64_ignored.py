"""Numbers where the golden sends base64, or the reverse (EM01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Observation, Rule, Severity
from gate.observe.answer import shown, word
from gate.observe.request import asked
from gate.observe.scopes import has_vectors
from gate.observe.vectors import vectored, vectors
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first vector in another encoding; what is neither a list nor text is vector-type's."""
    usual = shown(comparison.golden, _encodings) - {""}
    for pair in vectored(comparison) if usual else ():
        encodings = enumerate(_encodings(pair.candidate))
        wrong = next(((i, encoding) for i, encoding in encodings if encoding and encoding not in usual), None)
        # per vector: a balancer may send one item of a batch to another worker (row "EM01: one item of a batch")
        if wrong:
            position, encoding = wrong
            requested = asked(pair.candidate, "encoding_format")
            why = f"; the request asks for {show(requested, 20)}" if requested else ""
            yield pair.drift(
                path=f"data[{position}].embedding",
                message=f"embedding is {word(vectors(pair.candidate)[position])}{why}",
                golden=min(usual),
                candidate=encoding,
            )


def _encodings(observation: Observation) -> list[str]:
    return [_encoding(vector) for vector in vectors(observation)]


def _encoding(vector: Json) -> str:
    return "base64 text" if isinstance(vector, str) else "a list of numbers" if isinstance(vector, list) else ""


RULE = Rule(
    id="base64-ignored",
    area="embeddings",
    severity=Severity.BREAKING,
    summary="embeddings have another encoding (base64 or numbers) than the golden's",
    who_breaks="openai-node reads a float list as bytes: 768 numbers become 192 near zero, without an error",
    hint="let the gateway honour encoding_format; the official SDKs ask for base64 unless told otherwise",
    check=check,
    where=has_vectors,
)
