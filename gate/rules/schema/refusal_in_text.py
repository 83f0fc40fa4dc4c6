"""The golden refuses in `refusal`, and the candidate in the text of the answer (S59)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import Choice, Comparison, Drift, Pair, Rule, Severity
from gate.observe.breaches import read
from gate.observe.request import output
from gate.rules.schema._refusals import refusals
from gate.wire.shape import show


def check(comparison: Comparison) -> Iterator[Drift]:
    """The same words in another place, or words where the request asks for JSON; an answer that complies is none."""
    for pair, choice, said in refusals(comparison):
        if choice.text.strip() and _refuses(pair, choice, said):
            yield pair.drift(
                path=choice.content_path,
                message="the refusal comes as the answer's text, and refusal is empty",
                golden=show(said, 60),
                candidate=show(choice.text, 60),
            )


def _refuses(pair: Pair, choice: Choice, said: str) -> bool:
    asks_json = output(pair.candidate) is not None
    return choice.text.strip() == said.strip() or (asks_json and not isinstance(read(choice.text).value, dict))


RULE = Rule(
    id="refusal-in-text",
    area="schema",
    # S59: the words are there
    severity=Severity.RISKY,
    summary="the model's refusal comes as the text of the answer",
    who_breaks="code that tests `message.refusal` takes the refusal for an answer, and parses it as JSON",
    hint="let the gateway keep `refusal` apart from the text",
    check=check,
)
