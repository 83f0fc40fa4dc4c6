"""An answer without text, calls or refusal where every golden answer has text (S09)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Choice, Drift, Rule, Samples, Severity
from gate.questions import answered, choices, numbered
from gate.rules.usage._usage import finished
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Most often hidden reasoning has eaten the token budget, and finish_reason says length."""
    # one golden answer without text (a call, a refusal) shows that the model may choose so
    spoken = [choice.text.strip() for g in golden if answered(g) for choice in choices(g)]
    if not spoken or not all(spoken):
        return
    for sample, found in numbered(candidate):
        for choice in choices(found) if answered(found) and finished(found) else ():
            if _says_nothing(choice):
                # new models count hidden reasoning against max_tokens, and spend it all
                eaten = "; reasoning has used up the budget" if choice.reasoning and choice.finish == "length" else ""
                message = f"the answer is empty{eaten}"
                yield Drift(choice.content_path, message, show(spoken[0], 80), show(choice.content, 80), sample)


def _says_nothing(choice: Choice) -> bool:
    # a filter that held the answer back says so in finish_reason
    other = choice.tool_calls or choice.refusal or choice.finish == "content_filter"
    # a message that is missing as a whole is told as a missing field
    return not choice.text.strip() and not other and not (choice.content is MISSING and choice.role is MISSING)


RULE = Rule(
    id="answer-empty",
    area="schema",
    severity=Severity.BREAKING,
    summary="the answer has no text where the golden's has",
    who_breaks='applications show a blank reply or raise "empty response from AI"',
    hint="raise the token limit, or turn reasoning off or down on the route",
    check=check,
)
