"""An answer without text, calls or refusal where every golden answer says something (S09)."""

from __future__ import annotations

from collections.abc import Iterator

from gate.model import MISSING, Choice, Drift, Rule, Samples, Severity
from gate.questions import answered, choices, forces_tool, numbered
from gate.rules.usage._usage import finished
from gate.wire.shape import show


def check(golden: Samples, candidate: Samples) -> Iterator[Drift]:
    """Most often hidden reasoning has eaten the token budget, and finish_reason says length."""
    # one golden answer that says nothing (a refusal, a filter) shows that the model may choose so
    said = [_said(choice) for g in golden if answered(g) for choice in choices(g)]
    if not said or not all(said):
        return
    called = any(choice.tool_calls for g in golden for choice in choices(g))
    for sample, found in numbered(candidate):
        whole = answered(found) and finished(found)
        for choice in choices(found) if whole else ():
            # that a demanded or announced call does not come is told by tool-call-missing
            told = called and (forces_tool(found) or choice.finish in ("tool_calls", "function_call"))
            if not told and _says_nothing(choice):
                # new models count hidden reasoning against max_tokens, and spend it all
                eaten = "; reasoning has used up the budget" if choice.reasoning and choice.finish == "length" else ""
                message = f"the answer is empty{eaten}"
                yield Drift(choice.content_path, message, show(said[0], 80), show(choice.content, 80), sample)


def _said(choice: Choice) -> str:
    """What a golden choice says: its text, or the calls it makes."""
    return choice.text.strip() or ", ".join(f"a call of {call.name}" for call in choice.tool_calls)


def _says_nothing(choice: Choice) -> bool:
    # a filter that held the answer back says so in finish_reason
    other = choice.tool_calls or choice.refusal or choice.finish == "content_filter"
    # a message that is missing as a whole is told as a missing field
    return not choice.text.strip() and not other and not (choice.content is MISSING and choice.role is MISSING)


RULE = Rule(
    id="answer-empty",
    area="schema",
    severity=Severity.BREAKING,
    summary="the answer says nothing where the golden's speaks or calls a tool",
    who_breaks='applications show a blank reply or raise "empty response from AI"',
    hint="raise the token limit, or turn reasoning off or down on the route",
    check=check,
)
