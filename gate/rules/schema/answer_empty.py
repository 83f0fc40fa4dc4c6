"""An answer without text, calls or refusal where every golden answer says something (S09)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import chain

from gate.endpoints import member, members
from gate.model import MISSING, Choice, Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices, finished, numbered
from gate.observe.request import forces_tool
from gate.wire.shape import show

_FOR_CLIENT = ("_call", "_approval_request")
# tools that the provider runs itself: their items lead to an answer, and are none
_ITS_OWN = frozenset({"function_call", "web_search_call", "file_search_call", "code_interpreter_call", "mcp_call"})
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """Most often hidden reasoning has eaten the token budget, and finish_reason says length."""
    golden, candidate = comparison.golden, comparison.candidate
    # one golden answer that says nothing (a refusal, a filter) shows that the model may choose so
    said = [_said(g, choice) for g in golden if answered(g) for choice in choices(g)]
    if not said or not all(said):
        return
    called = any(choice.tool_calls for g in golden for choice in choices(g))
    for sample, found in numbered(candidate):
        whole = answered(found) and finished(found)
        for choice in choices(found) if whole else ():
            # that a demanded or announced call does not come is told by tool-call-missing
            told = called and (forces_tool(found) or choice.finish in ("tool_calls", "function_call"))
            if not told and _says_nothing(found, choice):
                # new models count hidden reasoning against max_tokens, and spend it all
                eaten = "; reasoning has used up the budget" if choice.reasoning and choice.finish == "length" else ""
                message = f"the answer is empty{eaten}"
                yield Drift(
                    path=choice.content_path,
                    message=message,
                    golden=show(said[0], 80),
                    candidate=show(choice.content, 80),
                    sample=sample,
                )


def _said(found: Observation, choice: Choice) -> str:
    """What a choice says: its text, the calls it makes, or what else it hands to the client."""
    calls = ", ".join(f"a call of {call.name}" for call in choice.tool_calls)
    return _visible(choice.text) or calls or _handed(found, choice)


def _visible(text: str) -> str:
    """The text, empty where a reader sees nothing of it: blanks, controls, zero-width marks."""
    seen = text.strip()
    return seen if any(unicodedata.category(char) not in _UNSEEN for char in seen[:1000]) else ""


def _handed(found: Observation, choice: Choice) -> str:
    """An item for the client to act on, an image or sound: the type of the first, empty without one."""
    body = found.answer.final if found.answer else None
    types = (member(item, "type") for item in members(body, "output"))
    items = (kind for kind in types if isinstance(kind, str) and kind.endswith(_FOR_CLIENT) and kind not in _ITS_OWN)
    messages = (member(c, "message") for c in members(body, "choices") if member(c, "index") == choice.index)
    media = (key for message in messages for key in ("images", "audio") if member(message, key))
    return next(chain(items, media), "")


def _says_nothing(found: Observation, choice: Choice) -> bool:
    # a filter that held the answer back says so in finish_reason
    other = choice.refusal or choice.finish == "content_filter"
    # a message that is missing as a whole is told as a missing field
    return not (_said(found, choice) or other or (choice.content is MISSING and choice.role is MISSING))


RULE = Rule(
    id="answer-empty",
    area="schema",
    severity=Severity.BREAKING,
    summary="the answer says nothing where the golden's speaks or calls a tool",
    who_breaks='applications show a blank reply or raise "empty response from AI"',
    hint="raise the token limit, or turn reasoning off or down on the route",
    check=check,
)
