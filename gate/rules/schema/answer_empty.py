"""An answer without text, calls or refusal where every golden answer has content (S09)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import chain

from gate.endpoints import member, members
from gate.endpoints.responses import is_for_client
from gate.model import MISSING, Choice, Comparison, Drift, Observation, Rule, Severity
from gate.observe.answer import answered, choices, finished, grammar, word
from gate.observe.breaches import read
from gate.observe.request import forces_tool
from gate.wire.shape import show

# Unicode categories of controls and format marks (zero-width joiners). What has no category yet is none of them: newer
# emoji than Python's. https://www.unicode.org/reports/tr44/#General_Category_Values
_INVISIBLE = frozenset({"Cc", "Cf"})


def check(comparison: Comparison) -> Iterator[Drift]:
    """The usual cause: hidden reasoning has used up the token limit, and finish_reason is length."""
    yield from _transcripts(comparison)
    # one empty golden answer (a refusal, a filter) shows that the model may choose so
    contents = [_content(g, choice) for g in comparison.golden if answered(g) for choice in choices(g)]
    if not contents or not all(contents):
        return
    calls = any(choice.tool_calls for g in comparison.golden for choice in choices(g))
    for pair in comparison.pairs:
        whole = answered(pair.candidate) and finished(pair.candidate)
        for choice in choices(pair.candidate) if whole else ():
            # that a demanded or announced call does not come is reported by tool-choice-ignored
            # a finish of tool_calls without a call is an announcement (its row "finish_reason announces
            # a call")
            demanded = forces_tool(pair.candidate) or choice.finish in ("tool_calls", "function_call")
            if _is_empty(pair.candidate, choice) and not (calls and demanded):
                yield pair.drift(
                    path=choice.content_path,
                    message=_message(comparison, choice),
                    golden=show(contents[0], 80),
                    candidate=show(choice.content, 80),
                )


def _transcripts(comparison: Comparison) -> Iterator[Drift]:
    """A transcript of nothing, where every golden sample heard something."""
    for pair in comparison.answers if grammar(comparison.golden[0]).texts.get("text") == "transcript" else ():
        golden, text = [_heard(sample) for sample in pair.golden], _heard(pair.candidate)
        # of a stream without the event that has the text, other rules tell
        ended = pair.candidate.form != "stream" or not pair.candidate.kinds.isdisjoint(grammar(pair.candidate).ends)
        if ended and text == "" and all(golden):
            yield pair.drift(path="text", message="the transcript is empty", golden=show(golden[0], 80), candidate='""')


def _heard(observation: Observation) -> str | None:
    """The text of a transcript without blanks around it; None where it has none."""
    text = member(observation.answer.final, "text") if observation.answer else MISSING
    return text.strip() if isinstance(text, str) else None


def _message(comparison: Comparison, choice: Choice) -> str:
    if not isinstance(choice.content, str | list) and choice.content not in (None, MISSING):
        return f"the answer's content is {word(choice.content)}, so that clients read no text"
    if not choice.reasoning.strip():
        return "the answer is empty"
    # new models count hidden reasoning against max_tokens
    if choice.finish == "length":
        return "the answer is empty; reasoning has used up the token limit"
    reasons = any(c.reasoning.strip() for golden in comparison.golden for c in choices(golden))
    if not reasons or isinstance(read(choice.reasoning).value, dict):
        return "the answer went to the reasoning field; content is empty"
    return "the answer is empty; only the reasoning field has text"


def _is_empty(observation: Observation, choice: Choice) -> bool:
    # a filter that held the answer back says so in finish_reason
    withheld = choice.refusal or choice.finish == "content_filter"
    # a message that is missing as a whole is reported as a missing field
    missing = choice.content is MISSING and choice.role is MISSING
    return not (_content(observation, choice) or withheld or missing)


def _content(observation: Observation, choice: Choice) -> str:
    """The text of a choice, in words the calls that it makes, or what else it hands to the client."""
    calls = ", ".join(f"a call of {call.name}" for call in choice.tool_calls)
    return _visible(choice.text) or calls or _handed(observation, choice)


def _visible(text: str) -> str:
    """The text, empty where a reader sees nothing of it: blanks, controls, zero-width marks."""
    text = text.strip()
    # the first 1,000 characters: a bound on time, so that megabytes of blanks cost nothing
    return text if any(not (c.isspace() or unicodedata.category(c) in _INVISIBLE) for c in text[:1000]) else ""


def _handed(observation: Observation, choice: Choice) -> str:
    """An item for the client to act on, an image or sound: the type of the first, empty without one."""
    body = observation.answer.final if observation.answer else None
    items = (member(item, "type") for item in members(body, "output") if is_for_client(item))
    messages = (member(c, "message") for c in members(body, "choices") if member(c, "index") == choice.index)
    # OpenRouter's images beside an empty content (a row), and OpenAI's audio
    media = (key for message in messages for key in ("images", "audio") if member(message, key))
    return next(chain(items, media), "")


RULE = Rule(
    id="answer-empty",
    area="schema",
    # S09: success without anything to show
    severity=Severity.BREAKING,
    summary="the answer is empty where the golden has text or a tool call",
    who_breaks='applications show a blank reply or raise "empty response from AI"',
    hint="correct the server's reasoning parser if reasoning holds the text; raise the token limit if it is used up",
    check=check,
)
