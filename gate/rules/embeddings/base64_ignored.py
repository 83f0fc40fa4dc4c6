"""Numbers where the golden sends base64, or the reverse (EM01)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Json, Rule, Severity
from gate.observe.answer import shown, word
from gate.observe.request import asked
from gate.observe.vectors import vectored, vectors
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The first vector in another encoding; what is neither a list nor text is told by vector-type."""
    golden, candidate = comparison.golden, comparison.candidate
    usual = shown(golden, lambda g: map(_form, vectors(g))) - {""}
    for sample, found in vectored(candidate) if usual else ():
        forms = [(i, _form(vector)) for i, vector in enumerate(vectors(found))]
        wrong = [(i, form) for i, form in forms if form and form not in usual]
        if wrong:
            place, now = wrong[0]
            wanted = asked(found, "encoding_format")
            why = f"; {show(wanted, 20)} was asked for" if wanted else ""
            message = f"embedding is {word(vectors(found)[place])}{why}"
            yield Drift(
                path=f"data[{place}].embedding", message=message, golden=min(usual), candidate=now, sample=sample
            )


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
