"""The text has no citations where every golden sample has some (RS21)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Comparison, Drift, Rule, Severity
from gate.observe.answer import choices, grammar
from gate.observe.items import citations
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """Annotations of a text, of chat and of responses, plain and streamed."""
    for pair in comparison.answers:
        choice = next(iter(choices(pair.candidate)), None)
        # an answer that only calls a function has no text to cite for
        if choice and choice.text and all(map(citations, pair.golden)) and not citations(pair.candidate):
            yield pair.drift(
                path="output[].content[].annotations"
                if grammar(pair.candidate).answer_at
                else "choices[0].message.annotations",
                message="the answer cites nothing; every golden sample has annotations",
                golden=show(citations(pair.golden[0])[0], 120),
                candidate=show(choice.text, 80),
            )


RULE = Rule(
    id="citations-lost",
    area="responses",
    # RS21: the text reads as before; what shows its sources shows none
    severity=Severity.RISKY,
    summary="the answer has no citations",
    who_breaks="applications that show sources, and audits that demand one for each claim",
    hint="pass annotations on, in the form of the API that is spoken",
    check=check,
)
